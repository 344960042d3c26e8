using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Saliency.Rules.Relevance;

/// <summary>Layer-wise relevance propagation with a rule for each kind of layer (Montavon et al. 2019, section 10.3).</summary>
/// <param name="Convolutions">How relevance passes convolutions.</param>
/// <param name="FullyConnected">How it passes fully connected layers.</param>
/// <param name="First">A rule of its own for one convolution, that which reads the image; null for none.</param>
/// <remarks>Relevance passes ReLUs and other functions of single elements unchanged, and normalizations over channels; goes to the largest
/// of a pooling window, to the parts of a concatenation as they are, and to what a mean, a sum or a batch normalization adds up in
/// proportion. Of a product the factor that is weighted gets all, the one that weights it nothing (Arras et al. 2017).</remarks>
public sealed record CompositeRule(
    LinearRule Convolutions, LinearRule FullyConnected, (Operation Convolution, LinearRule Rule)? First = null) : BackwardRule
{
    private static readonly EpsilonRule Proportional = new(LinearRule.Stabilizer);

    /// <inheritdoc/>
    protected override Tensor[] Activation(ActivationOperation operation, in BackwardStep step) => [step.OutputGradient];

    /// <inheritdoc/>
    protected override Tensor[] Convolution(ConvolutionOperation operation, in BackwardStep step) =>
        (operation == First?.Convolution ? First.Value.Rule : Convolutions).PassBack(operation, step);

    /// <inheritdoc/>
    protected override Tensor[] Linear(LinearOperation operation, in BackwardStep step) => FullyConnected.PassBack(operation, step);

    /// <inheritdoc/>
    protected override Tensor[] AveragePool(Operation operation, in BackwardStep step) =>
        Proportional.PassBack(operation, step);

    /// <inheritdoc/>
    protected override Tensor[] BatchNorm(BatchNormOperation operation, in BackwardStep step) => Proportional.PassBack(operation, step);

    /// <inheritdoc/>
    protected override Tensor[] Add(AddOperation operation, in BackwardStep step) => Proportional.PassBack(operation, step);

    /// <inheritdoc/>
    protected override Tensor[] Function(FunctionOperation operation, in BackwardStep step) => [step.OutputGradient];

    /// <inheritdoc/>
    protected override Tensor[] LocalResponseNorm(LocalResponseNormOperation operation, in BackwardStep step) => [step.OutputGradient];

    /// <inheritdoc/>
    protected override Tensor[] Scale(ScaleOperation operation, in BackwardStep step) => Proportional.PassBack(operation, step);

    /// <inheritdoc/>
    protected override Tensor[] Product(ProductOperation operation, in BackwardStep step)
    {
        var relevance = new Tensor[2];
        Shape gate = step.Inputs[operation.Gate]!.Shape, weighted = step.Inputs[1 - operation.Gate]!.Shape;
        relevance[operation.Gate] = step.Engine.Upload(gate, new float[gate.Count]);
        relevance[1 - operation.Gate] = weighted == step.OutputGradient.Shape
            ? step.OutputGradient
            : step.Engine.SumTo(step.OutputGradient, weighted);
        return relevance;
    }
}
