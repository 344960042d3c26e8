using SanityChecks.Networks;
using SanityChecks.Saliency.Parameters;
using SanityChecks.Saliency.Rules.Relevance;

namespace SanityChecks.Saliency.Attribution;

/// <summary>Layer-wise relevance propagation by the epsilon rule at every layer (Bach et al. 2015, equation 58; Montavon et al. 2019,
/// section 10.2.2).</summary>
/// <remarks>With epsilon to 0 this is Input x Gradient on networks of ReLUs and maximum pooling.</remarks>
public sealed class LrpEpsilon : RelevanceMethod
{
    private const string Epsilon = "epsilon";

    private LrpEpsilon()
        : base("lrp_epsilon", "LRP epsilon", "Bach et al. 2015", "the logit handed down in proportion to what each input adds to a sum")
    {
    }

    /// <summary>The method.</summary>
    public static LrpEpsilon Instance { get; } = new();

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; } =
        [new NumberParameter(Epsilon, 1e-6, 0, 1e6, "added to each sum's magnitude; absorbs relevance where contributions cancel")];

    /// <inheritdoc/>
    protected override CompositeRule Rule(Explanation explanation, Network network, ConfiguredMethod configured) =>
        Everywhere(new EpsilonRule((float)configured.Values.Number(Epsilon)));
}
