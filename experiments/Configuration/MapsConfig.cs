using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Experiments.Configuration;

/// <summary>What is done to maps before they are scored, section <c>maps</c>.</summary>
public sealed record MapsConfig
{
    /// <summary>The resolution of a map enlarged to the input's size.</summary>
    public const string Input = "input";

    /// <summary>The resolution at which a method makes its map before it is enlarged; methods in input space have none.</summary>
    public const string Native = "native";

    private static readonly string[] Resolutions = [Input, Native];

    /// <summary>Keys <c>channels</c> and <c>values</c>.</summary>
    public MapReduction Reduction { get; init; } = new();

    /// <summary>Key <c>resolution</c>: <see cref="Input"/>, and <see cref="Native"/> where it is asked for.</summary>
    public NameList Resolution { get; init; } = [Input];

    /// <summary>The keys with their values.</summary>
    internal IEnumerable<Setting> Settings() =>
    [
        new("maps.channels", [Spelling.Of(Reduction.Channels)], false),
        new("maps.values", [Spelling.Of(Reduction.Values)], false),
        new("maps.resolution", [.. Resolution], true),
    ];

    /// <summary>Reads the section.</summary>
    internal static MapsConfig Read(ConfigSection section)
    {
        var absent = new MapsConfig();
        return new MapsConfig
        {
            Reduction = new MapReduction(
                section.Member("channels", absent.Reduction.Channels), section.Member("values", absent.Reduction.Values)),
            Resolution = section.Names("resolution", absent.Resolution, Resolutions),
        };
    }
}
