using SanityChecks.Networks;
using SanityChecks.Saliency.Rules.Relevance;

namespace SanityChecks.Saliency.Attribution;

/// <summary>Layer-wise relevance propagation by the alpha-beta rule with alpha 2 and beta 1 at convolutions, and the epsilon rule at fully
/// connected layers, zennit's EpsilonAlpha2Beta1 (Bach et al. 2015; Montavon et al. 2019).</summary>
public sealed class LrpAlpha2Beta1 : RelevanceMethod
{
    private LrpAlpha2Beta1()
        : base(
            "lrp_alpha2_beta1", "LRP alpha 2 beta 1", "Bach et al. 2015",
            "what raises a sum counted twice, less what lowers it, at convolutions; the epsilon rule at fully connected layers")
    {
    }

    /// <summary>The method.</summary>
    public static LrpAlpha2Beta1 Instance { get; } = new();

    /// <inheritdoc/>
    protected override CompositeRule Rule(Explanation explanation, Network network, ConfiguredMethod configured) =>
        new(new AlphaBetaRule(2), new EpsilonRule(LinearRule.Stabilizer));
}
