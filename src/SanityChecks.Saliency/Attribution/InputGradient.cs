using SanityChecks.Compute;
using SanityChecks.Networks;

namespace SanityChecks.Saliency.Attribution;

/// <summary>The gradient dy/dx of the target's logit (Simonyan et al. 2014, there with the absolute value).</summary>
/// <remarks>No absolute value is taken. Signed, unscaled, [3, H, W] in the normalised input's space.</remarks>
public sealed class InputGradient : AttributionMethod
{
    private InputGradient()
        : base("gradient", "Gradient", "Simonyan et al. 2014", MethodFamily.Gradients,
            "the derivative of the target's logit with respect to the input")
    {
    }

    /// <summary>The method.</summary>
    public static InputGradient Instance { get; } = new();

    /// <inheritdoc/>
    public override IEnumerable<(BackwardRule Rule, Layer Layer)> Gradients(Network network, Layer camLayer) =>
        [(BackwardRule.Derivative, network.Input)];

    /// <inheritdoc/>
    public override Tensor Compute(Explanation explanation, ConfiguredMethod configured) =>
        explanation.Gradient(BackwardRule.Derivative, explanation.Input);
}
