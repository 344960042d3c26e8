using SanityChecks.Compute;

namespace SanityChecks.Saliency.Similarity;

/// <summary>What becomes of a map's channels before it is scored.</summary>
public enum MapChannels
{
    /// <summary>Their signed sum, [H, W].</summary>
    Sum,

    /// <summary>All of them, one below another, [C H, W]: one vector for metrics that do not look at rows and columns.</summary>
    Separate,

    /// <summary>The sum of their magnitudes.</summary>
    AbsSum,

    /// <summary>The largest of their magnitudes.</summary>
    AbsMax,
}

/// <summary>What becomes of a map's values before it is scored, after its channels.</summary>
public enum MapValues
{
    /// <summary>They stay.</summary>
    Signed,

    /// <summary>Their magnitudes.</summary>
    Abs,

    /// <summary>Their positive part.</summary>
    Positive,
}

/// <summary>How a map becomes what is scored.</summary>
/// <param name="Channels">What becomes of channels.</param>
/// <param name="Values">What becomes of values.</param>
public sealed record MapReduction(MapChannels Channels = MapChannels.Sum, MapValues Values = MapValues.Signed)
{
    /// <summary>The map as it is scored, [H, W], or [C H, W] where channels stay separate. Sums are added in channel order in single
    /// precision.</summary>
    /// <param name="map">[H, W] or [C, H, W].</param>
    public SaliencyMap Of(SaliencyMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        SaliencyMap plane = Channels switch
        {
            MapChannels.Separate => new SaliencyMap(new Shape(map.Values.Length / map.Width, map.Width), map.Values.ToArray()),
            MapChannels.AbsSum => Magnitudes(map).SumChannels(),
            MapChannels.AbsMax => LargestMagnitude(map),
            _ => map.SumChannels(),
        };
        return Values switch
        {
            MapValues.Abs => Magnitudes(plane),
            MapValues.Positive => Each(plane, value => value < 0 ? 0 : value),
            _ => plane,
        };
    }

    private static SaliencyMap Magnitudes(SaliencyMap map) => Each(map, Math.Abs);

    private static SaliencyMap Each(SaliencyMap map, Converter<float, float> change) =>
        new(map.Shape, Array.ConvertAll(map.Values.ToArray(), change));

    private static SaliencyMap LargestMagnitude(SaliencyMap map)
    {
        int plane = map.Height * map.Width;
        float[] largest = new float[plane];
        for (int i = 0; i < map.Values.Length; i++)
        {
            // Math.Max keeps a value that is no number, which a comparison would lose.
            largest[i % plane] = Math.Max(largest[i % plane], Math.Abs(map.Values[i]));
        }

        return new SaliencyMap(new Shape(map.Height, map.Width), largest);
    }
}
