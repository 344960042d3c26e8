using SanityChecks.Compute;
using SanityChecks.Networks;

namespace SanityChecks.Saliency.Attribution;

/// <summary>Input x Gradient: the normalized input times the gradient of the target's logit, element by element (Shrikumar et al.
/// 2016).</summary>
/// <remarks>Signed, unscaled, [3, H, W]. What counts as input is what the network reads: 0 is the mean color where the normalization takes
/// that off.</remarks>
public sealed class InputXGradient : AttributionMethod
{
    private InputXGradient()
        : base("input_x_gradient", "Input \u00d7 Gradient", "Shrikumar et al. 2016", MethodFamily.Gradients,
            "the gradient times the input that the network reads")
    {
    }

    /// <summary>The method.</summary>
    public static InputXGradient Instance { get; } = new();

    /// <inheritdoc/>
    public override IEnumerable<(BackwardRule Rule, Layer Layer)> Gradients(Network network, Layer camLayer) =>
        [(BackwardRule.Derivative, network.Input)];

    /// <inheritdoc/>
    public override Tensor Compute(Explanation explanation, ConfiguredMethod configured) => explanation.Keep(
        explanation.Engine.Multiply(
            explanation.Activation(explanation.Input), explanation.Gradient(BackwardRule.Derivative, explanation.Input)));
}
