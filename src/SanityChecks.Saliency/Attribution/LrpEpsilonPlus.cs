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
    {
    }

    /// <summary>The method.</summary>
    public static LrpEpsilonPlus Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "lrp_epsilon_plus";

    /// <inheritdoc/>
    public override string Title => "LRP epsilon plus";

    /// <inheritdoc/>
    public override string Description => "LRP epsilon plus: the z+ rule at convolutions, the epsilon rule at fully connected layers";

    /// <inheritdoc/>
    public override string Source => "Kohlbrenner et al. 2020";

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
        return explanation.Relevance(new PositiveRule(PositiveRule.Stabilizer, FullyConnected: false), explanation.Input);
    }
}
