using SanityChecks.Compute;
using SanityChecks.Networks;

namespace SanityChecks.Saliency.Attribution;

/// <summary>Makes one image's map of a layer's channels, of which the positive part is shown.</summary>
/// <param name="image">Its place in the batch.</param>
/// <param name="layer">The layer's channels for it.</param>
/// <param name="map">Zeros, one for each position; gets the map.</param>
internal delegate void ChannelCombination(int image, LayerChannels layer, Span<double> map);

/// <summary>Maps of a layer's size that are made of its channels.</summary>
/// <remarks>
/// Sums are made in double precision on the host, where a layer of 512 channels of 14 x 14 is small. The map is the positive part; a value
/// that is not finite stays so.
/// </remarks>
internal static class ChannelMaps
{
    /// <summary>The channels' weighted sum.</summary>
    /// <param name="explanation">Owns the result.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="weights">[N, channels].</param>
    public static Tensor Weighted(Explanation explanation, Layer layer, double[] weights) =>
        Combined(explanation, layer, readsGradient: false, (n, channels, map) =>
        {
            for (int channel = 0; channel < channels.Count; channel++)
            {
                channels.Add(channel, weights[(n * channels.Count) + channel], map);
            }
        });

    /// <summary>What a function makes of each image's channels.</summary>
    /// <param name="explanation">Owns the result.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="readsGradient">Whether the function is given the gradient, too.</param>
    /// <param name="combine">The function.</param>
    public static Tensor Combined(Explanation explanation, Layer layer, bool readsGradient, ChannelCombination combine)
    {
        Tensor activation = explanation.Activation(layer);
        Shape shape = activation.Shape;
        int channels = shape[1], positions = shape[2] * shape[3], size = channels * positions;
        float[] activations = Values(explanation.Engine, activation);
        float[] gradients = readsGradient
            ? Values(explanation.Engine, explanation.Gradient(BackwardRule.Derivative, layer))
            : [];
        float[] maps = new float[shape[0] * positions];
        Parallel.For(0, shape[0], n =>
        {
            double[] map = new double[positions];
            combine(
                n, new LayerChannels(activations.AsSpan(n * size, size), readsGradient ? gradients.AsSpan(n * size, size) : [], positions),
                map);
            for (int i = 0; i < positions; i++)
            {
                maps[(n * positions) + i] = (float)Math.Max(map[i], 0);
            }
        });
        return explanation.Keep(explanation.Engine.Upload(new Shape(shape[0], 1, shape[2], shape[3]), maps));
    }

    /// <summary>A tensor's values, in host memory.</summary>
    public static float[] Values(IEngine engine, Tensor tensor)
    {
        float[] values = new float[tensor.Shape.Count];
        engine.Download(tensor, values);
        return values;
    }
}
