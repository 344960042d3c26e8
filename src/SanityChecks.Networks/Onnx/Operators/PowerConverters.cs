using SanityChecks.Compute;

namespace SanityChecks.Networks.Onnx.Operators;

/// <summary>Neg, Pow, Reciprocal and Sqrt, of layers and of constants.</summary>
internal static class PowerConverters
{
    /// <summary>-x.</summary>
    public static GraphValue Negative(NodeImport node) => Of(node, PointwiseFunction.Linear(-1, 0), value => -value);

    /// <summary>1 / x.</summary>
    public static GraphValue Reciprocal(NodeImport node) => Of(node, PointwiseFunction.Power(-1), value => 1 / value);

    /// <summary>The square root.</summary>
    public static GraphValue SquareRoot(NodeImport node) => Of(node, PointwiseFunction.Power(0.5f), MathF.Sqrt);

    /// <summary>x to a power that is known.</summary>
    public static GraphValue Power(NodeImport node)
    {
        if (node.IsConstant)
        {
            return Folding.Elementwise(node, MathF.Pow, (a, b) => (long)Math.Pow(a, b));
        }

        Constant exponent = node.Constant(1, "exponents");
        return exponent.Count == 1
            ? ActivationConverters.Function(node, PointwiseFunction.Power(exponent.Floats?.Values[0] ?? exponent.Integers![0]))
            : throw new UnsupportedNodeException($"exponents {exponent.Shape}; one is supported");
    }

    private static GraphValue Of(NodeImport node, PointwiseFunction function, Func<float, float> folded)
    {
        if (node.Input(0).Constant is not { } constant)
        {
            return ActivationConverters.Function(node, function);
        }

        node.Spend(constant.Count);
        return GraphValue.Of(
            new HostTensor(constant.Shape, Array.ConvertAll(constant.RequireFloats("values").Values.ToArray(), value => folded(value))));
    }
}
