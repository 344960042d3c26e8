using SanityChecks.Compute;

namespace SanityChecks.Networks.Operations;

/// <summary>Fully connected layer with weight [O, F] and, usually, a bias [O].</summary>
/// <param name="weight">The weight's shape.</param>
/// <param name="bias">Whether there is a bias.</param>
public sealed class LinearOperation(Shape weight, bool bias = true) : Operation
{
    /// <inheritdoc/>
    public override IReadOnlyList<(string Suffix, Shape Shape)> Parameters { get; } =
        bias ? [("weight", weight), ("bias", new Shape(weight[0]))] : [("weight", weight)];

    /// <summary>Whether there is a bias.</summary>
    public bool HasBias => bias;

    /// <inheritdoc/>
    public override bool FusesActivation => true;

    /// <summary>The same layer with a bias.</summary>
    public LinearOperation WithBias() => new(weight);

    /// <summary>The same layer for another number of outputs.</summary>
    public LinearOperation WithOutputs(int outputs) => new(new Shape(outputs, weight[1]), bias);

    /// <inheritdoc/>
    public override Tensor Forward(IEngine engine, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> parameters, Activation fused) =>
        engine.Linear(inputs[0], parameters[0], parameters.Length > 1 ? parameters[1] : null, fused);

    /// <inheritdoc/>
    public override double[]? Offsets(IReadOnlyList<HostTensor> parameters) =>
        bias ? Array.ConvertAll(parameters[1].Values.ToArray(), value => (double)value) : null;

    /// <inheritdoc/>
    public override Tensor[] InputGradients(in BackwardStep step) =>
        [step.Engine.LinearInputGradient(step.OutputGradient, step.Parameters[0])];

    /// <inheritdoc/>
    public override Tensor?[] ParameterGradients(in BackwardStep step)
    {
        Tensor weightGradient = step.Engine.LinearWeightGradient(step.OutputGradient, step.Inputs[0]!);
        return bias ? [weightGradient, step.Engine.BiasGradient(step.OutputGradient)] : [weightGradient];
    }
}
