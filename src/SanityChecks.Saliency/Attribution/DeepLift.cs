using SanityChecks.Compute;
using SanityChecks.Saliency.Parameters;
using SanityChecks.Saliency.Rules;

namespace SanityChecks.Saliency.Attribution;

/// <summary>DeepLIFT: (x - b) times multipliers that pass ReLUs by their gain over a baseline b instead of their slope, the rescale rule
/// (Shrikumar, Greenside and Kundaje 2017).</summary>
/// <remarks>
/// Signed, unscaled, [3, H, W]. A map's sum is y(x) - y(b); what it lacks to rounding is said as <c>completeness_error</c>. Without biases
/// and with b = 0 this is Input x Gradient. It depends on how a network is put together, not only on what it computes.
/// </remarks>
public sealed class DeepLift : AttributionMethod
{
    private DeepLift()
        : base("deep_lift", "DeepLIFT", "Shrikumar et al. 2017", MethodFamily.Rules,
            "the image's difference from a baseline times how much each ReLU passed on of it")
    {
    }

    /// <summary>The method.</summary>
    public static DeepLift Instance { get; } = new();

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; } = [Baseline.Parameter];

    /// <inheritdoc/>
    public override Tensor Compute(Explanation explanation, ConfiguredMethod configured)
    {
        IEngine engine = explanation.Engine;
        Tensor image = explanation.Activation(explanation.Input);
        Tensor baseline = Baseline.Of(configured.Values[Baseline.Parameter.Name], explanation);
        using Tensor difference = engine.AddScaled(image, baseline, -1);
        Tensor multipliers = explanation.FromBaseline(baseline, there => new RescaleRule(there));
        Tensor map = explanation.Keep(engine.Multiply(difference, multipliers));
        explanation.Say(Completeness.ErrorOf(configured, explanation, map, baseline));
        return map;
    }
}
