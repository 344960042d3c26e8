using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Saliency.Rules;

/// <summary>LRP's epsilon rule: R_j = a_j sum_i w_ij R_i / (z_i + epsilon sign(z_i)), where z is the sum with its bias (Bach et al.
/// 2015).</summary>
/// <param name="Epsilon">At least 0, in the units of the sums.</param>
/// <remarks>
/// Of whatever is linear: convolutions, fully connected layers, means, batch normalizations by their fixed statistics. Relevance passes
/// ReLUs unchanged, goes to the largest of a pooling window, to the terms of a sum in proportion, and to the parts of a concatenation as
/// they are.
/// </remarks>
public record EpsilonRule(float Epsilon) : BackwardRule
{
    /// <inheritdoc/>
    protected override Tensor[] Activation(ActivationOperation operation, in BackwardStep step) => [step.OutputGradient];

    /// <inheritdoc/>
    protected override Tensor[] Convolution(ConvolutionOperation operation, in BackwardStep step) => Proportional(operation, step);

    /// <inheritdoc/>
    protected override Tensor[] Linear(LinearOperation operation, in BackwardStep step) => Proportional(operation, step);

    /// <inheritdoc/>
    protected override Tensor[] AveragePool(AdaptiveAveragePoolOperation operation, in BackwardStep step) => Proportional(operation, step);

    /// <inheritdoc/>
    protected override Tensor[] BatchNorm(BatchNormOperation operation, in BackwardStep step) => Proportional(operation, step);

    /// <inheritdoc/>
    protected override Tensor[] Add(AddOperation operation, in BackwardStep step) => Proportional(operation, step);

    /// <summary>Input times the derivative of the sums, each weighted with its relevance over itself.</summary>
    private Tensor[] Proportional(Operation operation, in BackwardStep step)
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
