using SanityChecks.Compute;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Networks.Onnx.Operators;

/// <summary>Reshape, Flatten, Transpose, Squeeze, Unsqueeze and Concat.</summary>
internal static class ArrangingConverters
{
    /// <summary>The same values under other axes; the images stay apart.</summary>
    public static GraphValue Reshape(NodeImport node)
    {
        GraphValue value = node.Input(0);
        long[] target = node.Constant(1, "axes").RequireIntegers("axes");
        bool keepsZeros = node.Attributes.Integer("allowzero") != 0;
        if (value.Constant is { } constant)
        {
            return GraphValue.Of(constant.Reshaped(Completed(constant.Shape.Axes.ToArray(), constant.Count, target, keepsZeros)));
        }

        return Reshaped(node, value, BehindBatch(value, target, keepsZeros));
    }

    /// <summary>Rows [N, F].</summary>
    public static GraphValue Flatten(NodeImport node)
    {
        GraphValue value = node.Viewed(0);
        int rank = value.Axes.Count + 1, axis = node.Attributes.Integer("axis", 1);
        axis = axis < 0 ? axis + rank : axis;
        return axis >= 1 && axis <= rank && value.Axes.Take(axis - 1).All(one => one == 1)
            ? Reshaped(node, value, [checked((int)value.Count)])
            : throw new UnsupportedNodeException($"axis {axis} of {value.Description}; 1 is supported");
    }

    /// <summary>Axes in another order; a layer's output is only seen so until a layer needs it.</summary>
    public static GraphValue Transpose(NodeImport node)
    {
        GraphValue value = node.Input(0);
        int rank = value.Constant?.Shape.Rank ?? value.Axes.Count + 1;
        int[] order = node.Attributes.Integers("perm") ?? [.. Enumerable.Range(0, rank).Reverse()];
        if (!order.Order().SequenceEqual(Enumerable.Range(0, rank)))
        {
            throw new UnsupportedNodeException($"perm [{string.Join(", ", order)}] of {rank} axes", ofShapes: true);
        }

        if (value.Constant is { } constant)
        {
            node.Spend(constant.Count);
            int[] steps = Folding.Steps(constant.Shape);
            var shape = new Shape([.. order.Select(axis => constant.Shape[axis])]);
            return GraphValue.Of(Folding.Picked(constant, shape, Folding.Places(shape, 0, [.. order.Select(axis => steps[axis])])));
        }

        return order[0] == 0
            ? GraphValue.Of(value.Layer!, value.Stored, [.. order.Skip(1).Select(axis => value.Order?[axis - 1] ?? axis - 1)])
            : throw new UnsupportedNodeException($"perm [{string.Join(", ", order)}]; the images stay the first axis");
    }

    /// <summary>Without some axes of 1.</summary>
    public static GraphValue Squeeze(NodeImport node)
    {
        GraphValue value = node.Input(0);
        long[] axes = value.Constant is { } data
            ? [.. data.Shape.Axes.ToArray().Select(axis => (long)axis)]
            : [Constant.Batch, .. value.Axes];
        long[]? given = node.Attributes.Longs("axes") ?? node.OptionalConstant(1, "axes")?.RequireIntegers("axes");
        HashSet<long> dropped = given is null
            ? [.. axes.Index().Where(one => one.Item == 1).Select(one => (long)one.Index)]
            : [.. given.Select(axis => axis < 0 ? axis + axes.Length : axis)];
        if (dropped.Any(axis => axis < 0 || axis >= axes.Length || axes[axis] != 1))
        {
            throw new UnsupportedNodeException($"axes [{string.Join(", ", given!)}] of {value.Description}; axes of 1 can be left out");
        }

        long[] left = [.. axes.Where((_, i) => !dropped.Contains(i))];
        return value.Constant is { } constant
            ? GraphValue.Of(constant.Reshaped(ConstantConverters.ShapeOf(left)))
            : Reshaped(node, value, [.. left.Skip(1).Select(axis => (int)axis)]);
    }

    /// <summary>With axes of 1 put in.</summary>
    public static GraphValue Unsqueeze(NodeImport node)
    {
        GraphValue value = node.Input(0);
        long[] given = node.Attributes.Longs("axes") ?? node.Constant(1, "axes").RequireIntegers("axes");
        var axes = new Queue<long>(
            value.Constant is { } data ? data.Shape.Axes.ToArray().Select(axis => (long)axis) : [Constant.Batch, .. value.Axes]);
        int rank = axes.Count + given.Length;
        HashSet<long> added = [.. given.Select(axis => axis < 0 ? axis + rank : axis)];
        if (added.Count != given.Length || added.Any(axis => axis < 0 || axis >= rank) || rank > 16)
        {
            throw new UnsupportedNodeException($"axes [{string.Join(", ", given.Take(8))}] of {value.Description}");
        }

        long[] result = [.. Enumerable.Range(0, rank).Select(i => added.Contains(i) ? 1 : axes.Dequeue())];
        return value.Constant is { } constant ? GraphValue.Of(constant.Reshaped(ConstantConverters.ShapeOf(result)))
            : result[0] == Constant.Batch ? Reshaped(node, value, [.. result.Skip(1).Select(axis => (int)axis)])
            : throw new UnsupportedNodeException("an axis before the images; they stay the first");
    }

    /// <summary>Channels one after another; constants along any axis.</summary>
    public static GraphValue Concatenate(NodeImport node)
    {
        int axis = node.Attributes.Integer("axis");
        if (node.Inputs.Count == 0 || node.Inputs.Contains(null))
        {
            throw new UnsupportedNodeException("a part is missing");
        }

        if (node.IsConstant)
        {
            return Together(node, axis);
        }

        GraphValue[] parts = [.. Enumerable.Range(0, node.Inputs.Count).Select(node.Viewed)];
        GraphValue first = parts[0];
        axis = (axis < 0 ? axis + first.Axes.Count + 1 : axis) - 1;
        if (parts.Any(part => !(part.Order ?? []).SequenceEqual(first.Order ?? [])))
        {
            parts = [.. Enumerable.Range(0, parts.Length).Select(node.Activation)];
            first = parts[0];
        }

        int stored = axis >= 0 && axis < first.Axes.Count ? first.Order?[axis] ?? axis : -1;
        if (stored != 0 || parts.Any(part => !part.Stored.Skip(1).SequenceEqual(first.Stored.Skip(1))))
        {
            throw new UnsupportedNodeException(
                $"its inputs are {string.Join(", ", parts.Take(4).Select(part => part.Description))}, joined along axis {axis + 1}; channels are supported",
                ofShapes: true);
        }

        int channels = parts.Aggregate(0, (sum, part) => checked(sum + part.Stored[0]));
        int[] axes = [channels, .. first.Stored.Skip(1)];
        return parts.Length == 1
            ? first
            : GraphValue.Of(node.Add(new ConcatenateOperation(), axes, [], parts).Layer!, axes, first.Order);
    }

    /// <summary>A layer's output with its axes stored as the graph sees them.</summary>
    public static GraphValue InOrder(NodeImport node, GraphValue value) => IsInMemoryOrder(value)
        ? Reshaped(node, value, value.Axes)
        : node.AddPart(
            "/order", new PermuteOperation([0, .. value.Order!.Select(axis => axis + 1)]), value.Axes,
            GraphValue.Of(value.Layer!, value.Stored));

    /// <summary>A layer's output under other axes of as many values.</summary>
    public static GraphValue Reshaped(NodeImport node, GraphValue value, IReadOnlyList<int> axes)
    {
        if (axes.SequenceEqual(value.Axes))
        {
            return value;
        }

        GraphValue stored = value.Order is null ? value
            : IsInMemoryOrder(value) ? GraphValue.Of(value.Layer!, value.Stored)
            : InOrder(node, value);
        return axes.SequenceEqual(stored.Stored) ? stored
            : node.AddPart("", axes.Count == 1 ? new FlattenOperation() : new ReshapeOperation([.. axes]), axes, stored);
    }

    /// <summary>Whether only axes of 1 are seen elsewhere than they are stored.</summary>
    private static bool IsInMemoryOrder(GraphValue value)
    {
        int[] wide = [.. value.Order!.Where(axis => value.Stored[axis] > 1)];
        return wide.SequenceEqual(wide.Order());
    }

    private static GraphValue Together(NodeImport node, int axis)
    {
        Constant[] parts = [.. node.Inputs.Select(input => input!.Constant!)];
        Constant first = parts[0];
        int rank = first.Shape.Rank, along = axis < 0 ? axis + rank : axis;
        if (along < 0 || along >= rank || parts.Any(
            part => part.IsFloat != first.IsFloat || part.Shape.Rank != rank || !Others(part).SequenceEqual(Others(first))))
        {
            throw new UnsupportedNodeException($"constants along axis {axis} that do not fit each other");
        }

        int[] axes = first.Shape.Axes.ToArray();
        axes[along] = parts.Aggregate(0, (sum, part) => checked(sum + part.Shape[along]));
        Shape shape = ConstantConverters.ShapeOf(Array.ConvertAll(axes, one => (long)one));
        node.Spend(shape.Count);
        int outer = axes[..along].Aggregate(1, (product, one) => product * one);
        var floats = new List<float>();
        var integers = new List<long>();
        for (int o = 0; o < outer; o++)
        {
            foreach (Constant part in parts)
            {
                int block = part.Count / outer;
                if (part.IsFloat)
                {
                    floats.AddRange(part.Floats.Values.Slice(o * block, block));
                }
                else
                {
                    integers.AddRange(part.Integers.AsSpan(o * block, block));
                }
            }
        }

        return GraphValue.Of(first.IsFloat ? new Constant(new HostTensor(shape, [.. floats])) : new Constant(shape, [.. integers]));

        IEnumerable<int> Others(Constant part) => part.Shape.Axes.ToArray().Where((_, i) => i != along);
    }

    /// <summary>The axes behind the batch that a target means: its first must be the images, as a symbol, as 0, as their number in the
    /// file, or as what is left.</summary>
    private static IReadOnlyList<int> BehindBatch(GraphValue value, long[] target, bool keepsZeros)
    {
        if (target.Length == 0 || (keepsZeros && target.Contains(0)))
        {
            throw new UnsupportedNodeException($"{value.Description} as [{string.Join(", ", target)}]");
        }

        int[] own = [1, .. value.Axes];
        long[] rest = [.. target.Skip(1).Select((axis, i) => axis == 0 && i + 1 < own.Length ? own[i + 1] : axis)];
        bool isFirst = target[0] is Constant.Batch or 0 or -1 || target[0] > 0;
        int open = rest.Count(axis => axis == -1);
        long known = rest.Where(axis => axis != -1).Aggregate(1L, (product, axis) => axis > 0 ? checked(product * axis) : 0);
        if (!isFirst || open > 1 || (target[0] == -1 && open > 0) || known <= 0 || value.Count % known != 0
            || (open == 0 && known != value.Count))
        {
            throw new UnsupportedNodeException(
                $"{value.Description} as [{string.Join(", ", target.Select(axis => axis == Constant.Batch ? "N" : axis.ToString(System.Globalization.CultureInfo.InvariantCulture)))}]; the images stay apart", ofShapes: true);
        }

        return [.. rest.Select(axis => (int)(axis == -1 ? value.Count / known : axis))];
    }

    private static Shape Completed(int[] own, long count, long[] target, bool keepsZeros)
    {
        long[] axes = [.. target.Select((axis, i) => axis == 0 && !keepsZeros && i < own.Length ? own[i] : axis)];
        long known = axes.Where(axis => axis != -1).Aggregate(1L, (product, axis) => checked(product * axis));
        return axes.Count(axis => axis == -1) switch
        {
            0 => ConstantConverters.ShapeOf(axes),
            1 when known > 0 => ConstantConverters.ShapeOf(Array.ConvertAll(axes, axis => axis == -1 ? count / known : axis)),
            _ => throw new UnsupportedNodeException($"a constant as [{string.Join(", ", target.Take(8))}]"),
        };
    }
}
