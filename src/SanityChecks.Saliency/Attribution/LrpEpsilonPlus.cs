using SanityChecks.Networks;
using SanityChecks.Saliency.Rules.Relevance;

namespace SanityChecks.Saliency.Attribution;

/// <summary>Layer-wise relevance propagation by the z+ rule at convolutions and the epsilon rule at fully connected layers, zennit's
/// EpsilonPlus (Kohlbrenner et al. 2020).</summary>
public sealed class LrpEpsilonPlus : RelevanceMethod
{
    private LrpEpsilonPlus()
        : base(
            "lrp_epsilon_plus", "LRP epsilon plus", "Kohlbrenner et al. 2020",
            "the z+ rule at convolutions, the epsilon rule at fully connected layers")
    {
    }

    /// <summary>The method.</summary>
    public static LrpEpsilonPlus Instance { get; } = new();

    /// <inheritdoc/>
    protected override CompositeRule Rule(Explanation explanation, Network network, ConfiguredMethod configured) =>
        new(new PositiveRule(), new EpsilonRule(LinearRule.Stabilizer));
}
