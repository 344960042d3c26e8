using TorchSharp;
using static TorchSharp.torch.nn;

namespace SanityChecks.Compute.Torch;

/// <content>Operations that move elements, and sums over axes.</content>
internal sealed partial class TorchEngine
{
    /// <inheritdoc/>
    public Tensor Concatenate(ReadOnlySpan<Tensor> inputs)
    {
        Require(inputs.Length > 0, "A concatenation needs an input.");
        Shape first = inputs[0].Shape;
        var parts = new torch.Tensor[inputs.Length];
        int channels = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            Shape shape = inputs[i].Shape;
            Require(
                shape.Rank == first.Rank && first.Rank >= 2 && shape[0] == first[0] && shape.Axes[2..].SequenceEqual(first.Axes[2..]),
                $"{shape} can't be concatenated with {first} by channels.");
            parts[i] = On(inputs[i]);
            channels += shape[1];
        }

        return Run(new Shape([first[0], channels, .. first.Axes[2..]]), () => torch.cat(parts, 1));
    }

    /// <inheritdoc/>
    public Tensor Slice(Tensor input, ReadOnlySpan<int> first, Shape shape)
    {
        int[] begin = first.ToArray();
        Require(begin.Length == input.Shape.Rank && shape.Rank == begin.Length, $"A block {shape} does not lie in {input.Shape}.");
        return Run(shape, () =>
        {
            torch.Tensor x = On(input);
            for (int axis = 0; axis < begin.Length; axis++)
            {
                x = x.narrow(axis, begin[axis], shape[axis]);
            }

            return x.clone();
        });
    }

    /// <inheritdoc/>
    public Tensor Pad(Tensor input, ReadOnlySpan<int> before, Shape shape, float value)
    {
        int[] begin = before.ToArray();
        Require(begin.Length == input.Shape.Rank && shape.Rank == begin.Length, $"A block {input.Shape} does not lie in {shape}.");

        // From the last axis to the first, before and behind.
        long[] around = [.. Enumerable.Range(0, begin.Length).Reverse().SelectMany(
            axis => new long[] { begin[axis], shape[axis] - begin[axis] - input.Shape[axis] })];
        return Run(shape, () => functional.pad(On(input), around, PaddingModes.Constant, value));
    }

    /// <inheritdoc/>
    public Tensor Permute(Tensor input, ReadOnlySpan<int> axes)
    {
        int[] order = axes.ToArray();
        return Run(
            new Shape(Array.ConvertAll(order, axis => input.Shape[axis])),
            () => On(input).permute(Array.ConvertAll(order, axis => (long)axis)).clone());
    }

    /// <inheritdoc/>
    public Tensor Expand(Tensor input, Shape shape) => Run(shape, () => On(input).expand(Axes(shape)).clone());

    /// <inheritdoc/>
    public Tensor SumTo(Tensor input, Shape shape)
    {
        Require(shape.Rank == input.Shape.Rank, $"{shape} can't be repeated to {input.Shape}.");
        long[] summed = [.. Enumerable.Range(0, shape.Rank).Where(axis => shape[axis] != input.Shape[axis]).Select(axis => (long)axis)];
        return Run(shape, () => summed.Length == 0
            ? On(input).clone()
            : On(input).sum(summed, true, torch.ScalarType.Float64).to_type(torch.ScalarType.Float32));
    }

    /// <inheritdoc/>
    public Tensor Reshape(Tensor input, Shape shape)
    {
        Require(shape.Count == input.Shape.Count, $"{input.Shape} does not have the elements of {shape}.");
        return Run(shape, () => On(input).reshape(Axes(shape)).clone());
    }
}
