using SanityChecks.Compute;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Saliency.Rules.Relevance;

/// <summary>LRP's z+ rule: relevance goes only to what raises a sum, R_j = sum_i (a_j w_ij)+ R_i / (sum_j (a_j w_ij)+ + b_i+ + epsilon)
/// (Montavon et al. 2017, as zennit has it).</summary>
/// <remarks>
/// An input's negative part counts with the negative weights. The rule forgets the sign of the logit's contributions: it is known to change
/// little when upper layers are randomized (Sixt, Granz and Landgraf 2020).
/// </remarks>
public sealed record PositiveRule : LinearRule
{
    /// <inheritdoc/>
    public override Tensor[] PassBack(Operation operation, in BackwardStep step) =>
        [Divided(operation, step, step.OutputGradient, WeightPart.Positive, WeightPart.Negative)];
}
