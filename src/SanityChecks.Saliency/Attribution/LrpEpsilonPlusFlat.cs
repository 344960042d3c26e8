using SanityChecks.Networks;
using SanityChecks.Saliency.Rules.Relevance;

namespace SanityChecks.Saliency.Attribution;

/// <summary>Layer-wise relevance propagation as LRP epsilon plus, but at the first convolution by the flat rule, zennit's EpsilonPlusFlat
/// (Lapuschkin et al. 2019).</summary>
public sealed class LrpEpsilonPlusFlat : RelevanceMethod
{
    private LrpEpsilonPlusFlat()
        : base(
            "lrp_epsilon_plus_flat", "LRP epsilon plus flat", "Lapuschkin et al. 2019",
            "as LRP epsilon plus, the first convolution's relevance spread evenly")
    {
    }

    /// <summary>The method.</summary>
    public static LrpEpsilonPlusFlat Instance { get; } = new();

    /// <inheritdoc/>
    protected override CompositeRule Rule(Explanation explanation, Network network, ConfiguredMethod configured) =>
        new(new PositiveRule(), new EpsilonRule(LinearRule.Stabilizer), (FirstConvolution(network), new FlatRule()));
}
