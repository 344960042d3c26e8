using SanityChecks.Compute;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Networks.Onnx.Operators;

/// <summary>Slice, Split and Pad; a channel of Gather.</summary>
internal static class RegionConverters
{
    /// <summary>A part of a constant or of each image's values.</summary>
    public static GraphValue Slice(NodeImport node)
    {
        GraphValue value = node.Input(0);
        int[] lengths = value.Constant is { } data ? data.Shape.Axes.ToArray() : [int.MaxValue, .. value.Axes];
        (int First, int Step, int Count)[] ranges = SliceRange.Of(node, lengths);
        if (value.Constant is not { } constant)
        {
            return ranges[0] == (0, 1, int.MaxValue)
                ? Part(node, "", value, ranges[1..])
                : throw new UnsupportedNodeException("some of the images; all of them are supported");
        }

        var shape = new Shape([.. ranges.Select(range => range.Count)]);
        node.Spend(shape.Count);
        int[] steps = Folding.Steps(constant.Shape);
        int first = ranges.Zip(steps, (range, step) => range.First * step).Sum();
        int[] places = Folding.Places(shape, first, [.. ranges.Zip(steps, (range, step) => range.Step * step)]);
        return GraphValue.Of(Folding.Picked(constant, shape, places));
    }

    /// <summary>Several parts along an axis, each an output.</summary>
    public static GraphValue Split(NodeImport node)
    {
        GraphValue value = node.Viewed(0);
        int rank = value.Axes.Count + 1, axis = node.Attributes.Integer("axis");
        axis = axis < 0 ? axis + rank : axis;
        if (axis < 1 || axis >= rank)
        {
            throw new UnsupportedNodeException($"axis {axis} of {value.Description}; an axis behind the images is supported", ofShapes: true);
        }

        int length = value.Axes[axis - 1], count = node.Outputs, part = (length + count - 1) / count;
        long[] lengths = node.Attributes.Longs("split") ?? node.OptionalConstant(1, "lengths")?.RequireIntegers("lengths")
            ?? [.. Enumerable.Range(0, count).Select(i => (long)Math.Min(part, length - (i * part)))];
        if (lengths.Length != count || lengths.Any(one => one < 1 || one > length) || lengths.Sum() != length)
        {
            throw new UnsupportedNodeException($"{length} values in {count} parts that do not fit", ofShapes: true);
        }

        int first = 0;
        for (int i = 0; i < count; i++)
        {
            (int First, int Step, int Count)[] ranges = [.. value.Axes.Select(one => (0, 1, one))];
            ranges[axis - 1] = (first, 1, (int)lengths[i]);
            node.Define(i, Part(node, FormattableString.Invariant($"/{i}"), value, ranges));
            first += (int)lengths[i];
        }

        return node.Defined(0);
    }

    /// <summary>One value around each image's values.</summary>
    public static GraphValue Pad(NodeImport node)
    {
        GraphValue value = node.Viewed(0);
        int rank = value.Axes.Count + 1;
        string mode = node.Attributes.Text("mode", "constant");
        long[] given = node.Attributes.Longs("pads") ?? node.Constant(1, "pads").RequireIntegers("pads");
        long[] pads = Everywhere(given, node.OptionalConstant(3, "axes")?.RequireIntegers("axes"), rank);
        if (pads.All(pad => pad == 0))
        {
            return value;
        }

        if (mode != "constant" || pads.Any(pad => pad is < 0 or > 4096) || pads[0] != 0 || pads[rank] != 0)
        {
            throw new UnsupportedNodeException(
                $"mode {mode} with pads [{string.Join(", ", given.Take(16))}]; mode constant with pads from 0 to 4096 around each image is supported");
        }

        float filling = node.Opset < 11
            ? node.Attributes.Float("value", 0)
            : node.OptionalConstant(2, "value")?.RequireFloats("value") is { Shape.Count: 1 } one ? one.Values[0] : 0;
        int[] before = new int[rank - 1], axes = new int[rank - 1];
        for (int i = 0; i < rank - 1; i++)
        {
            int stored = value.Order?[i] ?? i;
            before[stored] = (int)pads[i + 1];
            axes[stored] = value.Stored[stored] + (int)(pads[i + 1] + pads[rank + i + 1]);
        }

        bool isPlanes = axes.Length == 3 && axes[0] == value.Stored[0];
        Operation operation = isPlanes
            ? new PadOperation(
                before[1], before[2], axes[1] - value.Stored[1] - before[1], axes[2] - value.Stored[2] - before[2], filling)
            : new SurroundOperation(before, axes, filling);
        return GraphValue.Of(node.Add(operation, axes, [], GraphValue.Of(value.Layer!, value.Stored)).Layer!, axes, value.Order);
    }

    /// <summary>A part of each image's values, with steps along rows and columns.</summary>
    /// <param name="node">The node.</param>
    /// <param name="suffix">Behind the node's name, for a layer of several.</param>
    /// <param name="value">A layer's output.</param>
    /// <param name="seen">First, step and count along each axis behind the batch that the graph sees.</param>
    public static GraphValue Part(NodeImport node, string suffix, GraphValue value, (int First, int Step, int Count)[] seen)
    {
        var ranges = new (int First, int Step, int Count)[seen.Length];
        for (int i = 0; i < seen.Length; i++)
        {
            ranges[value.Order?[i] ?? i] = seen[i];
        }

        bool steps = ranges.Any(range => range.Step != 1 && range.Count > 1);
        if (ranges.Any(range => range.Count < 1 || (range.Step < 1 && range.Count > 1))
            || (steps && (ranges.Length != 3 || ranges[0].Step != 1)))
        {
            throw new UnsupportedNodeException("a part that is empty, backward, or of every so many channels; other parts are supported");
        }

        int[] axes = [.. ranges.Select(range => ((range.Count - 1) * Math.Max(1, range.Step)) + 1)];
        GraphValue part = GraphValue.Of(value.Layer!, value.Stored) with { IsGuess = value.IsGuess };
        bool isWhole = ranges.Zip(value.Stored).All(
            one => one.First is { First: 0 } && (one.First.Step == 1 ? one.First.Count == one.Second : Covers(one.First, one.Second)));
        if (!isWhole)
        {
            bool isChannels = ranges.Skip(1).Zip(value.Stored.Skip(1)).All(one => one.First == (0, 1, one.Second));
            part = node.AddPart(
                steps ? suffix + "/part" : suffix,
                isChannels ? new ChannelsOperation(ranges[0].First, axes[0])
                    : new CropOperation([.. ranges.Select(range => range.First)], axes),
                axes, part);
        }

        if (steps)
        {
            // The maximum of one value is the value.
            var every = new PoolingGeometry(new PoolingAxis(1, ranges[1].Step), new PoolingAxis(1, ranges[2].Step));
            axes = [.. ranges.Select(range => range.Count)];
            part = node.AddPart(suffix, new MaxPoolOperation(every), axes, part);
        }

        return GraphValue.Of(part.Layer!, part.Stored, value.Order);
    }

    /// <summary>Whether steps from the first value to the last that they reach leave out none at the end.</summary>
    private static bool Covers((int First, int Step, int Count) range, int length) =>
        range.Step > 1 && range.Count == (length + range.Step - 1) / range.Step;

    private static long[] Everywhere(long[] given, long[]? axes, int rank)
    {
        axes ??= [.. Enumerable.Range(0, rank).Select(axis => (long)axis)];
        if (given.Length != 2 * axes.Length)
        {
            throw new UnsupportedNodeException($"{given.Length} pads of {axes.Length} axes", ofShapes: true);
        }

        long[] pads = new long[2 * rank];
        for (int i = 0; i < axes.Length; i++)
        {
            long axis = axes[i] < 0 ? axes[i] + rank : axes[i];
            if (axis < 0 || axis >= rank)
            {
                throw new UnsupportedNodeException($"pads along axis {axes[i]} of {rank}", ofShapes: true);
            }

            pads[axis] = given[i];
            pads[rank + axis] = given[axes.Length + i];
        }

        return pads;
    }
}
