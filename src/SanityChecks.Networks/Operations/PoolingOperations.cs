using SanityChecks.Compute;

namespace SanityChecks.Networks.Operations;

/// <summary>Maximum pooling.</summary>
/// <param name="geometry">Window, stride, padding.</param>
public sealed class MaxPoolOperation(PoolingGeometry geometry) : Operation
{
    /// <inheritdoc/>
    public override Tensor Forward(IEngine engine, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> parameters, Activation fused) =>
        engine.MaxPool(inputs[0], geometry);

    /// <inheritdoc/>
    public override Tensor[] InputGradients(in BackwardStep step) =>
        [step.Engine.MaxPoolInputGradient(step.OutputGradient, step.Inputs[0]!, geometry)];
}

/// <summary>Average pooling.</summary>
/// <param name="geometry">Window, stride, padding.</param>
public sealed class AveragePoolOperation(PoolingGeometry geometry) : Operation
{
    /// <inheritdoc/>
    public override Tensor Forward(IEngine engine, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> parameters, Activation fused) =>
        engine.AveragePool(inputs[0], geometry);

    /// <inheritdoc/>
    public override Tensor[] InputGradients(in BackwardStep step) =>
        [step.Engine.AveragePoolInputGradient(step.OutputGradient, step.Inputs[0]!.Shape, geometry)];
}

/// <summary>Average pooling to a fixed number of rows and columns, whatever the input's size; 1 x 1 is the global average.</summary>
/// <param name="height">Rows of the output.</param>
/// <param name="width">Columns of the output.</param>
public sealed class AdaptiveAveragePoolOperation(int height, int width) : Operation
{
    /// <summary>Whether it gives the mean over all places.</summary>
    public bool IsGlobal => height == 1 && width == 1;

    /// <inheritdoc/>
    public override Tensor Forward(IEngine engine, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> parameters, Activation fused) =>
        engine.AdaptiveAveragePool(inputs[0], height, width);

    /// <inheritdoc/>
    public override Tensor[] InputGradients(in BackwardStep step) =>
        [step.Engine.AdaptiveAveragePoolInputGradient(step.OutputGradient, step.Inputs[0]!.Shape)];
}
