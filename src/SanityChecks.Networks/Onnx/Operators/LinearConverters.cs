using SanityChecks.Compute;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Networks.Onnx.Operators;

/// <summary>Gemm and MatMul: fully connected layers.</summary>
internal static class LinearConverters
{
    /// <summary>alpha x B + beta C.</summary>
    public static GraphValue Gemm(NodeImport node)
    {
        node.Attributes.RequireInteger("transA", 0, 0);
        GraphValue input = Rows(node);
        HostTensor given = node.Constant(1, "weights").RequireFloats("weights");
        HostTensor weight = Scaled(
            node, node.Attributes.Integer("transB") != 0 ? Matrix(given) : Transposed(node, Matrix(given)),
            node.Attributes.Float("alpha", 1));
        float beta = node.Attributes.Float("beta", 1);
        HostTensor? bias = node.OptionalConstant(2, "bias")?.RequireFloats("bias");
        if (bias is not null && BiasOf(node, bias, weight.Shape[0]) is not { } row)
        {
            throw new UnsupportedNodeException($"its bias is {bias.Shape}; one number for each of {weight.Shape[0]} outputs is supported");
        }

        return Linear(node, input, weight, bias is null || beta == 0 ? null : Scaled(node, BiasOf(node, bias, weight.Shape[0])!, beta));
    }

    /// <summary>x W; an addition behind it becomes its bias.</summary>
    public static GraphValue MatMul(NodeImport node) =>
        Linear(node, Rows(node), Transposed(node, Matrix(node.Constant(1, "weights").RequireFloats("weights"))), null);

    /// <summary>A row of numbers for so many outputs, however many axes of 1 it has and where all are one number; or null.</summary>
    public static HostTensor? BiasOf(NodeImport node, HostTensor constant, int outputs)
    {
        var row = new Shape(outputs);
        if (constant.Shape == row)
        {
            return constant;
        }

        bool fits = constant.Shape.Count == outputs && constant.Shape.Rank > 0 && constant.Shape[^1] == outputs;
        return fits ? node.Changed(constant, "row", () => constant.Reshaped(row))
            : constant.Shape.Count != 1 ? null
            : node.Changed(constant, $"row of {row}", () =>
            {
                float[] values = new float[outputs];
                Array.Fill(values, constant.Values[0]);
                return new HostTensor(row, values);
            });
    }

    private static GraphValue Linear(NodeImport node, GraphValue input, HostTensor weight, HostTensor? bias) =>
        input.Stored[0] == weight.Shape[1]
            ? node.Add(
                new LinearOperation(weight.Shape, bias is not null), [weight.Shape[0]], bias is null ? [weight] : [weight, bias], input)
            : throw new UnsupportedNodeException(
                $"its input is {input.Description}, its weights are for {weight.Shape[1]} values", ofShapes: true);

    private static GraphValue Rows(NodeImport node) => node.Activation(0) is { Stored.Count: 1 } rows
        ? rows
        : throw new UnsupportedNodeException($"its input is {node.Input(0).Description}; rows [N, F] are supported", ofShapes: true);

    private static HostTensor Matrix(HostTensor weight) => weight.Shape.Rank == 2
        ? weight
        : throw new UnsupportedNodeException($"its weights are {weight.Shape}; a matrix is supported");

    private static HostTensor Transposed(NodeImport node, HostTensor matrix) => node.Changed(matrix, "transposed", () =>
    {
        int rows = matrix.Shape[0], columns = matrix.Shape[1];
        float[] values = new float[matrix.Shape.Count];
        ReadOnlySpan<float> from = matrix.Values;
        for (int column = 0; column < columns; column++)
        {
            for (int row = 0; row < rows; row++)
            {
                values[(column * rows) + row] = from[(row * columns) + column];
            }
        }

        return new HostTensor(new Shape(columns, rows), values);
    });

    private static HostTensor Scaled(NodeImport node, HostTensor tensor, float factor) => factor == 1
        ? tensor
        : node.Changed(
            tensor, FormattableString.Invariant($"times {factor:R}"),
            () => new HostTensor(tensor.Shape, Array.ConvertAll(tensor.Values.ToArray(), value => value * factor)));
}
