using SanityChecks.Compute;
using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Saliency.Attribution;

/// <summary>Smooth Integrated Gradients: the mean of Integrated Gradients of copies of the image with Gaussian noise.</summary>
/// <remarks>
/// The baseline is that of the image without noise (Smilkov et al. 2017, section 3.2, combine the two so). Signed, unscaled, [3, H, W].
/// </remarks>
public sealed class SmoothIntegratedGradients : AttributionMethod
{
    private const string Steps = "steps";

    private SmoothIntegratedGradients()
        : base("smooth_integrated_gradients", "Smooth Integrated Gradients", "Smilkov et al. 2017", MethodFamily.Gradients,
            "the mean of Integrated Gradients of noisy copies of the image")
    {
    }

    /// <summary>The method.</summary>
    public static SmoothIntegratedGradients Instance { get; } = new();

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        .. NoisyCopies.ParametersFor(10), new IntegerParameter(Steps, 20, 1, 10_000, "gradients on the way to each copy, one pass each"),
        Baseline.Parameter,
    ];

    /// <inheritdoc/>
    public override Tensor Compute(Explanation explanation, ConfiguredMethod configured)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        ArgumentNullException.ThrowIfNull(configured);
        IEngine engine = explanation.Engine;
        int samples = configured.Values.Integer(NoisyCopies.Samples), steps = configured.Values.Integer(Steps);
        Tensor baseline = Baseline.Of(configured.Values[Baseline.Parameter.Name], explanation);
        var copies = new NoisyCopies(explanation, configured.Id, configured.Values);
        double[] sums = new double[baseline.Shape.Count];
        float[] differences = new float[sums.Length];
        for (int sample = 0; sample < samples; sample++)
        {
            using Tensor copy = copies.Copy(sample);
            using Tensor difference = engine.AddScaled(copy, baseline, -1);
            engine.Download(difference, differences);
            explanation.ForEachGradient(
                steps, step => engine.AddScaled(baseline, difference, (float)((step + 0.5) / steps)),
                gradient => Parallel.For(0, sums.Length, i => sums[i] += (double)differences[i] * gradient[i]));
        }

        return explanation.Keep(engine.Upload(baseline.Shape, Array.ConvertAll(sums, sum => (float)(sum / samples / steps))));
    }
}
