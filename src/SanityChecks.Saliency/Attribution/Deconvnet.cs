using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Saliency.Rules;

namespace SanityChecks.Saliency.Attribution;

/// <summary>Deconvnet: dy/dx with g [g > 0] at every ReLU, whatever the activation was (Zeiler and Fergus 2014).</summary>
/// <remarks>Pooling uses the forward pass's maxima. Signed, unscaled, [3, H, W] in the normalised input's space.</remarks>
public sealed class Deconvnet : AttributionMethod
{
    private Deconvnet()
        : base("deconvnet", "Deconvnet", "Zeiler and Fergus 2014", MethodFamily.Rules,
            "the gradient, with the ReLU applied to gradients instead of activations")
    {
    }

    /// <summary>The method.</summary>
    public static Deconvnet Instance { get; } = new();

    /// <inheritdoc/>
    public override string? Obstacle(Network network) => ObstacleWithoutRelu(network);

    /// <inheritdoc/>
    public override IEnumerable<(BackwardRule Rule, Layer Layer)> Gradients(Network network, Layer camLayer) =>
        [(new DeconvnetRule(), network.Input)];

    /// <inheritdoc/>
    public override Tensor Compute(Explanation explanation, ConfiguredMethod configured) =>
        explanation.Gradient(new DeconvnetRule(), explanation.Input);
}
