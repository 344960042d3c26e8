using SanityChecks.Compute;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Networks.Onnx.Operators;

/// <summary>Conv.</summary>
internal static class ConvolutionConverters
{
    /// <summary>A convolution of images, with or without a bias.</summary>
    public static GraphValue Convolution(NodeImport node)
    {
        GraphValue input = node.Planes(0);
        HostTensor weight = node.Constant(1, "filters").RequireFloats("filters");
        if (weight.Shape.Rank != 4)
        {
            throw new UnsupportedNodeException($"its filters are {weight.Shape}; [O, C, H, W] is supported");
        }

        int[] kernel = [weight.Shape[2], weight.Shape[3]];
        Window window = Window.Of(node, kernel);
        int groups = node.Attributes.Integer("group", 1);
        if (groups < 1)
        {
            throw new UnsupportedNodeException($"group {groups}");
        }

        ((int top, int bottom), (int left, int right)) = window.EvenPadding(input.Stored);
        if (top != bottom || left != right)
        {
            input = node.AddPart(
                "/pad", new PadOperation(top, left, bottom, right),
                [input.Stored[0], input.Stored[1] + top + bottom, input.Stored[2] + left + right], input);
            (top, left) = (0, 0);
        }

        var geometry = new ConvolutionGeometry(
            window.Strides[0], window.Strides[1], top, left, groups, window.Dilations[0], window.Dilations[1]);
        Shape output = geometry.OutputShape(new Shape([1, .. input.Stored]), weight.Shape);
        HostTensor? bias = node.OptionalConstant(2, "bias")?.RequireFloats("bias");
        if (bias is not null && bias.Shape != new Shape(weight.Shape[0]))
        {
            throw new UnsupportedNodeException($"its bias is {bias.Shape}; [{weight.Shape[0]}] is supported");
        }

        return node.Add(
            new ConvolutionOperation(weight.Shape, geometry, bias is not null), output.Axes[1..].ToArray(),
            bias is null ? [weight] : [weight, bias], input);
    }
}
