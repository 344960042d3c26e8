using SanityChecks.Compute;
using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Saliency.Attribution;

/// <summary>Integrated Gradients: (x - b) times the mean gradient on the straight way from a baseline b to the image x (Sundararajan, Taly
/// and Yan 2017, equation 1).</summary>
/// <remarks>
/// The integral is a sum over the middles of equal steps. Signed, unscaled, [3, H, W]. By completeness a map's sum is y(x) - y(b), but for
/// the sum's error, which is said as
/// <c>completeness_error</c>: the map's sum less that difference.
/// </remarks>
public sealed class IntegratedGradients : AttributionMethod
{
    private const string Steps = "steps";

    private IntegratedGradients()
        : base("integrated_gradients", "Integrated Gradients", "Sundararajan et al. 2017", MethodFamily.Gradients,
            "the mean gradient from a baseline to the image, times the difference of the two")
    {
    }

    /// <summary>The method.</summary>
    public static IntegratedGradients Instance { get; } = new();

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; } =
        [new IntegerParameter(Steps, 50, 1, 10_000, "gradients on the way, one pass each"), Baseline.Parameter];

    /// <inheritdoc/>
    public override Tensor Compute(Explanation explanation, ConfiguredMethod configured)
    {
        IEngine engine = explanation.Engine;
        int steps = configured.Values.Integer(Steps);
        Tensor image = explanation.Activation(explanation.Input);
        Tensor baseline = Baseline.Of(configured.Values[Baseline.Parameter.Name], explanation);
        using Tensor difference = engine.AddScaled(image, baseline, -1);
        Tensor mean = explanation.MeanGradient(steps, step => engine.AddScaled(baseline, difference, (float)((step + 0.5) / steps)));
        Tensor map = explanation.Keep(engine.Multiply(difference, mean));
        explanation.Say(Completeness.ErrorOf(configured, explanation, map, baseline));
        return map;
    }
}
