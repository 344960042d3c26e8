using SanityChecks.Networks;
using SanityChecks.Saliency.Rules.Relevance;

namespace SanityChecks.Saliency.Attribution;

/// <summary>Layer-wise relevance propagation by the z+ rule at every layer (Montavon et al. 2017, deep Taylor decomposition).</summary>
public sealed class LrpZPlus : RelevanceMethod
{
    private LrpZPlus()
        : base("lrp_zplus", "LRP z+", "Montavon et al. 2017", "the logit handed down only to what raises a sum, at every layer")
    {
    }

    /// <summary>The method.</summary>
    public static LrpZPlus Instance { get; } = new();

    /// <inheritdoc/>
    protected override CompositeRule Rule(Explanation explanation, Network network, ConfiguredMethod configured) =>
        Everywhere(new PositiveRule());
}
