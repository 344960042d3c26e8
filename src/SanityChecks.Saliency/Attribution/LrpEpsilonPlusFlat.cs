using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Saliency.Rules;

namespace SanityChecks.Saliency.Attribution;

/// <summary>Layer-wise relevance propagation as LRP epsilon plus, but at the first convolution by the flat rule, zennit's EpsilonPlusFlat
/// (Lapuschkin et al. 2019).</summary>
/// <remarks>
/// What is handed down is the target's logit. Batch normalizations must be merged into the convolutions before them first. Unscaled,
/// [3, H, W].
/// </remarks>
public sealed class LrpEpsilonPlusFlat : AttributionMethod
{
    private LrpEpsilonPlusFlat()
        : base("lrp_epsilon_plus_flat", "LRP epsilon plus flat", "Lapuschkin et al. 2019", MethodFamily.Rules,
            "as LRP epsilon plus, the first convolution's relevance spread evenly")
    {
    }

    /// <summary>The method.</summary>
    public static LrpEpsilonPlusFlat Instance { get; } = new();

    /// <inheritdoc/>
    public override string? Obstacle(Network network) => PositiveRule.ObstacleOf(network, Title);

    /// <inheritdoc/>
    public override Tensor Compute(Explanation explanation, ConfiguredMethod configured)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        return explanation.Relevance(
            new PositiveRule(PositiveRule.Stabilizer, FullyConnected: false, explanation.FirstConvolution), explanation.Input);
    }
}
