using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Saliency.Rules;

/// <summary>DeepLIFT's rescale rule: at a ReLU not the slope, but what the output gains over the baseline for what the input gains
/// (Shrikumar, Greenside and Kundaje 2017, section 3.5.2).</summary>
/// <param name="Baseline">The baseline's activations, all of them stored.</param>
/// <remarks>
/// A pooling window hands what its maximum gains over the baseline's to the place that has the larger of the two, as captum does; where
/// windows overlap, shares add up. Where an input is the baseline's, the gradient stands in. Of what a
/// product gains each factor gets what it gains times the mean of the other here and for the baseline, which together is all of it
/// (Lundberg and Lee 2017). A normalization over channels passes the gradient, and is not complete. The pass that goes back must have
/// stored all activations, too.
/// </remarks>
public sealed record RescaleRule(ForwardPass Baseline) : BackwardRule
{
    private readonly Dictionary<Operation, Layer> layers =
        Baseline.Network.Layers.Where(layer => layer.Operation is not null).ToDictionary(layer => layer.Operation!);

    /// <inheritdoc/>
    protected override Tensor[] Activation(ActivationOperation operation, in BackwardStep step) => OfGains(operation, step);

    /// <inheritdoc/>
    protected override Tensor[] Function(FunctionOperation operation, in BackwardStep step) => OfGains(operation, step);

    /// <inheritdoc/>
    protected override Tensor[] Product(ProductOperation operation, in BackwardStep step)
    {
        Layer layer = layers[operation];
        using Tensor left = Mean(step, layer, 0), right = Mean(step, layer, 1);
        return [ProductOperation.Weighted(step, right, left.Shape), ProductOperation.Weighted(step, left, right.Shape)];
    }

    /// <summary>Half of what one factor of a product is here and for the baseline, together.</summary>
    private Tensor Mean(in BackwardStep step, Layer layer, int factor)
    {
        using Tensor sum = step.Engine.AddScaled(step.Inputs[factor]!, Baseline[layer.Inputs[factor]], 1);
        return step.Engine.AddScaled(sum, sum, -0.5f);
    }

    private Tensor[] OfGains(Operation operation, in BackwardStep step)
    {
        IEngine engine = step.Engine;
        using Tensor gain = Gain(engine, step.Output!, layers[operation]);
        using Tensor handed = engine.Multiply(step.OutputGradient, gain);
        return [PerGain(operation, step, handed)];
    }

    /// <inheritdoc/>
    protected override Tensor[] MaxPool(MaxPoolOperation operation, in BackwardStep step)
    {
        IEngine engine = step.Engine;
        Layer layer = layers[operation];
        using Tensor gain = Gain(engine, step.Output!, layer);
        using Tensor rise = engine.Activate(gain, Compute.Activation.Relu), fall = engine.AddScaled(gain, rise, -1);
        using Tensor risen = engine.Multiply(step.OutputGradient, rise), fallen = engine.Multiply(step.OutputGradient, fall);
        using Tensor here = operation.InputGradients(step with { OutputGradient = risen })[0];
        using Tensor there = operation.InputGradients(
            step with { OutputGradient = fallen, Inputs = [Baseline[layer.Inputs[0]]] })[0];
        using Tensor handed = engine.AddScaled(here, there, 1);
        return [PerGain(operation, step, handed)];
    }

    private Tensor Gain(IEngine engine, Tensor activation, Layer layer) => engine.AddScaled(activation, Baseline[layer], -1);

    /// <summary>What is handed down, for each unit of what the input gains; the gradient where it gains nothing.</summary>
    private Tensor PerGain(Operation operation, in BackwardStep step, Tensor handed)
    {
        IEngine engine = step.Engine;
        using Tensor gain = Gain(engine, step.Inputs[0]!, layers[operation].Inputs[0]);
        using Tensor ratio = engine.Divide(handed, gain, 0); // 0 where there is no gain: nothing is handed there
        using Tensor gradient = operation.InputGradients(step)[0];
        using Tensor gains = engine.Divide(gain, gain, 0); // 1 where there is any
        using Tensor covered = engine.Multiply(gradient, gains), rest = engine.AddScaled(gradient, covered, -1);
        return engine.AddScaled(ratio, rest, 1);
    }
}
