using System.Globalization;
using SanityChecks.Compute;

namespace SanityChecks.Networks.Architectures;

/// <summary>Residual networks (He et al. 2016) with torchvision's tensor names.</summary>
/// <remarks>
/// Layers are called as the tensors: <c>conv1</c>, <c>bn1</c>, <c>layer4.2.conv3</c>, <c>layer4.0.downsample.0</c>, <c>fc</c>. The ReLUs of
/// a block, which torchvision has one module for, are <c>relu1</c>, <c>relu2</c> and the block itself: <c>layer4.2</c> is its output, which
/// Grad-CAM reads. Each residual block is a block for <c>layers: blocks</c>.
/// </remarks>
public static class ResNet
{
    /// <summary>Eighteen layers: two blocks of two convolutions in each of four stages.</summary>
    /// <param name="weights">Sets the widths and the number of classes; null for the published ones.</param>
    public static Network ResNet18(Weights? weights = null) => Build("resnet18", [2, 2, 2, 2], bottleneck: false, weights);

    /// <summary>Thirty-four layers.</summary>
    /// <param name="weights">Sets the widths and the number of classes; null for the published ones.</param>
    public static Network ResNet34(Weights? weights = null) => Build("resnet34", [3, 4, 6, 3], bottleneck: false, weights);

    /// <summary>Fifty layers, in blocks of three convolutions of which the middle one is narrow and has the stride.</summary>
    /// <param name="weights">Sets the widths and the number of classes; null for the published ones.</param>
    public static Network ResNet50(Weights? weights = null) => Build("resnet50", [3, 4, 6, 3], bottleneck: true, weights);

    /// <summary>A hundred and one layers.</summary>
    /// <param name="weights">Sets the widths and the number of classes; null for the published ones.</param>
    public static Network ResNet101(Weights? weights = null) => Build("resnet101", [3, 4, 23, 3], bottleneck: true, weights);

    private static Network Build(string architecture, int[] blocks, bool bottleneck, Weights? weights)
    {
        var builder = new NetworkBuilder(weights) { Block = "conv1" };
        Layer last = ConvolutionAndNorm(builder, builder.Last, "conv1", "bn1", 64, 7, 2, 3);
        last = builder.Relu(last, "relu", "relu");
        last = builder.MaxPool(last, "maxpool", "maxpool", new PoolingGeometry(3, 2, 1));
        for (int stage = 0; stage < blocks.Length; stage++)
        {
            int width = 64 << stage, outputs = bottleneck ? 4 * width : width;
            for (int i = 0; i < blocks[stage]; i++)
            {
                string name = builder.Block = string.Create(CultureInfo.InvariantCulture, $"layer{stage + 1}.{i}");
                int stride = stage > 0 && i == 0 ? 2 : 1;
                bool isProjected = i == 0 && (stage > 0 || bottleneck);
                last = Residual(builder, last, name, bottleneck, width, outputs, stride, isProjected);
            }
        }

        Layer explained = last;
        builder.Block = "fc";
        last = builder.Flatten(builder.AveragePool(last, "avgpool", 1));
        builder.Linear(last, "fc", "fc", 1000);
        return builder.Build(architecture, explained);
    }

    private static Layer Residual(
        NetworkBuilder builder, Layer input, string name, bool bottleneck, int width, int outputs, int stride, bool isProjected)
    {
        (int Outputs, int Kernel, int Stride)[] convolutions =
            bottleneck ? [(width, 1, 1), (width, 3, stride), (outputs, 1, 1)] : [(width, 3, stride), (outputs, 3, 1)];
        Layer last = input;
        for (int i = 1; i <= convolutions.Length; i++)
        {
            (int channels, int kernel, int step) = convolutions[i - 1];
            string number = i.ToString(CultureInfo.InvariantCulture);
            last = ConvolutionAndNorm(
                builder, last, $"{name}.conv{number}", $"{name}.bn{number}", channels, kernel, step, kernel / 2);
            last = i < convolutions.Length ? builder.Relu(last, $"{name}.relu{number}", $"{name}.relu{number}") : last;
        }

        Layer shortcut = isProjected
            ? ConvolutionAndNorm(builder, input, name + ".downsample.0", name + ".downsample.1", outputs, 1, stride, 0)
            : input;
        return builder.Relu(builder.Sum(last, shortcut, name + ".add"), name, name);
    }

    private static Layer ConvolutionAndNorm(
        NetworkBuilder builder, Layer input, string convolution, string norm, int outputs, int kernel, int stride, int padding) =>
        builder.BatchNorm(
            builder.Convolution(input, convolution, convolution, outputs, kernel, stride, padding, bias: false), norm, norm);
}
