using System.Globalization;

namespace SanityChecks.Networks.Architectures;

/// <summary>The small residual networks for images of 32 x 32 (He et al. 2016, section 4.2, with shortcuts without weights) with the tensor
/// names of Idelbayev's weights (akamaster/pytorch_resnet_cifar10).</summary>
/// <remarks>Layers are called as the tensors: <c>conv1</c>, <c>layer3.2.conv2</c>, <c>linear</c>. A block's output, which Grad-CAM reads of
/// the last one, has the block's name: <c>layer3.2</c>.</remarks>
public static class CifarResNet
{
    /// <summary>A network of 6 n + 2 layers.</summary>
    /// <param name="depth">20, 32, 44 or 56.</param>
    /// <param name="weights">Sets the widths and the number of classes; null for the published ones.</param>
    public static Network Build(int depth, Weights? weights = null)
    {
        var builder = new NetworkBuilder(weights) { Block = "conv1", ImageSize = new ImageSize(3, 32, 32) };
        Layer last = builder.Convolution(builder.Last, "conv1", "conv1", 16, 3, 1, 1, bias: false);
        last = builder.Relu(builder.BatchNorm(last, "bn1", "bn1"), "relu", "relu");
        for (int stage = 1; stage <= 3; stage++)
        {
            for (int i = 0; i < (depth - 2) / 6; i++)
            {
                string name = builder.Block = string.Create(CultureInfo.InvariantCulture, $"layer{stage}.{i}");
                last = Residual(builder, last, name, 8 << stage, stage > 1 && i == 0);
            }
        }

        Layer explained = last;
        builder.Block = "linear";
        last = builder.Flatten(builder.AveragePool(last, "avgpool", 1));
        builder.Linear(last, "linear", "linear", 10);
        return builder.Build(string.Create(CultureInfo.InvariantCulture, $"resnet{depth}"), explained);
    }

    private static Layer Residual(NetworkBuilder builder, Layer input, string name, int width, bool halves)
    {
        Layer last = builder.Convolution(
            input, name + ".conv1", name + ".conv1", width, 3, halves ? 2 : 1, 1, bias: false);
        last = builder.Relu(builder.BatchNorm(last, name + ".bn1", name + ".bn1"), name + ".relu1", name + ".relu1");
        last = builder.Convolution(last, name + ".conv2", name + ".conv2", width, 3, 1, 1, bias: false);
        last = builder.BatchNorm(last, name + ".bn2", name + ".bn2");
        Layer shortcut = halves ? builder.Subsample(input, name + ".shortcut", builder.Channels(last)) : input;
        return builder.Relu(builder.Sum(last, shortcut, name + ".add"), name, name);
    }
}
