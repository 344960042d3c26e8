using SanityChecks.Compute;

namespace SanityChecks.Networks.Operations;

/// <summary>ReLU or ReLU6.</summary>
/// <param name="activation">Which of the two.</param>
public sealed class ActivationOperation(Activation activation) : Operation
{
    /// <summary>Which activation it is.</summary>
    public Activation Activation => activation;

    /// <inheritdoc/>
    public override Tensor Forward(IEngine engine, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> parameters, Activation fused) =>
        engine.Activate(inputs[0], activation);

    /// <inheritdoc/>
    public override Tensor[] InputGradients(in BackwardStep step) => InputGradients(step, Gates.Open);

    /// <summary>The gradient's elements where all of the gates are open, 0 elsewhere.</summary>
    public Tensor[] InputGradients(in BackwardStep step, Gates gates) =>
        [step.Engine.ActivationInputGradient(step.OutputGradient, step.Output!, activation, gates)];
}
