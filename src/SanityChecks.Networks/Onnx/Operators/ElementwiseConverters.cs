using SanityChecks.Compute;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Networks.Onnx.Operators;

/// <summary>Add, Sum, Sub, Mul and Div: of layers, and of a layer and a constant.</summary>
/// <remarks>One number is a fixed function. Numbers for channels or places behind a layer with weights are learned; before all of them they
/// prepare the image, and stay as they are.</remarks>
internal static class ElementwiseConverters
{
    /// <summary>The sum; a constant behind a layer without bias becomes its bias.</summary>
    public static GraphValue Add(NodeImport node)
    {
        if (node.IsConstant)
        {
            return Folding.Elementwise(node, (a, b) => a + b, (a, b) => a + b);
        }

        return node.Input(0).Layer is not null && node.Input(1).Layer is not null ? Sum(node)
            : node.Input(0).Layer is null ? Shifted(node, 1, node.Viewed(1), node.Input(0).Constant!, value => value)
            : Shifted(node, 0, node.Viewed(0), node.Input(1).Constant!, value => value);
    }

    /// <summary>The sum of layers of one shape.</summary>
    public static GraphValue Sum(NodeImport node)
    {
        GraphValue sum = node.Viewed(0);
        for (int i = 1; i < node.Inputs.Count; i++)
        {
            (sum, GraphValue next) = Alike(node, sum, node.Viewed(i));
            sum = Added(node, i < node.Inputs.Count - 1 ? "/sum" : "", sum, next);
        }

        return sum;
    }

    /// <summary>The difference.</summary>
    public static GraphValue Subtract(NodeImport node)
    {
        if (node.IsConstant)
        {
            return Folding.Elementwise(node, (a, b) => a - b, (a, b) => a - b);
        }

        if (node.Input(1).Constant is { } subtrahend)
        {
            return Shifted(node, 0, node.Viewed(0), subtrahend, value => -value);
        }

        GraphValue negative = Function(node, "/negative", node.Viewed(1), PointwiseFunction.Linear(-1, 0));
        if (node.Input(0).Constant is { } minuend)
        {
            return Shifted(node, -1, negative, minuend, value => value);
        }

        (GraphValue left, GraphValue right) = Alike(node, node.Viewed(0), negative);
        return Added(node, "", left, right);
    }

    /// <summary>The product.</summary>
    public static GraphValue Multiply(NodeImport node)
    {
        if (node.IsConstant)
        {
            return Folding.Elementwise(node, (a, b) => a * b, (a, b) => a * b);
        }

        return node.Input(0).Layer is not null && node.Input(1).Layer is not null ? Product(node, node.Viewed(0), node.Viewed(1))
            : node.Input(0).Layer is null ? Scaled(node, node.Viewed(1), node.Input(0).Constant!, value => value)
            : Scaled(node, node.Viewed(0), node.Input(1).Constant!, value => value);
    }

    /// <summary>The quotient.</summary>
    public static GraphValue Divide(NodeImport node)
    {
        if (node.IsConstant)
        {
            return Folding.Elementwise(node, (a, b) => a / b, Folding.Quotient);
        }

        if (node.Input(1).Constant is { } divisor)
        {
            return Scaled(node, node.Viewed(0), divisor, value => 1 / value);
        }

        GraphValue reciprocal = Function(node, "/reciprocal", node.Viewed(1), PointwiseFunction.Power(-1));
        return node.Input(0).Constant is { } dividend
            ? Scaled(node, reciprocal, dividend, value => value)
            : Product(node, node.Viewed(0), reciprocal);
    }

    private static GraphValue Function(NodeImport node, string suffix, GraphValue value, PointwiseFunction function) =>
        value.From(node.AddPart(suffix, new FunctionOperation(function), value.Stored, GraphValue.Of(value.Layer!, value.Stored)).Layer!);

    private static GraphValue Added(NodeImport node, string suffix, GraphValue left, GraphValue right) =>
        left.From(node.AddPart(suffix, new AddOperation(), left.Stored, left, right).Layer!);

    /// <summary>Two layers' outputs of one shape, seen in one order.</summary>
    private static (GraphValue Left, GraphValue Right) Alike(NodeImport node, GraphValue left, GraphValue right)
    {
        if (!right.Axes.SequenceEqual(left.Axes))
        {
            throw new UnsupportedNodeException(
                $"its inputs are {left.Description} and {right.Description}; equal ones are supported", ofShapes: true);
        }

        return (right.Order ?? []).SequenceEqual(left.Order ?? [])
            ? (left, right)
            : (node.InStoredOrder(left), node.InStoredOrder(right));
    }

    private static GraphValue Product(NodeImport node, GraphValue left, GraphValue right)
    {
        if (!(right.Order ?? []).SequenceEqual(left.Order ?? []))
        {
            (left, right) = (node.InStoredOrder(left), node.InStoredOrder(right));
        }

        if (left.Stored.Count != right.Stored.Count
            || left.Stored.Zip(right.Stored).Any(one => one.First != one.Second && one.First != 1 && one.Second != 1))
        {
            throw new UnsupportedNodeException(
                $"its inputs are {left.Description} and {right.Description}; equal ones, and axes of 1 in one of them, are supported", ofShapes: true);
        }

        // What a smaller tensor or a sigmoid gives only weights the other.
        int gate = left.Count < right.Count || (left.Count == right.Count && IsGate(left) && !IsGate(right)) ? 0 : 1;
        int[] axes = [.. left.Stored.Zip(right.Stored, Math.Max)];
        GraphValue product = node.Add(new ProductOperation(gate), axes, [], left, right);
        return GraphValue.Of(product.Layer!, axes, left.Order);
    }

    private static bool IsGate(GraphValue value) => value.Layer!.Operation is FunctionOperation
    {
        Function.Kind: PointwiseKind.Sigmoid or PointwiseKind.HardSigmoid,
    };

    private static GraphValue Scaled(NodeImport node, GraphValue value, Constant constant, Func<float, float> change)
    {
        HostTensor factors = constant.RequireFloats("factors");
        if (constant.Count == 1)
        {
            return Function(node, "", value, PointwiseFunction.Linear(change(factors.Values[0]), 0));
        }

        HostTensor scale = Fitted(node, factors, value, change);
        return node.IsBehindWeights
            ? value.From(node.Add(new ScaleOperation(scale.Shape, null), value.Stored, [scale], Plain(value)).Layer!)
            : value.From(node.Add(ScaleOperation.Fixed(scale, Filled(scale.Shape, 0)), value.Stored, [], Plain(value)).Layer!);
    }

    private static GraphValue Shifted(NodeImport node, int index, GraphValue value, Constant constant, Func<float, float> change)
    {
        HostTensor terms = constant.RequireFloats("terms");
        if (index >= 0 && node.Operator == "Add" && WithBias(node, index, value, terms) is { } biased)
        {
            return biased;
        }

        if (constant.Count == 1)
        {
            return Function(node, "", value, PointwiseFunction.Linear(1, change(terms.Values[0])));
        }

        HostTensor shift = Fitted(node, terms, value, change);
        if (!node.IsBehindWeights)
        {
            return value.From(node.Add(ScaleOperation.Fixed(Filled(shift.Shape, 1), shift), value.Stored, [], Plain(value)).Layer!);
        }

        bool isScaled = index >= 0 && node.Readers(index) == 1
            && value.Layer!.Operation is ScaleOperation { Parameters: [("weight", var scale)] } && scale == shift.Shape;
        return isScaled
            ? node.Replace(value, new ScaleOperation(shift.Shape, shift.Shape), [.. node.Tensors(value.Layer!), shift])
            : value.From(node.Add(new ScaleOperation(null, shift.Shape), value.Stored, [shift], Plain(value)).Layer!);
    }

    private static GraphValue Plain(GraphValue value) => GraphValue.Of(value.Layer!, value.Stored) with { IsGuess = value.IsGuess };

    private static HostTensor Filled(Shape shape, float value)
    {
        float[] values = new float[shape.Count];
        Array.Fill(values, value);
        return new HostTensor(shape, values);
    }

    /// <summary>A constant with as many axes as the layer stores, in its order, each 1 or the layer's.</summary>
    private static HostTensor Fitted(NodeImport node, HostTensor constant, GraphValue value, Func<float, float> change)
    {
        int rank = value.Axes.Count + 1;
        int[] seen = [.. Enumerable.Repeat(1, Math.Max(0, rank - constant.Shape.Rank)), .. constant.Shape.Axes];
        if (seen.Length != rank || seen[0] != 1 || seen.Skip(1).Zip(value.Axes).Any(one => one.First != 1 && one.First != one.Second))
        {
            throw new UnsupportedNodeException(
                $"a constant {constant.Shape} and {value.Description}; as many axes for each image, or 1, are supported", ofShapes: true);
        }

        int[] order = value.Order is { } given
            ? [0, .. Enumerable.Range(0, rank - 1).Select(stored => given.ToList().IndexOf(stored) + 1)]
            : [.. Enumerable.Range(0, rank)];
        int[] steps = Folding.Steps(new Shape(seen));
        var shape = new Shape([.. order.Select(axis => seen[axis])]);
        string how = $"{node.Operator} {change(2):R} as {shape}";
        return node.Changed(constant, how, () =>
        {
            int[] places = Folding.Places(shape, 0, [.. order.Select(axis => steps[axis])]);
            return new HostTensor(shape, Array.ConvertAll(places, place => change(constant.Values[place])));
        });
    }

    /// <summary>The layer before with the constant as its bias; null where it has one, another node reads it, or the shapes do not
    /// fit.</summary>
    private static GraphValue? WithBias(NodeImport node, int index, GraphValue value, HostTensor constant)
    {
        if (value.Order is not null || node.Readers(index) != 1 || constant.Shape.Count == 1)
        {
            return null;
        }

        switch (value.Layer!.Operation)
        {
            case LinearOperation { HasBias: false } linear when LinearConverters.BiasOf(node, constant, value.Stored[0]) is { } bias:
                return node.Replace(value, linear.WithBias(), [.. node.Tensors(value.Layer), bias]);
            case ConvolutionOperation { HasBias: false } convolution when PerChannel(node, constant, value) is { } bias:
                return node.Replace(value, convolution.WithBias(), [.. node.Tensors(value.Layer), bias]);
            default:
                return null;
        }
    }

    /// <summary>A number for each channel of [N, C, H, W]; null where the constant is none.</summary>
    private static HostTensor? PerChannel(NodeImport node, HostTensor constant, GraphValue value)
    {
        ReadOnlySpan<int> axes = constant.Shape.Axes;
        bool fits = axes.Length is 3 or 4 && axes[^1] == 1 && axes[^2] == 1 && axes[^3] == value.Stored[0]
            && constant.Shape.Count == axes[^3];
        return fits ? node.Changed(constant, "row", () => constant.Reshaped(new Shape(value.Stored[0]))) : null;
    }
}
