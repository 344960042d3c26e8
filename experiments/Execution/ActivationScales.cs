using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Experiments.Execution;

/// <summary>How large the activations of a batch are, layer by layer, beside the trained network's.</summary>
/// <param name="engine">Has the activations.</param>
/// <param name="trained">The trained network's pass; it must outlive this object.</param>
internal sealed class ActivationScales(IEngine engine, ForwardPass trained)
{
    private readonly Dictionary<Layer, double[]> original = [];

    // Of the largest activation so far: as many new arrays as layers and steps would keep the collector and the system busy.
    private float[] values = [];

    /// <summary>The scale of every layer with weights, for each image.</summary>
    /// <param name="pass">A pass of the same batch; what it shares with the trained network's is not looked at again.</param>
    public IReadOnlyList<(Layer Layer, SimilarityScore[] Images)> Of(ForwardPass pass)
    {
        return [.. pass.Network.WeightLayers.Select(layer =>
        {
            double[] before = Original(layer);
            Tensor now = pass.HandedOn(layer);
            double[] after = now == trained.HandedOn(layer) ? before : RootMeanSquares(now);
            return (layer, before.Zip(after, NetworkHealth.Scale).ToArray());
        })];
    }

    private double[] Original(Layer layer)
    {
        if (!original.TryGetValue(layer, out double[]? known))
        {
            known = RootMeanSquares(trained.HandedOn(layer));
            original.Add(layer, known);
        }

        return known;
    }

    private double[] RootMeanSquares(Tensor activation)
    {
        int count = (int)activation.Shape.Count, images = activation.Shape[0], size = count / images;
        values = values.Length < count ? GC.AllocateUninitializedArray<float>(count) : values;
        engine.Download(activation, values.AsSpan(0, count));
        double[] roots = new double[images];
        Parallel.For(0, images, n =>
        {
            double sum = 0;
            foreach (float value in values.AsSpan(n * size, size))
            {
                sum += (double)value * value;
            }

            roots[n] = Math.Sqrt(sum / size);
        });
        return roots;
    }
}
