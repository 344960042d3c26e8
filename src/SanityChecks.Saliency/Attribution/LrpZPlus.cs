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
        : base("lrp_zplus", "LRP z+", "Montavon et al. 2017", MethodFamily.Rules,
            "the logit handed down only to what raises a sum, at every layer")
    {
    }

    /// <summary>The method.</summary>
    public static LrpZPlus Instance { get; } = new();

    /// <inheritdoc/>
    public override string? Obstacle(Network network) => PositiveRule.ObstacleOf(network, Title);

    /// <inheritdoc/>
    public override Tensor Compute(Explanation explanation, ConfiguredMethod configured)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        return explanation.Relevance(new PositiveRule(PositiveRule.Stabilizer, FullyConnected: true), explanation.Input);
    }
}
