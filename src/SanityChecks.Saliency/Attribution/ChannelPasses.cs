using SanityChecks.Compute;

namespace SanityChecks.Saliency.Attribution;

/// <summary>One pass for each channel of the layer that Grad-CAM reads, but for channels that are the same everywhere.</summary>
/// <remarks>Each image's passes are of its own channels, so that its map does not depend on the batch.</remarks>
internal static class ChannelPasses
{
    /// <summary>For each pass the channel of each image; -1 where the image has no more of them.</summary>
    /// <param name="activations">[N, channels, positions].</param>
    /// <param name="shape">The layer's.</param>
    public static IEnumerable<int[]> Of(float[] activations, Shape shape)
    {
        int positions = shape[2] * shape[3];
        int[][] varied = [.. Enumerable.Range(0, shape[0]).Select(n => Enumerable.Range(0, shape[1])
            .Where(channel => IsVaried(activations.AsSpan(((n * shape[1]) + channel) * positions, positions))).ToArray())];
        for (int pass = 0; pass < varied.Max(channels => channels.Length); pass++)
        {
            yield return Array.ConvertAll(varied, channels => pass < channels.Length ? channels[pass] : -1);
        }
    }

    private static bool IsVaried(ReadOnlySpan<float> channel) => channel.ContainsAnyExcept(channel[0]);
}
