using SanityChecks.Compute;

namespace SanityChecks.Networks.Operations;

/// <summary>Channels of several layers one after another: axis 1 of any number.</summary>
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
            Shape shape = step.Inputs[i]!.Shape;
            int[] start = new int[shape.Rank];
            start[1] = first;
            gradients[i] = step.Engine.Slice(step.OutputGradient, start, shape);
            first += shape[1];
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

        Shape shape = taken.Shape;
        using Tensor owned = taken;
        return engine.Pad(taken, [0, added, 0, 0], new Shape(shape[0], shape[1] + (2 * added), shape[2], shape[3]), 0);
    }

    /// <inheritdoc/>
    public override Tensor[] InputGradients(in BackwardStep step)
    {
        Shape shape = step.OutputGradient.Shape;
        using Tensor taken = step.Engine.Slice(
            step.OutputGradient, [0, added, 0, 0], new Shape(shape[0], step.Inputs[0]!.Shape[1], shape[2], shape[3]));
        return [step.Engine.MaxPoolInputGradient(taken, step.Inputs[0]!, EverySecond)];
    }
}

/// <summary>The values of each image under another shape.</summary>
/// <param name="axes">The result's axes behind the first, which stays N; one may be -1: what is left.</param>
public sealed class ReshapeOperation(params IReadOnlyList<int> axes) : Operation
{
    /// <inheritdoc/>
    public override Tensor Forward(IEngine engine, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> parameters, Activation fused)
    {
        int images = inputs[0].Shape[0], given = axes.Where(axis => axis >= 0).Aggregate(1, (product, axis) => product * axis);
        int left = (int)(inputs[0].Shape.Count / images / Math.Max(given, 1));
        return engine.Reshape(inputs[0], new Shape([images, .. axes.Select(axis => axis >= 0 ? axis : left)]));
    }

    /// <inheritdoc/>
    public override Tensor[] InputGradients(in BackwardStep step) => [step.Engine.Reshape(step.OutputGradient, step.Inputs[0]!.Shape)];
}

/// <summary>The axes in another order.</summary>
/// <param name="axes">Axis k of the result is <paramref name="axes"/>[k] of the input.</param>
public sealed class PermuteOperation(params int[] axes) : Operation
{
    private readonly int[] back = [.. Enumerable.Range(0, axes.Length).Select(axis => Array.IndexOf(axes, axis))];

    /// <inheritdoc/>
    public override Tensor Forward(IEngine engine, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> parameters, Activation fused) =>
        engine.Permute(inputs[0], axes);

    /// <inheritdoc/>
    public override Tensor[] InputGradients(in BackwardStep step) => [step.Engine.Permute(step.OutputGradient, back)];
}

/// <summary>A tensor that no image changes, such as a question about all of them.</summary>
/// <param name="tensor">[1, ...]; repeated for each image.</param>
public sealed class GivenOperation(HostTensor tensor) : Operation
{
    /// <inheritdoc/>
    public override Tensor Forward(IEngine engine, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> parameters, Activation fused) =>
        engine.Expand(tensor, new Shape([inputs[0].Shape[0], .. tensor.Shape.Axes[1..]]));

    /// <inheritdoc/>
    public override Tensor[] InputGradients(in BackwardStep step)
    {
        Shape images = step.Inputs[0]!.Shape;
        return [step.Engine.Upload(images, new float[images.Count])];
    }
}

/// <summary>Some channels of a layer.</summary>
/// <param name="first">The first of them.</param>
/// <param name="count">How many.</param>
public sealed class ChannelsOperation(int first, int count) : Operation
{
    /// <inheritdoc/>
    public override Tensor Forward(IEngine engine, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> parameters, Activation fused)
    {
        Shape shape = inputs[0].Shape;
        return engine.Slice(inputs[0], Start(shape), new Shape([shape[0], count, .. shape.Axes[2..]]));
    }

    /// <inheritdoc/>
    public override Tensor[] InputGradients(in BackwardStep step)
    {
        Shape shape = step.Inputs[0]!.Shape;
        return [step.Engine.Pad(step.OutputGradient, Start(shape), shape, 0)];
    }

    private int[] Start(Shape shape)
    {
        int[] start = new int[shape.Rank];
        start[1] = first;
        return start;
    }
}

/// <summary>Rows and columns of one value around each plane.</summary>
public sealed class PadOperation : Operation
{
    private readonly Func<int, int, (int Top, int Left, int Bottom, int Right)> around;
    private readonly float value;

    /// <summary>As many as are given.</summary>
    /// <param name="top">Rows above, at least 0, as all others.</param>
    /// <param name="left">Columns on the left.</param>
    /// <param name="bottom">Rows below.</param>
    /// <param name="right">Columns on the right.</param>
    /// <param name="value">What stands there; <see cref="float.NegativeInfinity"/> before maximum pooling.</param>
    public PadOperation(int top, int left, int bottom, int right, float value = 0)
        : this((_, _) => (top, left, bottom, right), value)
    {
    }

    private PadOperation(Func<int, int, (int Top, int Left, int Bottom, int Right)> around, float value)
    {
        this.around = around;
        this.value = value;
    }

    /// <summary>TensorFlow's SAME: as many as give ceil(length / stride) windows, the odd one at the end.</summary>
    /// <param name="window">Rows and columns of the window, gaps counted.</param>
    /// <param name="stride">Rows and columns between two windows.</param>
    /// <param name="value">What stands there.</param>
    /// <param name="oddFirst">Whether the odd one stands at the start instead (ONNX's SAME_LOWER).</param>
    public static PadOperation Same((int Y, int X) window, (int Y, int X) stride, float value = 0, bool oddFirst = false)
    {
        return new PadOperation(
            (height, width) =>
            {
                (int top, int bottom) = Sides(height, window.Y, stride.Y);
                (int left, int right) = Sides(width, window.X, stride.X);
                return (top, left, bottom, right);
            },
            value);

        (int Before, int After) Sides(int length, int kernel, int step)
        {
            int all = Math.Max(((((length + step - 1) / step) - 1) * step) + kernel - length, 0);
            return oddFirst ? ((all + 1) / 2, all / 2) : (all / 2, (all + 1) / 2);
        }
    }

    /// <inheritdoc/>
    public override Tensor Forward(IEngine engine, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> parameters, Activation fused)
    {
        Shape shape = inputs[0].Shape;
        (int top, int left, int bottom, int right) = around(shape[2], shape[3]);
        return engine.Pad(
            inputs[0], [0, 0, top, left], new Shape(shape[0], shape[1], shape[2] + top + bottom, shape[3] + left + right), value);
    }

    /// <inheritdoc/>
    public override Tensor[] InputGradients(in BackwardStep step)
    {
        Shape shape = step.Inputs[0]!.Shape;
        (int top, int left, _, _) = around(shape[2], shape[3]);
        return [step.Engine.Slice(step.OutputGradient, [0, 0, top, left], shape)];
    }
}
