using SanityChecks.Compute;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Saliency.Rules.Relevance;

/// <summary>LRP's alpha-beta rule: what raises a sum gets alpha of its relevance, what lowers it minus beta (Bach et al. 2015, equation
/// 60, as zennit has it).</summary>
/// <param name="Alpha">At least 1.</param>
/// <remarks>Beta is alpha - 1, so that relevance is kept. With alpha 1 this is <see cref="PositiveRule"/>.</remarks>
public sealed record AlphaBetaRule(float Alpha) : LinearRule
{
    /// <inheritdoc/>
    public override Tensor[] PassBack(Operation operation, in BackwardStep step)
    {
        using Tensor raising = Divided(operation, step, step.OutputGradient, WeightPart.Positive, WeightPart.Negative);
        using Tensor lowering = Divided(operation, step, step.OutputGradient, WeightPart.Negative, WeightPart.Positive);

        // alpha raising - (alpha - 1) lowering
        using Tensor difference = step.Engine.AddScaled(raising, lowering, -1);
        return [step.Engine.AddScaled(raising, difference, Alpha - 1)];
    }
}
