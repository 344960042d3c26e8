using SanityChecks.Compute;

namespace SanityChecks.Saliency;

/// <summary>Which axis of a stored map holds the channels.</summary>
public enum MapLayout
{
    /// <summary>[H, W].</summary>
    NoChannels,

    /// <summary>[C, H, W], as PyTorch's tools save.</summary>
    ChannelsFirst,

    /// <summary>[H, W, C], as TensorFlow's tools save.</summary>
    ChannelsLast,
}

/// <summary>What a stored map's shape tells of its layout.</summary>
public static class MapLayouts
{
    // Gray, a pair of signs, RGB, RGB with transparency; a map of a layer's hundreds of channels has no side that tells.
    private const int MostChannels = 4;

    /// <summary>The layout of a shape: of three axes the first or the last holds the channels where it has at most four entries and both
    /// others have more.</summary>
    /// <param name="shape">Any shape.</param>
    /// <returns>The layout; null where there are not two or three axes, or where both or neither of the outer axes may be the
    /// channels.</returns>
    public static MapLayout? Of(Shape shape)
    {
        if (shape.Rank != 3)
        {
            return shape.Rank == 2 ? MapLayout.NoChannels : null;
        }

        bool first = shape[0] <= MostChannels && Math.Min(shape[1], shape[2]) > shape[0];
        bool last = shape[2] <= MostChannels && Math.Min(shape[0], shape[1]) > shape[2];
        return first == last ? null : first ? MapLayout.ChannelsFirst : MapLayout.ChannelsLast;
    }
}
