using SanityChecks.Compute;
using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Saliency.Attribution;

/// <summary>SmoothGrad: the mean gradient at copies of the image with Gaussian noise (Smilkov et al. 2017, equation 2).</summary>
/// <remarks>
/// The noise's deviation is a part of the range of the image's own values, largest less smallest over all channels. It is the same at every
/// randomization step: what changes from one map to another is the network. Signed, unscaled, [3, H, W] in the normalized input's space.
/// </remarks>
public sealed class SmoothGrad : AttributionMethod
{
    private const string Samples = "samples", Noise = "noise";

    private SmoothGrad()
    {
    }

    /// <summary>The method.</summary>
    public static SmoothGrad Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "smooth_grad";

    /// <inheritdoc/>
    public override string Title => "SmoothGrad";

    /// <inheritdoc/>
    public override string Description => "SmoothGrad: the mean gradient at noisy copies of the image";

    /// <inheritdoc/>
    public override string Source => "Smilkov et al. 2017";

    /// <inheritdoc/>
    public override bool Signed => true;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        new IntegerParameter(Samples, 50, 1, 10_000, "noisy copies, one pass each"),
        new NumberParameter(Noise, 0.15, 0, 10, "the noise's standard deviation as a part of the range of the image's values"),
    ];

    /// <inheritdoc/>
    public override Tensor Compute(Explanation explanation, ConfiguredMethod configured)
    {
        IEngine engine = explanation.Engine;
        Tensor image = explanation.Activation(explanation.Input);
        float[] values = new float[image.Shape.Count];
        engine.Download(image, values);
        double[] deviations =
            [.. values.Chunk(values.Length / image.Shape[0])
                .Select(one => configured.Values.Number(Noise) * (one.Max() - (double)one.Min()))];
        return explanation.MeanGradient(
            configured.Values.Integer(Samples), sample =>
                engine.Upload(image.Shape, Noisy(values, deviations, sample, explanation.Space, configured)));
    }

    private static float[] Noisy(float[] values, double[] deviations, int sample, InputSpace space, ConfiguredMethod configured)
    {
        int size = values.Length / deviations.Length;
        float[] noisy = new float[values.Length];
        for (int n = 0; n < deviations.Length; n++)
        {
            RandomStream stream = space.Stream(n, configured);
            int first = n * size;
            double deviation = deviations[n];
            Parallel.For(
                0, size, i => noisy[first + i] =
                    (float)(values[first + i] + (deviation * NormalQuantile.At(stream.Uniform(((long)sample * size) + i)))));
        }

        return noisy;
    }
}
