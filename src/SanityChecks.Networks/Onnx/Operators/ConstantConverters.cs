using SanityChecks.Compute;
using DataType = Onnx.TensorProto.Types.DataType;

namespace SanityChecks.Networks.Onnx.Operators;

/// <summary>Constant, ConstantOfShape, Shape, Gather and Cast: what shapes are computed with.</summary>
internal static class ConstantConverters
{
    /// <summary>A tensor among the attributes.</summary>
    public static GraphValue Constant(NodeImport node)
    {
        NodeAttributes attributes = node.Attributes;
        return GraphValue.Of(attributes.Tensor("value") is { } tensor ? node.Read(tensor)
            : attributes.Has("value_float") ? Floats([], [attributes.Float("value_float", 0)])
            : attributes.Floats("value_floats") is { } floats ? Floats([floats.Length], floats)
            : attributes.Has("value_int") ? new Constant(new Shape(), [attributes.Integer("value_int")])
            : attributes.Longs("value_ints") is { } integers ? Onnx.Constant.Row(integers)
            : throw new UnsupportedNodeException("neither a tensor nor numbers; these are supported"));

        static Constant Floats(int[] axes, float[] values) => new(new HostTensor(new Shape(axes), values));
    }

    /// <summary>One value everywhere.</summary>
    public static GraphValue OfShape(NodeImport node)
    {
        Shape shape = ShapeOf(node.Constant(0, "axes").RequireIntegers("axes"));
        node.Spend(shape.Count);
        Constant value = node.Attributes.Tensor("value") is { } tensor
            ? node.Read(tensor)
            : new Constant(new HostTensor(new Shape(1), [0]));
        return value.Count == 1
            ? GraphValue.Of(Folding.Picked(value, shape, new int[shape.Count]))
            : throw new UnsupportedNodeException($"its value is {value.Shape}; one number is supported");
    }

    /// <summary>The axes of a constant or of a layer's output; the number of images is a symbol.</summary>
    public static GraphValue ShapeOf(NodeImport node)
    {
        GraphValue value = node.Input(0);
        long[] axes = value.Constant is { } constant
            ? [.. constant.Shape.Axes.ToArray().Select(axis => (long)axis)]
            : [Onnx.Constant.Batch, .. value.Axes.Select(axis => (long)axis)];
        int start = Within(node.Attributes.Integer("start")), end = Within(node.Attributes.Integer("end", axes.Length));
        return GraphValue.Of(Onnx.Constant.Row(axes[start..Math.Max(start, end)]));

        int Within(int index) => Math.Clamp(index < 0 ? index + axes.Length : index, 0, axes.Length);
    }

    /// <summary>Elements of a constant along an axis; a channel of a layer's output.</summary>
    public static GraphValue Gather(NodeImport node)
    {
        Constant indices = node.Constant(1, "indices");
        if (node.Input(0).Layer is not null)
        {
            return Channel(node, node.Viewed(0), indices);
        }

        Constant data = node.Constant(0, "data");
        int rank = data.Shape.Rank, axis = node.Attributes.Integer("axis");
        axis = axis < 0 ? axis + rank : axis;
        if (axis < 0 || axis >= rank)
        {
            throw new UnsupportedNodeException($"axis {axis} of a constant {data.Shape}");
        }

        int length = data.Shape[axis], step = Folding.Steps(data.Shape)[axis];
        int[] chosen = Array.ConvertAll(indices.RequireIntegers("indices"), index => index >= -length && index < length
            ? (int)(index < 0 ? index + length : index)
            : throw new UnsupportedNodeException($"index {index} of {length} values"));
        int[] before = data.Shape.Axes[..axis].ToArray(), behind = data.Shape.Axes[(axis + 1)..].ToArray();
        var shape = new Shape([.. before, .. indices.Shape.Axes, .. behind]);
        node.Spend(shape.Count);
        int outer = before.Aggregate(1, (product, one) => product * one);
        var places = new List<int>();
        for (int o = 0; o < outer; o++)
        {
            foreach (int index in chosen)
            {
                places.AddRange(Enumerable.Range((o * length * step) + (index * step), step));
            }
        }

        return GraphValue.Of(Folding.Picked(data, shape, [.. places.Take((int)shape.Count)]));
    }

    /// <summary>One place along an axis of a layer's output, which has that axis no more.</summary>
    private static GraphValue Channel(NodeImport node, GraphValue value, Constant indices)
    {
        int rank = value.Axes.Count + 1, axis = node.Attributes.Integer("axis");
        axis = axis < 0 ? axis + rank : axis;
        if (axis < 1 || axis >= rank || indices.Shape.Rank != 0)
        {
            throw new UnsupportedNodeException($"axis {axis} of {value.Description} at {indices.Count} places; one is supported", ofShapes: true);
        }

        long index = indices.RequireIntegers("indices")[0];
        int length = value.Axes[axis - 1], first = index >= -length && index < length
            ? (int)(index < 0 ? index + length : index)
            : throw new UnsupportedNodeException($"index {index} of {length} values", ofShapes: true);
        (int First, int Step, int Count)[] ranges = [.. value.Axes.Select((one, i) => i == axis - 1 ? (first, 1, 1) : (0, 1, one))];
        GraphValue part = RegionConverters.Part(node, "/part", value, ranges);
        return ArrangingConverters.Reshaped(node, part, [.. value.Axes.Where((_, i) => i != axis - 1)]);
    }

    /// <summary>Another type: every floating-point type is one here, and every integer type another.</summary>
    public static GraphValue Cast(NodeImport node)
    {
        var type = (DataType)node.Attributes.Integer("to");
        bool toFloat = type is DataType.Float or DataType.Float16 or DataType.Bfloat16 or DataType.Double;
        bool toInteger = type is DataType.Int64 or DataType.Int32 or DataType.Int16 or DataType.Int8 or DataType.Uint8 or DataType.Uint16
            or DataType.Uint32 or DataType.Uint64 or DataType.Bool;
        GraphValue value = node.Input(0);
        if (value.Constant is not { } constant)
        {
            return toFloat
                ? value
                : throw new UnsupportedNodeException($"the output of a layer as {type}; floating-point types are supported");
        }

        if (!toFloat && !toInteger)
        {
            throw new UnsupportedNodeException($"a constant as {type}; floating-point types, integers and truth values are supported");
        }

        if (constant.IsFloat == toFloat && type != DataType.Bool)
        {
            return value;
        }

        node.Spend(constant.Count);
        if (toFloat)
        {
            return constant.Integers!.Contains(Onnx.Constant.Batch)
                ? throw new UnsupportedNodeException("it computes with the number of images, which is not known")
                : GraphValue.Of(new HostTensor(constant.Shape, Array.ConvertAll(constant.Integers!, integer => (float)integer)));
        }

        long[] integers = constant.Integers ?? Array.ConvertAll(constant.Floats!.Values.ToArray(), one => (long)one);
        return GraphValue.Of(
            new Constant(constant.Shape, type == DataType.Bool ? Array.ConvertAll(integers, one => one == 0 ? 0L : 1) : integers));
    }

    /// <summary>A shape of integers.</summary>
    /// <exception cref="UnsupportedNodeException">One is negative or too large, or stands for the number of images.</exception>
    public static Shape ShapeOf(long[] axes)
    {
        long count = 1;
        foreach (long axis in axes)
        {
            if (axis is < 0 or > int.MaxValue || (axis > 0 && count > Array.MaxLength / axis))
            {
                throw new UnsupportedNodeException("a constant of a shape that is not known or too large");
            }

            count *= axis;
        }

        return new Shape(Array.ConvertAll(axes, axis => (int)axis));
    }
}
