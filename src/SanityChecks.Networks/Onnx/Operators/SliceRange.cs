namespace SanityChecks.Networks.Onnx.Operators;

/// <summary>The ranges that a Slice takes of each axis.</summary>
internal static class SliceRange
{
    /// <summary>For each axis the first index, the step, and how many are taken.</summary>
    /// <param name="node">The node.</param>
    /// <param name="lengths">The axes; for a layer's output the largest number for the images, of which none is left out.</param>
    public static (int First, int Step, int Count)[] Of(NodeImport node, int[] lengths)
    {
        long[] starts = Numbers(node, "starts", 1) ?? throw new UnsupportedNodeException("it has no starts");
        long[] ends = Numbers(node, "ends", 2) ?? throw new UnsupportedNodeException("it has no ends");
        long[] axes = Numbers(node, "axes", 3) ?? [.. Enumerable.Range(0, starts.Length).Select(i => (long)i)];
        long[] steps = (node.Opset >= 10 ? node.OptionalConstant(4, "steps")?.RequireIntegers("steps") : null)
            ?? [.. Enumerable.Repeat(1L, starts.Length)];
        if (ends.Length != starts.Length || axes.Length != starts.Length || steps.Length != starts.Length)
        {
            throw new UnsupportedNodeException("its starts, ends, axes and steps are not of one length");
        }

        (int First, int Step, int Count)[] ranges = [.. lengths.Select(length => (0, 1, length))];
        for (int i = 0; i < starts.Length; i++)
        {
            long axis = axes[i] < 0 ? axes[i] + lengths.Length : axes[i];
            if (axis < 0 || axis >= lengths.Length || steps[i] is 0 or < -int.MaxValue or > int.MaxValue)
            {
                throw new UnsupportedNodeException($"axis {axes[i]} with step {steps[i]} of {lengths.Length} axes");
            }

            int length = lengths[axis], step = (int)steps[i];
            long first = Within(starts[i], length, step), end = Within(ends[i], length, step);
            if (step < 0)
            {
                first = Math.Clamp(first, 0, Math.Max(0, length - 1));
            }

            long count = step > 0 ? (end - first + step - 1) / step : (first - end - step - 1) / -(long)step;
            ranges[axis] = ((int)first, step, (int)Math.Max(0, count));
        }

        return ranges;
    }

    // From behind where negative; with a negative step one before the first is a place too.
    private static long Within(long index, int length, int step) =>
        Math.Clamp(index < 0 ? Math.Max(index, -int.MaxValue) + length : index, step > 0 ? 0 : -1, length);

    private static long[]? Numbers(NodeImport node, string name, int index) => node.Opset < 10
        ? node.Attributes.Longs(name)
        : node.OptionalConstant(index, name)?.RequireIntegers(name);
}
