using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Saliency.Rules;

namespace SanityChecks.Saliency.Attribution;

/// <summary>Guided Backprop: dy/dx with g [output > 0] [g > 0] at every ReLU (Springenberg et al. 2015).</summary>
/// <remarks>Fully connected layers' ReLUs are included. Signed, unscaled, [3, H, W] in the normalised input's space.</remarks>
public sealed class GuidedBackprop : AttributionMethod
{
    private GuidedBackprop()
        : base("guided_backprop", "Guided Backprop", "Springenberg et al. 2015", MethodFamily.Rules,
            "the gradient, with negative gradients dropped at every ReLU")
    {
    }

    /// <summary>The method.</summary>
    public static GuidedBackprop Instance { get; } = new();

    /// <inheritdoc/>
    public override IEnumerable<(BackwardRule Rule, Layer Layer)> Gradients(Network network, Layer camLayer) =>
        [(new GuidedRule(), network.Input)];

    /// <inheritdoc/>
    public override string? Obstacle(Network network) => ObstacleWithoutRelu(network);

    /// <inheritdoc/>
    public override Tensor Compute(Explanation explanation, ConfiguredMethod configured) =>
        explanation.Gradient(new GuidedRule(), explanation.Input);
}
