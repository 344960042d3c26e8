namespace SanityChecks.Experiments.Configuration;

/// <summary>Which files of maps are written, key <c>output.maps</c>.</summary>
public enum MapFiles
{
    /// <summary>Pictures to look at.</summary>
    Png,

    /// <summary>The unscaled values, for NumPy.</summary>
    Npy,

    /// <summary>Pictures and values.</summary>
    Both,

    /// <summary>No maps; scores, charts and report are still written.</summary>
    None,
}

/// <summary>What is written besides the scores, section <c>output</c>.</summary>
public sealed record OutputConfig
{
    /// <summary>Key <c>maps</c>.</summary>
    public MapFiles Maps { get; init; } = MapFiles.Png;

    /// <summary>Key <c>maps_for_images</c>: how many images, from the first, get map files; 0 or more.</summary>
    public int MapsForImages { get; init; } = 3;
}
