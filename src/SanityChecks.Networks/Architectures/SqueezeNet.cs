using System.Globalization;
using SanityChecks.Compute;

namespace SanityChecks.Networks.Architectures;

/// <summary>SqueezeNet (Iandola et al. 2016) and the smaller revision 1.1 that its authors published, with torchvision's tensor
/// names.</summary>
/// <remarks>
/// Layers by either name, in 1.1: <c>features.0</c> = <c>conv1</c>, <c>features.12</c> = <c>fire9</c>, its parts
/// <c>features.12.squeeze</c> = <c>fire9.squeeze</c> and so on, <c>classifier.1</c> = <c>conv10</c>. The logits are the mean over space
/// of conv10's ReLU.
/// </remarks>
public static class SqueezeNet
{
    /// <summary>The network of the paper.</summary>
    /// <param name="weights">Sets the widths and the number of classes; null for the published ones.</param>
    public static Network SqueezeNet10(Weights? weights = null) =>
        Build("squeezenet1_0", (96, 7), [[16, 16, 32], [32, 48, 48, 64], [64]], weights);

    /// <summary>The revision, which pools earlier and begins narrower.</summary>
    /// <param name="weights">Sets the widths and the number of classes; null for the published ones.</param>
    public static Network SqueezeNet11(Weights? weights = null) =>
        Build("squeezenet1_1", (64, 3), [[16, 16], [32, 32], [48, 48, 64, 64]], weights);

    private static Network Build(string architecture, (int Outputs, int Kernel) first, int[][] squeezed, Weights? weights)
    {
        var builder = new NetworkBuilder(weights) { Block = "conv1" };
        var pooling = new PoolingGeometry(3, 2, ceilMode: true);
        Layer last = builder.Convolution(builder.Last, "features.0", "conv1", first.Outputs, first.Kernel, 2);
        last = builder.Relu(last, "features.1", "relu1");
        int module = 2, fire = 2;
        foreach (int[] squeezes in squeezed)
        {
            last = builder.MaxPool(last, Name("features", module++), Name("pool", fire - 1), pooling);
            foreach (int squeeze in squeezes)
            {
                last = Fire(builder, last, Name("features", module++), "fire" + fire++.ToString(CultureInfo.InvariantCulture), squeeze);
            }
        }

        Layer explained = last;
        builder.Block = "conv10";
        last = builder.Convolution(last, "classifier.1", "conv10", 1000, 1, 1, 0);
        last = builder.Relu(last, "classifier.2", "relu10");
        last = builder.AveragePool(last, "classifier.3", 1);
        builder.Flatten(last);
        return builder.Build(architecture, explained);
    }

    private static Layer Fire(NetworkBuilder builder, Layer input, string name, string paperName, int squeeze)
    {
        builder.Block = paperName;
        Layer squeezed = ConvolutionAndRelu(builder, input, name, paperName, "squeeze", squeeze, 1, 0);
        Layer one = ConvolutionAndRelu(builder, squeezed, name, paperName, "expand1x1", 4 * squeeze, 1, 0);
        Layer three = ConvolutionAndRelu(builder, squeezed, name, paperName, "expand3x3", 4 * squeeze, 3, 1);
        return builder.Concatenate(name, paperName, one, three);
    }

    private static Layer ConvolutionAndRelu(
        NetworkBuilder builder, Layer input, string name, string paperName, string part, int outputs, int kernel, int padding)
    {
        Layer convolution = builder.Convolution(input, $"{name}.{part}", $"{paperName}.{part}", outputs, kernel, 1, padding);
        return builder.Relu(convolution, $"{name}.{part}_activation", $"{paperName}.{part}_relu");
    }

    private static string Name(string prefix, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}{(prefix == "features" ? "." : "")}{number}");
}
