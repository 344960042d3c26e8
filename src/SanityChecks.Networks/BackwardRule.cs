using SanityChecks.Compute;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Networks;

/// <summary>How a gradient, or the relevance of an output, goes from a layer's output to its inputs; each kind of operation can have a rule
/// of its own.</summary>
/// <remarks>Without an override an operation passes the derivative. Rules are equal when they are of one kind with the same parameters:
/// passes back are shared by rule.</remarks>
public abstract record BackwardRule
{
    /// <summary>The chain rule.</summary>
    public static BackwardRule Derivative { get; } = new DerivativeRule();

    /// <summary>What the inputs of a layer get, one each; the given tensor itself where it passes unchanged.</summary>
    /// <param name="operation">What the layer computes.</param>
    /// <param name="step">What came to its output, and what it read and gave.</param>
    public Tensor[] PassBack(Operation operation, in BackwardStep step) => operation switch
    {
        ActivationOperation activation => Activation(activation, step),
        ConvolutionOperation convolution => Convolution(convolution, step),
        LinearOperation linear => Linear(linear, step),
        MaxPoolOperation pooling => MaxPool(pooling, step),
        AdaptiveAveragePoolOperation or AveragePoolOperation => AveragePool(operation, step),
        BatchNormOperation normalization => BatchNorm(normalization, step),
        AddOperation addition => Add(addition, step),
        ConcatenateOperation concatenation => Concatenate(concatenation, step),
        FunctionOperation function => Function(function, step),
        ProductOperation product => Product(product, step),
        ScaleOperation scale => Scale(scale, step),
        LocalResponseNormOperation normalization => LocalResponseNorm(normalization, step),
        _ => operation.InputGradients(step),
    };

    /// <summary>Through a ReLU.</summary>
    protected virtual Tensor[] Activation(ActivationOperation operation, in BackwardStep step) => operation.InputGradients(step);

    /// <summary>Through a convolution.</summary>
    protected virtual Tensor[] Convolution(ConvolutionOperation operation, in BackwardStep step) => operation.InputGradients(step);

    /// <summary>Through a fully connected layer.</summary>
    protected virtual Tensor[] Linear(LinearOperation operation, in BackwardStep step) => operation.InputGradients(step);

    /// <summary>Through maximum pooling.</summary>
    protected virtual Tensor[] MaxPool(MaxPoolOperation operation, in BackwardStep step) => operation.InputGradients(step);

    /// <summary>Through average pooling.</summary>
    protected virtual Tensor[] AveragePool(Operation operation, in BackwardStep step) => operation.InputGradients(step);

    /// <summary>Through a batch normalization with fixed statistics.</summary>
    protected virtual Tensor[] BatchNorm(BatchNormOperation operation, in BackwardStep step) => operation.InputGradients(step);

    /// <summary>To the two terms of a sum.</summary>
    protected virtual Tensor[] Add(AddOperation operation, in BackwardStep step) => operation.InputGradients(step);

    /// <summary>To the parts of a concatenation.</summary>
    protected virtual Tensor[] Concatenate(ConcatenateOperation operation, in BackwardStep step) => operation.InputGradients(step);

    /// <summary>Through a function of each element that is no ReLU.</summary>
    protected virtual Tensor[] Function(FunctionOperation operation, in BackwardStep step) => operation.InputGradients(step);

    /// <summary>To the two factors of a product.</summary>
    protected virtual Tensor[] Product(ProductOperation operation, in BackwardStep step) => operation.InputGradients(step);

    /// <summary>Through a scale and shift.</summary>
    protected virtual Tensor[] Scale(ScaleOperation operation, in BackwardStep step) => operation.InputGradients(step);

    /// <summary>Through a normalization over neighboring channels.</summary>
    protected virtual Tensor[] LocalResponseNorm(LocalResponseNormOperation operation, in BackwardStep step) =>
        operation.InputGradients(step);

    private sealed record DerivativeRule : BackwardRule;
}
