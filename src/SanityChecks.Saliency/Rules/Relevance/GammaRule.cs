using SanityChecks.Compute;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Saliency.Rules.Relevance;

/// <summary>LRP's gamma rule: the epsilon rule with what raises a sum counted 1 + gamma times (Montavon et al. 2019, section 10.2.2), for
/// inputs of either sign (Andéol et al. 2021, as zennit has it).</summary>
/// <param name="Gamma">At least 0.</param>
/// <remarks>Where a sum is negative, what lowers it counts 1 + gamma times; where it is 0 its relevance goes nowhere.</remarks>
public sealed record GammaRule(float Gamma) : LinearRule
{
    /// <inheritdoc/>
    public override Tensor[] PassBack(Operation operation, in BackwardStep step)
    {
        IEngine engine = step.Engine;
        WeightPart raising = new(1 + Gamma, 1), lowering = new(1, 1 + Gamma);
        using Tensor sums = operation.Forward(engine, [step.Inputs[0]!], step.Parameters, Compute.Activation.None);
        using Tensor up = OfPositive(operation, step, sums, raising, lowering);
        using Tensor turned = engine.AddScaled(sums, sums, -2);
        sums.Dispose();
        using Tensor down = OfPositive(operation, step, turned, lowering, raising);
        return [engine.AddScaled(up, down, 1)];
    }

    /// <summary>Divides the relevance of what is positive.</summary>
    private static Tensor OfPositive(Operation operation, in BackwardStep step, Tensor sums, WeightPart above, WeightPart below)
    {
        using Tensor relevance = step.Engine.ActivationInputGradient(
            step.OutputGradient, sums, Compute.Activation.Relu, Gates.Open);
        return Divided(operation, step, relevance, above, below);
    }
}
