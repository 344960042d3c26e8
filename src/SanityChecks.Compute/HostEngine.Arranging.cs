namespace SanityChecks.Compute;

/// <content>Operations that move elements, and sums over axes.</content>
public abstract partial class HostEngine
{
    /// <inheritdoc/>
    public Tensor Concatenate(ReadOnlySpan<Tensor> inputs)
    {
        Require(inputs.Length > 0, "A concatenation needs an input.");
        Shape first = inputs[0].Shape;
        int channels = 0;
        foreach (Tensor input in inputs)
        {
            Require(
                input.Shape.Rank == first.Rank && first.Rank >= 2 && input.Shape[0] == first[0]
                    && input.Shape.Axes[2..].SequenceEqual(first.Axes[2..]),
                $"{input.Shape} can't be concatenated with {first} by channels.");
            channels += input.Shape[1];
        }

        HostTensor output = Allocate(new Shape([first[0], channels, .. first.Axes[2..]]));
        int at = 0;
        for (int n = 0; n < first[0]; n++)
        {
            foreach (Tensor input in inputs)
            {
                int length = (int)(input.Shape.Count / first[0]);
                Host(input).Values.Slice(n * length, length).CopyTo(output.Array.AsSpan(at));
                at += length;
            }
        }

        return output;
    }

    /// <inheritdoc/>
    public Tensor Slice(Tensor input, ReadOnlySpan<int> first, Shape shape)
    {
        HostTensor x = Host(input);
        RequireInside(first, shape, x.Shape);
        HostTensor output = Allocate(shape);
        int[] strides = Strides(x.Shape);
        Move(shape, x.Array, Offset(first, strides), strides, output.Array, 0, Strides(shape));
        return output;
    }

    /// <inheritdoc/>
    public Tensor Pad(Tensor input, ReadOnlySpan<int> before, Shape shape, float value)
    {
        HostTensor x = Host(input);
        RequireInside(before, x.Shape, shape);
        HostTensor output = Allocate(shape);
        output.Array.AsSpan(0, (int)shape.Count).Fill(value);
        int[] strides = Strides(shape);
        Move(x.Shape, x.Array, 0, Strides(x.Shape), output.Array, Offset(before, strides), strides);
        return output;
    }

    /// <inheritdoc/>
    public Tensor Permute(Tensor input, ReadOnlySpan<int> axes)
    {
        HostTensor x = Host(input);
        int[] order = axes.ToArray();
        Require(
            order.Order().SequenceEqual(Enumerable.Range(0, x.Shape.Rank)),
            $"{string.Join(", ", order)} is no order of the axes of {x.Shape}.");
        int[] strides = Strides(x.Shape);
        var shape = new Shape(Array.ConvertAll(order, axis => x.Shape[axis]));
        HostTensor output = Allocate(shape);
        Move(shape, x.Array, 0, Array.ConvertAll(order, axis => strides[axis]), output.Array, 0, Strides(shape));
        return output;
    }

    /// <inheritdoc/>
    public Tensor Expand(Tensor input, Shape shape)
    {
        HostTensor x = Host(input);
        RequireExpandable(x.Shape, shape);
        int[] strides = Strides(x.Shape);
        for (int axis = 0; axis < strides.Length; axis++)
        {
            strides[axis] = x.Shape[axis] == shape[axis] ? strides[axis] : 0;
        }

        HostTensor output = Allocate(shape);
        Move(shape, x.Array, 0, strides, output.Array, 0, Strides(shape));
        return output;
    }

    /// <inheritdoc/>
    public Tensor SumTo(Tensor input, Shape shape)
    {
        HostTensor x = Host(input);
        RequireExpandable(shape, x.Shape);
        int[] strides = Strides(x.Shape), outputStrides = Strides(shape);
        int[] summed = [.. Enumerable.Range(0, shape.Rank).Where(axis => shape[axis] != x.Shape[axis])];
        int[] lengths = Array.ConvertAll(summed, axis => x.Shape[axis]), steps = Array.ConvertAll(summed, axis => strides[axis]);
        HostTensor output = Allocate(shape);
        ForEach((int)shape.Count, i =>
        {
            int offset = 0;
            for (int axis = 0; axis < strides.Length; axis++)
            {
                offset += shape[axis] > 1 ? i / outputStrides[axis] % shape[axis] * strides[axis] : 0;
            }

            output.Array[i] = (float)Sum(x.Array, offset, lengths, steps);
        });
        return output;
    }

    /// <inheritdoc/>
    public Tensor Reshape(Tensor input, Shape shape)
    {
        HostTensor x = Host(input);
        Require(shape.Count == x.Shape.Count, $"{x.Shape} does not have the elements of {shape}.");
        return Upload(shape, x.Values);
    }

    /// <summary>Throws unless a block of one shape, moved by some positions along each axis, lies within another.</summary>
    private static void RequireInside(ReadOnlySpan<int> first, Shape block, Shape whole)
    {
        bool fits = first.Length == whole.Rank && block.Rank == whole.Rank;
        for (int axis = 0; fits && axis < whole.Rank; axis++)
        {
            fits = first[axis] >= 0 && first[axis] + block[axis] <= whole[axis];
        }

        Require(fits, $"A block {block} from [{string.Join(", ", first.ToArray())}] on does not lie in {whole}.");
    }

    private static void RequireExpandable(Shape small, Shape large)
    {
        bool fits = small.Rank == large.Rank;
        for (int axis = 0; fits && axis < large.Rank; axis++)
        {
            fits = small[axis] == large[axis] || small[axis] == 1;
        }

        Require(fits, $"{small} can't be repeated to {large}: an axis must be as long, or 1.");
    }

    private static int[] Strides(Shape shape)
    {
        int[] strides = new int[shape.Rank];
        int stride = 1;
        for (int axis = strides.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= shape[axis];
        }

        return strides;
    }

    private static int Offset(ReadOnlySpan<int> positions, int[] strides)
    {
        int offset = 0;
        for (int axis = 0; axis < strides.Length; axis++)
        {
            offset += positions[axis] * strides[axis];
        }

        return offset;
    }

    private static double Sum(float[] values, int offset, ReadOnlySpan<int> lengths, ReadOnlySpan<int> strides)
    {
        if (lengths.IsEmpty)
        {
            return values[offset];
        }

        double sum = 0;
        for (int i = 0; i < lengths[0]; i++, offset += strides[0])
        {
            sum += lengths.Length == 1 ? values[offset] : Sum(values, offset, lengths[1..], strides[1..]);
        }

        return sum;
    }

    /// <summary>Copies a block of some shape from one array to another, each with strides of its own.</summary>
    private void Move(Shape block, float[] source, int from, int[] sourceStrides, float[] target, int to, int[] targetStrides)
    {
        if (block.Count == 0)
        {
            return;
        }

        // Axes that lie in one piece in both are one axis; those of length 1 are none.
        var axes = new List<(int Length, int Source, int Target)>();
        for (int axis = 0; axis < block.Rank; axis++)
        {
            (int Length, int Source, int Target) next = (block[axis], sourceStrides[axis], targetStrides[axis]);
            if (next.Length == 1)
            {
                continue;
            }

            if (axes.Count > 0 && axes[^1].Source == next.Source * next.Length && axes[^1].Target == next.Target * next.Length)
            {
                axes[^1] = (axes[^1].Length * next.Length, next.Source, next.Target);
            }
            else
            {
                axes.Add(next);
            }
        }

        (int Length, int Source, int Target) inner = axes.Count > 0 ? axes[^1] : (1, 1, 1);
        (int Length, int Source, int Target)[] outer = [.. axes.SkipLast(1)];
        int rows = outer.Aggregate(1, (count, axis) => count * axis.Length);
        const int RowsAtOnce = 64;
        ForEach((rows + RowsAtOnce - 1) / RowsAtOnce, part =>
        {
            for (int row = part * RowsAtOnce; row < Math.Min(rows, (part + 1) * RowsAtOnce); row++)
            {
                int a = from, b = to, rest = row;
                for (int axis = outer.Length - 1; axis >= 0; axis--)
                {
                    (rest, int position) = Math.DivRem(rest, outer[axis].Length);
                    a += position * outer[axis].Source;
                    b += position * outer[axis].Target;
                }

                if (inner is { Source: 1, Target: 1 })
                {
                    source.AsSpan(a, inner.Length).CopyTo(target.AsSpan(b));
                    continue;
                }

                for (int i = 0; i < inner.Length; i++, a += inner.Source, b += inner.Target)
                {
                    target[b] = source[a];
                }
            }
        });
    }
}
