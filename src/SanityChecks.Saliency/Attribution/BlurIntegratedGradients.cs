using SanityChecks.Compute;
using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Saliency.Attribution;

/// <summary>Blur Integrated Gradients: the gradient times the change of the image, summed on the way from the image blurred out to the
/// image (Xu, Venugopalan and Sundararajan 2020).</summary>
/// <remarks>
/// <para>
/// As in PAIR's code (<c>blur_ig.py</c>): widths in equal steps from 0, the sum by their lower ends, the change with the width from a
/// difference of 0.01 pixels; the Gaussian is cut after 4 deviations and 0 beyond the image's border, 0 being what the normalization makes
/// 0. The blurred images and their changes are made in double precision on the host, for every network anew: kept, they would take a
/// hundred times the images' memory.
/// </para>
/// <para>
/// Signed, unscaled, [3, H, W]. By completeness a map's sum is y(x) - y(x blurred the most), but for the sum's error, which is said as
/// <c>completeness_error</c>.
/// </para>
/// </remarks>
public sealed class BlurIntegratedGradients : AttributionMethod
{
    private const string MaxSigma = "max_sigma", Steps = "steps";
    private const double Difference = 0.01;

    private BlurIntegratedGradients()
        : base("blur_ig", "Blur IG", "Xu et al. 2020", MethodFamily.Gradients,
            "the gradient times the image's change, summed while the image comes out of a blur; needs no baseline")
    {
    }

    /// <summary>The method.</summary>
    public static BlurIntegratedGradients Instance { get; } = new();

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        new NumberParameter(MaxSigma, 50, 0.1, 1000, "standard deviation of the widest Gaussian, in pixels"),
        new IntegerParameter(Steps, 100, 1, 10_000, "widths from 0 to that, one pass each"),
    ];

    /// <inheritdoc/>
    public override Tensor Compute(Explanation explanation, ConfiguredMethod configured)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        ArgumentNullException.ThrowIfNull(configured);
        IEngine engine = explanation.Engine;
        Tensor image = explanation.Activation(explanation.Input);
        int steps = configured.Values.Integer(Steps);
        double widest = configured.Values.Number(MaxSigma), step = widest / steps;
        float[] pixels = new float[image.Shape.Count];
        engine.Download(image, pixels);
        double[] changes = [], sums = new double[pixels.Length];
        explanation.ForEachGradient(
            steps, i =>
            {
                double[] blurred = GaussianBlur.Of(pixels, explanation.InputSize, i * step);
                changes = GaussianBlur.Of(pixels, explanation.InputSize, (i * step) + Difference);
                Parallel.For(0, changes.Length, at => changes[at] = (changes[at] - blurred[at]) / Difference);
                return Upload(blurred);
            },
            gradient => Parallel.For(0, sums.Length, at => sums[at] -= step * changes[at] * gradient[at]));
        Tensor map = explanation.Keep(Upload(sums));
        using Tensor start = Upload(GaussianBlur.Of(pixels, explanation.InputSize, widest));
        explanation.Say(Completeness.ErrorOf(configured, explanation, map, start));
        return map;

        Tensor Upload(double[] values) => engine.Upload(image.Shape, Array.ConvertAll(values, value => (float)value));
    }
}
