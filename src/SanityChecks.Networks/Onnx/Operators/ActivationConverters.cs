using SanityChecks.Compute;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Networks.Onnx.Operators;

/// <summary>What is computed element by element, and what changes nothing.</summary>
internal static class ActivationConverters
{
    /// <summary>max(x, 0).</summary>
    public static GraphValue Relu(NodeImport node) => node.AddElementwise(new ActivationOperation(Activation.Relu), node.Viewed(0));

    /// <summary>x where it is positive, else alpha x.</summary>
    public static GraphValue LeakyRelu(NodeImport node) =>
        Function(node, PointwiseFunction.LeakyRelu(node.Attributes.Float("alpha", 0.01f)));

    /// <summary>The same, where one slope is for all channels.</summary>
    public static GraphValue PRelu(NodeImport node) => node.Constant(1, "slopes") is { Count: 1 } slope
        ? Function(node, PointwiseFunction.LeakyRelu(slope.RequireFloats("slopes").Values[0]))
        : throw new UnsupportedNodeException($"{node.Constant(1, "slopes").Count} slopes; one is supported");

    /// <summary>x where it is positive, else alpha (exp(x) - 1).</summary>
    public static GraphValue Elu(NodeImport node) => Function(node, PointwiseFunction.Elu(node.Attributes.Float("alpha", 1)));

    /// <summary>min(max(alpha x + beta, 0), 1).</summary>
    public static GraphValue HardSigmoid(NodeImport node) => Function(
        node, PointwiseFunction.HardSigmoid(node.Attributes.Float("alpha", 0.2f), node.Attributes.Float("beta", 0.5f)));

    /// <summary>x min(max(x + 3, 0), 6) / 6.</summary>
    public static GraphValue HardSwish(NodeImport node) => Function(node, PointwiseFunction.HardSwish);

    /// <summary>tanh(x).</summary>
    public static GraphValue Tanh(NodeImport node) => Function(node, PointwiseFunction.Tanh);

    /// <summary>1 / (1 + exp(-x)); nothing behind the logits.</summary>
    public static GraphValue Sigmoid(NodeImport node) => node.IsAtTheEnd ? AtTheEnd(node) : Function(node, PointwiseFunction.Sigmoid);

    /// <summary>A function of each element of the first input.</summary>
    public static GraphValue Function(NodeImport node, PointwiseFunction function) =>
        node.AddElementwise(new FunctionOperation(function), node.Viewed(0));

    /// <summary>Between 0 and 6 a ReLU6, from 0 up a ReLU, without limits nothing, else both limits.</summary>
    public static GraphValue Clip(NodeImport node)
    {
        GraphValue input = node.Viewed(0);
        float? smallest = Limit("min", 1), largest = Limit("max", 2);
        return (smallest, largest) switch
        {
            (null, null) => input,
            (0, null) => node.AddElementwise(new ActivationOperation(Activation.Relu), input),
            (0, 6) => node.AddElementwise(new ActivationOperation(Activation.Relu6), input),
            _ => Function(
                node, PointwiseFunction.Clamp(smallest ?? float.NegativeInfinity, largest ?? float.PositiveInfinity)),
        };

        float? Limit(string name, int index)
        {
            float? limit = node.Opset < 11
                ? node.Attributes.Has(name) ? node.Attributes.Float(name, 0) : null
                : node.OptionalConstant(index, "limits") is not { } constant ? null
                : constant.Count == 1 ? constant.RequireFloats("limits").Values[0]
                : throw new UnsupportedNodeException($"its limits are {constant.Shape}; one number each is supported");
            return limit is <= float.MinValue or >= float.MaxValue ? null : limit;
        }
    }

    /// <summary>Nothing.</summary>
    public static GraphValue Identity(NodeImport node) => node.Input(0);

    /// <summary>Nothing, outside training.</summary>
    public static GraphValue Dropout(NodeImport node)
    {
        node.RequireOneOutput();
        if (node.OptionalConstant(2, "training mode") is { Integers: [not 0] })
        {
            throw new UnsupportedNodeException("training_mode 1; 0 is supported");
        }

        return node.Input(0);
    }

    /// <summary>A softmax or sigmoid behind the logits, which is left out: maps explain the logit.</summary>
    public static GraphValue AtTheEnd(NodeImport node)
    {
        GraphValue input = node.Viewed(0);
        if (!node.IsAtTheEnd)
        {
            throw new UnsupportedNodeException("behind the logits alone it is supported");
        }

        node.Note($"the {node.Operator} at its end is left out: maps explain the logit before it");
        return input;
    }
}
