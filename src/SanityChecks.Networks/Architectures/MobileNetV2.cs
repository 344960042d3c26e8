using System.Globalization;
using SanityChecks.Compute;

namespace SanityChecks.Networks.Architectures;

/// <summary>MobileNet v2 (Sandler et al. 2018) with torchvision's tensor names.</summary>
/// <remarks>Layers are called as torchvision's modules: <c>features.0.0</c>, <c>features.14.conv.1.0</c> (a convolution of each channel for
/// itself), <c>classifier.1</c>. Grad-CAM reads the last ReLU6, <c>features.18.2</c>. Each inverted residual is a block for
/// <c>layers: blocks</c>.</remarks>
public static class MobileNetV2
{
    /// <summary>Builds the network.</summary>
    /// <param name="weights">Sets the widths and the number of classes; null for the published ones.</param>
    public static Network Build(Weights? weights = null)
    {
        (int Expansion, int Outputs, int Repeats, int Stride)[] settings =
            [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)];
        var builder = new NetworkBuilder(weights) { Block = "features.0" };
        Layer last = builder.Convolution(builder.Last, "features.0.0", "features.0.0", 32, 3, 2, 1, bias: false);
        last = NormAndRelu(builder, last, "features.0");
        int module = 1, inputs = 32;
        foreach ((int expansion, int outputs, int repeats, int stride) in settings)
        {
            for (int i = 0; i < repeats; i++)
            {
                builder.Block = Name("features", module++);
                last = Residual(builder, last, inputs, expansion, outputs, i == 0 ? stride : 1);
                inputs = outputs;
            }
        }

        builder.Block = Name("features", module);
        last = builder.Convolution(last, builder.Block + ".0", builder.Block + ".0", 1280, 1, bias: false);
        Layer explained = last = NormAndRelu(builder, last, builder.Block);
        builder.Block = "classifier";
        last = builder.Flatten(builder.AveragePool(last, "avgpool", 1));
        builder.Linear(last, "classifier.1", "classifier.1", 1000);
        return builder.Build("mobilenet_v2", explained);
    }

    private static Layer Residual(NetworkBuilder builder, Layer input, int inputs, int expansion, int outputs, int stride)
    {
        string name = builder.Block + ".conv";
        Layer last = input;
        int part = 0;
        if (expansion > 1)
        {
            string expanded = Name(name, part++);
            last = builder.Convolution(last, expanded + ".0", expanded + ".0", expansion * inputs, 1, bias: false);
            last = NormAndRelu(builder, last, expanded);
        }

        string depthwise = Name(name, part++);
        last = NormAndRelu(builder, builder.Depthwise(last, depthwise + ".0", 3, stride, 1), depthwise);
        string projection = Name(name, part++), norm = Name(name, part);
        last = builder.Convolution(last, projection, projection, outputs, 1, bias: false);
        last = builder.BatchNorm(last, norm, norm);
        return stride == 1 && inputs == outputs ? builder.Sum(last, input, builder.Block + ".add") : last;
    }

    private static Layer NormAndRelu(NetworkBuilder builder, Layer input, string name) => builder.Relu(
        builder.BatchNorm(input, name + ".1", name + ".1"), name + ".2", name + ".2", Activation.Relu6);

    private static string Name(string prefix, int number) => string.Create(CultureInfo.InvariantCulture, $"{prefix}.{number}");
}
