using SanityChecks.Compute;

namespace SanityChecks.Networks.Operations;

/// <summary>ReLU or ReLU6: where Guided Backprop and Deconvnet differ from the gradient.</summary>
/// <param name="activation">Which of the two.</param>
public sealed class ActivationOperation(Activation activation) : Operation
{
    /// <summary>Which activation it is.</summary>
    public Activation Activation => activation;

    /// <inheritdoc/>
    public override Tensor Forward(IEngine engine, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> parameters, Activation fused) =>
        engine.Activate(inputs[0], activation);

    /// <inheritdoc/>
    public override Tensor[] InputGradients(in BackwardStep step) =>
        [step.Engine.ActivationInputGradient(step.OutputGradient, step.Output!, activation, step.Rule)];
}
