using SanityChecks.Compute;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Saliency.Rules.Relevance;

/// <summary>LRP's epsilon rule: R_j = a_j sum_i w_ij R_i / (z_i + epsilon sign(z_i)), where z is the sum with its bias (Bach et al.
/// 2015).</summary>
/// <param name="Epsilon">At least 0, in the units of the sums.</param>
public sealed record EpsilonRule(float Epsilon) : LinearRule
{
    /// <inheritdoc/>
    public override Tensor[] PassBack(Operation operation, in BackwardStep step)
    {
        Tensor[] inputs = Array.ConvertAll(step.Inputs, input => input!);

        // The sum may be stored with its ReLU applied, or not at all.
        using Tensor sums = operation.Forward(step.Engine, inputs, step.Parameters, Compute.Activation.None);
        using Tensor shares = step.Engine.Divide(step.OutputGradient, sums, Epsilon);
        Tensor[] passed = operation.InputGradients(step with { OutputGradient = shares });
        IEngine engine = step.Engine;
        Tensor[] relevance = [.. passed.Zip(inputs, engine.Multiply)];
        foreach (Tensor tensor in passed.Where(tensor => tensor != shares).Distinct())
        {
            tensor.Dispose();
        }

        return relevance;
    }
}
