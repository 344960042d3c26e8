using SanityChecks.Compute;
using SanityChecks.Saliency.Parameters;
using SanityChecks.Saliency.Rules;

namespace SanityChecks.Saliency.Attribution;

/// <summary>Layer-wise relevance propagation by the epsilon rule at every layer (Bach et al. 2015, equation 58; Montavon et al. 2019,
/// section 10.2.2).</summary>
/// <remarks>
/// What is handed down is the target's logit, before any softmax. With epsilon to 0 this is Input x Gradient on networks of ReLUs and
/// maximum pooling. Signed, unscaled, [3, H, W].
/// </remarks>
public sealed class LrpEpsilon : AttributionMethod
{
    private const string Epsilon = "epsilon";

    private LrpEpsilon()
        : base("lrp_epsilon", "LRP epsilon", "Bach et al. 2015", MethodFamily.Rules,
            "the logit handed down in proportion to what each input adds to a sum")
    {
    }

    /// <summary>The method.</summary>
    public static LrpEpsilon Instance { get; } = new();

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; } =
        [new NumberParameter(Epsilon, 1e-6, 0, 1e6, "added to each sum's magnitude; absorbs relevance where contributions cancel")];

    /// <inheritdoc/>
    public override Tensor Compute(Explanation explanation, ConfiguredMethod configured) =>
        explanation.Relevance(new EpsilonRule((float)configured.Values.Number(Epsilon)), explanation.Input);
}
