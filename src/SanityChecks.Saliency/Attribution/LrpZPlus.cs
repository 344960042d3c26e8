using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Saliency.Rules;

namespace SanityChecks.Saliency.Attribution;

/// <summary>Layer-wise relevance propagation by the z+ rule at every layer (Montavon et al. 2017, deep Taylor decomposition).</summary>
/// <remarks>
/// What is handed down is the target's logit. Batch normalizations must be merged into the convolutions before them first. Unscaled,
/// [3, H, W].
/// </remarks>
public sealed class LrpZPlus : AttributionMethod
{
    private LrpZPlus()
    {
    }

    /// <summary>The method.</summary>
    public static LrpZPlus Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "lrp_zplus";

    /// <inheritdoc/>
    public override string Title => "LRP z+";

    /// <inheritdoc/>
    public override string Description => "LRP z+: the logit handed down only to what raises a sum, at every layer";

    /// <inheritdoc/>
    public override string Source => "Montavon et al. 2017";

    /// <inheritdoc/>
    public override MethodFamily Family => MethodFamily.Rules;

    /// <inheritdoc/>
    public override bool Signed => true;

    /// <inheritdoc/>
    public override string? Obstacle(Network network) => PositiveRule.ObstacleOf(network, Title);

    /// <inheritdoc/>
    public override Tensor Compute(Explanation explanation, ConfiguredMethod configured)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        return explanation.Relevance(new PositiveRule(PositiveRule.Stabilizer, FullyConnected: true), explanation.Input);
    }
}
