using SanityChecks.Compute;

namespace SanityChecks.Networks.Operations;

/// <summary>Fully connected layer with weight [O, F] and bias [O].</summary>
/// <param name="weight">The weight's shape.</param>
public sealed class LinearOperation(Shape weight) : Operation
{
    /// <inheritdoc/>
    public override IReadOnlyList<(string Suffix, Shape Shape)> Parameters { get; } = [("weight", weight), ("bias", new Shape(weight[0]))];

    /// <inheritdoc/>
    public override bool FusesActivation => true;

    /// <inheritdoc/>
    public override Tensor Forward(IEngine engine, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> parameters, Activation fused) =>
        engine.Linear(inputs[0], parameters[0], parameters[1], fused);

    /// <inheritdoc/>
    public override double[]? Offsets(IReadOnlyList<HostTensor> parameters) =>
        Array.ConvertAll(parameters[1].Values.ToArray(), value => (double)value);

    /// <inheritdoc/>
    public override Tensor[] InputGradients(in BackwardStep step) =>
        [step.Engine.LinearInputGradient(step.OutputGradient, step.Parameters[0])];

    /// <inheritdoc/>
    public override Tensor?[] ParameterGradients(in BackwardStep step) =>
        [step.Engine.LinearWeightGradient(step.OutputGradient, step.Inputs[0]!), step.Engine.BiasGradient(step.OutputGradient)];
}
