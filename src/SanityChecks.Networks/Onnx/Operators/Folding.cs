using SanityChecks.Compute;

namespace SanityChecks.Networks.Onnx.Operators;

/// <summary>What constants become: exporters compute shapes and statistics in the graph.</summary>
internal static class Folding
{
    /// <summary>Two constants, element by element, each repeated along axes of 1 as in NumPy.</summary>
    /// <param name="node">The node.</param>
    /// <param name="floats">For floating-point numbers.</param>
    /// <param name="integers">For integers.</param>
    public static GraphValue Elementwise(NodeImport node, Func<float, float, float> floats, Func<long, long, long> integers)
    {
        Constant left = node.Constant(0, "operands"), right = node.Constant(1, "operands");
        if (left.IsFloat != right.IsFloat)
        {
            throw new UnsupportedNodeException("an integer and a floating-point number; two of one kind are supported");
        }

        Shape shape = Broadcast(left.Shape, right.Shape);
        node.Spend(shape.Count);
        int[] first = Places(left.Shape, shape), second = Places(right.Shape, shape);
        if (left.IsFloat)
        {
            float[] values = new float[first.Length];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = floats(left.Floats.Values[first[i]], right.Floats!.Values[second[i]]);
            }

            return GraphValue.Of(new HostTensor(shape, values));
        }

        long[] whole = new long[first.Length];
        for (int i = 0; i < whole.Length; i++)
        {
            whole[i] = Integers(left.Integers[first[i]], right.Integers![second[i]], node.Operator, integers);
        }

        return GraphValue.Of(new Constant(shape, whole));
    }

    /// <summary>Integer division toward 0.</summary>
    public static long Quotient(long dividend, long divisor) =>
        divisor == 0 ? throw new UnsupportedNodeException("a division by 0") : dividend / divisor;

    /// <summary>The elements at places of a constant, as another of a shape.</summary>
    public static Constant Picked(Constant constant, Shape shape, int[] places) => constant.IsFloat
        ? new Constant(new HostTensor(shape, Array.ConvertAll(places, place => constant.Floats.Values[place])))
        : new Constant(shape, Array.ConvertAll(places, place => constant.Integers[place]));

    /// <summary>The distance between two elements along each axis.</summary>
    public static int[] Steps(Shape shape)
    {
        int[] steps = new int[shape.Rank];
        int step = 1;
        for (int i = steps.Length - 1; i >= 0; i--)
        {
            (steps[i], step) = (step, step * Math.Max(1, shape[i]));
        }

        return steps;
    }

    /// <summary>For each element of a shape, in its order, the sum of its indices times steps.</summary>
    public static int[] Places(Shape shape, int first, IReadOnlyList<int> steps)
    {
        int[] places = new int[shape.Count], index = new int[shape.Rank];
        int place = first;
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = place;
            for (int axis = index.Length - 1; axis >= 0; axis--)
            {
                place += steps[axis];
                if (++index[axis] < shape[axis])
                {
                    break;
                }

                place -= steps[axis] * shape[axis];
                index[axis] = 0;
            }
        }

        return places;
    }

    private static long Integers(long left, long right, string operation, Func<long, long, long> compute)
    {
        if (left != Constant.Batch && right != Constant.Batch)
        {
            return compute(left, right);
        }

        bool unchanged = operation is "Mul" or "Div" ? right == 1 : right == 0;
        return left == Constant.Batch && unchanged ? Constant.Batch
            : right == Constant.Batch && ((operation == "Mul" && left == 1) || (operation == "Add" && left == 0)) ? Constant.Batch
            : throw new UnsupportedNodeException("it computes with the number of images, which is not known");
    }

    private static Shape Broadcast(Shape left, Shape right)
    {
        int rank = Math.Max(left.Rank, right.Rank);
        int[] axes = new int[rank];
        for (int i = 1; i <= rank; i++)
        {
            int a = i <= left.Rank ? left[^i] : 1, b = i <= right.Rank ? right[^i] : 1;
            axes[^i] = a == b || b == 1 ? a : a == 1 ? b
                : throw new UnsupportedNodeException($"constants of shapes {left} and {right}, which do not fit each other");
        }

        return new Shape(axes);
    }

    private static int[] Places(Shape from, Shape to)
    {
        int[] own = Steps(from), steps = new int[to.Rank];
        for (int i = 1; i <= from.Rank; i++)
        {
            steps[^i] = from[^i] == 1 ? 0 : own[^i];
        }

        return Places(to, 0, steps);
    }
}
