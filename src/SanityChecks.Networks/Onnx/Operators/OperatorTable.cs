using Onnx;

namespace SanityChecks.Networks.Onnx.Operators;

/// <summary>The operators that are read: each with the function that makes a layer or a constant of a node.</summary>
internal static class OperatorTable
{
    private static readonly Dictionary<string, Func<NodeImport, GraphValue>> Converters = new(StringComparer.Ordinal)
    {
        ["Add"] = ElementwiseConverters.Add,
        ["AveragePool"] = PoolingConverters.Average,
        ["BatchNormalization"] = NormalizationConverters.BatchNorm,
        ["Cast"] = ConstantConverters.Cast,
        ["Clip"] = ActivationConverters.Clip,
        ["Concat"] = ArrangingConverters.Concatenate,
        ["Constant"] = ConstantConverters.Constant,
        ["ConstantOfShape"] = ConstantConverters.OfShape,
        ["Conv"] = ConvolutionConverters.Convolution,
        ["Div"] = ElementwiseConverters.Divide,
        ["Dropout"] = ActivationConverters.Dropout,
        ["Elu"] = ActivationConverters.Elu,
        ["Flatten"] = ArrangingConverters.Flatten,
        ["Gather"] = ConstantConverters.Gather,
        ["Gemm"] = LinearConverters.Gemm,
        ["GlobalAveragePool"] = PoolingConverters.GlobalAverage,
        ["GlobalMaxPool"] = PoolingConverters.GlobalMaximum,
        ["HardSigmoid"] = ActivationConverters.HardSigmoid,
        ["HardSwish"] = ActivationConverters.HardSwish,
        ["Identity"] = ActivationConverters.Identity,
        ["LRN"] = NormalizationConverters.LocalResponse,
        ["LeakyRelu"] = ActivationConverters.LeakyRelu,
        ["LogSoftmax"] = ActivationConverters.AtTheEnd,
        ["MatMul"] = LinearConverters.MatMul,
        ["MaxPool"] = PoolingConverters.Maximum,
        ["Mul"] = ElementwiseConverters.Multiply,
        ["Neg"] = PowerConverters.Negative,
        ["PRelu"] = ActivationConverters.PRelu,
        ["Pad"] = RegionConverters.Pad,
        ["Pow"] = PowerConverters.Power,
        ["Reciprocal"] = PowerConverters.Reciprocal,
        ["ReduceMean"] = PoolingConverters.ReduceMean,
        ["Relu"] = ActivationConverters.Relu,
        ["Reshape"] = ArrangingConverters.Reshape,
        ["Shape"] = ConstantConverters.ShapeOf,
        ["Sigmoid"] = ActivationConverters.Sigmoid,
        ["Slice"] = RegionConverters.Slice,
        ["Softmax"] = ActivationConverters.AtTheEnd,
        ["Split"] = RegionConverters.Split,
        ["Sqrt"] = PowerConverters.SquareRoot,
        ["Squeeze"] = ArrangingConverters.Squeeze,
        ["Sub"] = ElementwiseConverters.Subtract,
        ["Sum"] = ElementwiseConverters.Sum,
        ["Tanh"] = ActivationConverters.Tanh,
        ["Transpose"] = ArrangingConverters.Transpose,
        ["Unsqueeze"] = ArrangingConverters.Unsqueeze,
    };

    /// <summary>The names of the operators, in alphabetical order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Converters.Keys.Order(StringComparer.Ordinal)];

    /// <summary>What makes something of a node.</summary>
    /// <exception cref="UnsupportedNodeException">Nothing does.</exception>
    public static Func<NodeImport, GraphValue> Converter(NodeProto node) => node.Domain is not ("" or "ai.onnx")
        ? throw new UnsupportedNodeException($"an operator of '{node.Domain}'; those of ai.onnx are supported")
        : Converters.TryGetValue(node.OpType, out Func<NodeImport, GraphValue>? converter)
            ? converter
            : throw new UnsupportedNodeException("no supported operator");
}
