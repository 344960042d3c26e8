using System.Globalization;
using SanityChecks.Compute;

namespace SanityChecks.Networks.Architectures;

/// <summary>DenseNet-121 (Huang et al. 2017) with torchvision's tensor names.</summary>
/// <remarks>Layers are called as torchvision's modules: <c>features.conv0</c>, <c>features.denseblock4.denselayer16.conv2</c>,
/// <c>classifier</c>. Grad-CAM reads the ReLU behind the last normalization, <c>relu</c>. Each dense layer is a block for
/// <c>layers: blocks</c>.</remarks>
public static class DenseNet
{
    private const int Growth = 32;

    /// <summary>Builds the network.</summary>
    /// <param name="weights">Sets the widths and the number of classes; null for the published ones.</param>
    public static Network DenseNet121(Weights? weights = null)
    {
        int[] blocks = [6, 12, 24, 16];
        var builder = new NetworkBuilder(weights) { Block = "features.conv0" };
        Layer last = builder.Convolution(builder.Last, "features.conv0", "features.conv0", 2 * Growth, 7, 2, 3, bias: false);
        last = NormAndRelu(builder, last, "features.norm0", "features.relu0");
        last = builder.MaxPool(last, "features.pool0", "features.pool0", new PoolingGeometry(3, 2, 1));
        int published = 2 * Growth;
        for (int block = 1; block <= blocks.Length; block++)
        {
            for (int i = 1; i <= blocks[block - 1]; i++)
            {
                builder.Block = string.Create(CultureInfo.InvariantCulture, $"features.denseblock{block}.denselayer{i}");
                last = DenseLayer(builder, last);
                published += Growth;
            }

            if (block < blocks.Length)
            {
                builder.Block = string.Create(CultureInfo.InvariantCulture, $"features.transition{block}");
                published /= 2;
                last = NormAndRelu(builder, last, builder.Block + ".norm", builder.Block + ".relu");
                last = builder.Convolution(last, builder.Block + ".conv", builder.Block + ".conv", published, 1, bias: false);
                last = builder.AveragePool(last, builder.Block + ".pool", new PoolingGeometry(2, 2));
            }
        }

        builder.Block = "features.norm5";
        Layer explained = last = NormAndRelu(builder, last, "features.norm5", "relu");
        builder.Block = "classifier";
        last = builder.Flatten(builder.AveragePool(last, "avgpool", 1));
        builder.Linear(last, "classifier", "classifier", 1000);
        return builder.Build("densenet121", explained);
    }

    /// <summary>What a dense layer reads, and what it makes of that, one after the other.</summary>
    private static Layer DenseLayer(NetworkBuilder builder, Layer input)
    {
        string name = builder.Block;
        Layer last = NormAndRelu(builder, input, name + ".norm1", name + ".relu1");
        last = builder.Convolution(last, name + ".conv1", name + ".conv1", 4 * Growth, 1, bias: false);
        last = NormAndRelu(builder, last, name + ".norm2", name + ".relu2");
        last = builder.Convolution(last, name + ".conv2", name + ".conv2", Growth, 3, 1, 1, bias: false);
        return builder.Concatenate(name, name, input, last);
    }

    private static Layer NormAndRelu(NetworkBuilder builder, Layer input, string norm, string relu) =>
        builder.Relu(builder.BatchNorm(input, norm, norm), relu, relu);
}
