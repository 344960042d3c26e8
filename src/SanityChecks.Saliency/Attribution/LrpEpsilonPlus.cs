using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Saliency.Rules;

namespace SanityChecks.Saliency.Attribution;

/// <summary>Layer-wise relevance propagation by the z+ rule at convolutions and the epsilon rule elsewhere, zennit's EpsilonPlus
/// (Kohlbrenner et al. 2020).</summary>
/// <remarks>
/// What is handed down is the target's logit. Batch normalizations must be merged into the convolutions before them first. Unscaled,
/// [3, H, W].
/// </remarks>
public sealed class LrpEpsilonPlus : AttributionMethod
{
    private LrpEpsilonPlus()
        : base("lrp_epsilon_plus", "LRP epsilon plus", "Kohlbrenner et al. 2020", MethodFamily.Rules,
            "the z+ rule at convolutions, the epsilon rule at fully connected layers")
    {
    }

    /// <summary>The method.</summary>
    public static LrpEpsilonPlus Instance { get; } = new();

    /// <inheritdoc/>
    public override string? Obstacle(Network network) => PositiveRule.ObstacleOf(network, Title);

    /// <inheritdoc/>
    public override Tensor Compute(Explanation explanation, ConfiguredMethod configured)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        return explanation.Relevance(new PositiveRule(PositiveRule.Stabilizer, FullyConnected: false), explanation.Input);
    }
}
