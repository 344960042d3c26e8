using SanityChecks.Compute;

namespace SanityChecks.Networks.Operations;

/// <summary>Channels of several layers one after another.</summary>
public sealed class ConcatenateOperation : Operation
{
    /// <inheritdoc/>
    public override Tensor Forward(IEngine engine, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> parameters, Activation fused) =>
        engine.Concatenate(inputs);

    /// <inheritdoc/>
    public override Tensor[] InputGradients(in BackwardStep step)
    {
        var gradients = new Tensor[step.Inputs.Length];
        int first = 0;
        for (int i = 0; i < gradients.Length; i++)
        {
            int count = step.Inputs[i]!.Shape[1];
            gradients[i] = step.Engine.SliceChannels(step.OutputGradient, first, count);
            first += count;
        }

        return gradients;
    }
}

/// <summary>[N, C, H, W] as rows [N, C H W].</summary>
public sealed class FlattenOperation : Operation
{
    /// <inheritdoc/>
    public override Tensor Forward(IEngine engine, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> parameters, Activation fused) =>
        engine.Reshape(inputs[0], new Shape(inputs[0].Shape[0], checked((int)(inputs[0].Shape.Count / inputs[0].Shape[0]))));

    /// <inheritdoc/>
    public override Tensor[] InputGradients(in BackwardStep step) => [step.Engine.Reshape(step.OutputGradient, step.Inputs[0]!.Shape)];
}

/// <summary>The sum of two layers, as in a residual block.</summary>
public sealed class AddOperation : Operation
{
    /// <inheritdoc/>
    public override bool FusesActivation => true;

    /// <inheritdoc/>
    public override Tensor Forward(IEngine engine, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> parameters, Activation fused) =>
        engine.Add(inputs[0], inputs[1], fused);

    /// <inheritdoc/>
    public override Tensor[] InputGradients(in BackwardStep step) => [step.OutputGradient, step.OutputGradient];
}

/// <summary>Every second row and column, with channels of zeros before and behind: what a residual block without weights reads of a block
/// that is twice as large (He et al. 2016, option A).</summary>
/// <param name="added">Channels on each side.</param>
public sealed class SubsampleOperation(int added) : Operation
{
    // The maximum of one value is the value.
    private static readonly PoolingGeometry EverySecond = new(1, 2);

    /// <inheritdoc/>
    public override Tensor Forward(IEngine engine, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> parameters, Activation fused)
    {
        Tensor taken = engine.MaxPool(inputs[0], EverySecond);
        if (added == 0)
        {
            return taken;
        }

        var side = new Shape(taken.Shape[0], added, taken.Shape[2], taken.Shape[3]);
        using Tensor owned = taken, zeros = engine.Upload(side, new float[side.Count]);
        return engine.Concatenate([zeros, taken, zeros]);
    }

    /// <inheritdoc/>
    public override Tensor[] InputGradients(in BackwardStep step)
    {
        using Tensor taken = step.Engine.SliceChannels(step.OutputGradient, added, step.Inputs[0]!.Shape[1]);
        return [step.Engine.MaxPoolInputGradient(taken, step.Inputs[0]!, EverySecond)];
    }
}
