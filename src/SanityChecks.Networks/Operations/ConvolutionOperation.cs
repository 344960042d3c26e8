using SanityChecks.Compute;

namespace SanityChecks.Networks.Operations;

/// <summary>Convolution with weight [O, C / groups, KH, KW] and, usually, a bias.</summary>
/// <param name="weight">The weight's shape.</param>
/// <param name="geometry">Stride, padding, groups.</param>
/// <param name="bias">Whether there is a bias; a convolution before a batch normalisation has none.</param>
public sealed class ConvolutionOperation(Shape weight, ConvolutionGeometry geometry, bool bias = true) : Operation
{
    /// <inheritdoc/>
    public override IReadOnlyList<(string Suffix, Shape Shape)> Parameters { get; } =
        bias ? [("weight", weight), ("bias", new Shape(weight[0]))] : [("weight", weight)];

    /// <inheritdoc/>
    public override bool FusesActivation => true;

    /// <summary>Whether there is a bias.</summary>
    public bool HasBias => bias;

    /// <summary>The same convolution with a bias.</summary>
    public ConvolutionOperation WithBias() => new(weight, geometry);

    /// <summary>The same convolution with another number of outputs; the filters of groups stay as large as they are.</summary>
    public ConvolutionOperation WithOutputs(int outputs) => new(new Shape([outputs, .. weight.Axes[1..]]), geometry, bias);

    /// <inheritdoc/>
    public override Tensor Forward(IEngine engine, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> parameters, Activation fused) =>
        engine.Convolution(inputs[0], parameters[0], parameters.Length > 1 ? parameters[1] : null, geometry, fused);

    /// <inheritdoc/>
    public override double[]? Offsets(IReadOnlyList<HostTensor> parameters) =>
        bias ? Array.ConvertAll(parameters[1].Values.ToArray(), value => (double)value) : null;

    /// <inheritdoc/>
    public override Tensor[] InputGradients(in BackwardStep step) =>
        [step.Engine.ConvolutionInputGradient(step.OutputGradient, step.Parameters[0], step.Inputs[0]!.Shape, geometry)];

    /// <inheritdoc/>
    public override Tensor?[] ParameterGradients(in BackwardStep step)
    {
        Tensor weightGradient = step.Engine.ConvolutionWeightGradient(step.OutputGradient, step.Inputs[0]!, weight, geometry);
        return bias ? [weightGradient, step.Engine.BiasGradient(step.OutputGradient)] : [weightGradient];
    }
}
