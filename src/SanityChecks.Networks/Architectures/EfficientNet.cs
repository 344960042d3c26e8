using System.Globalization;
using SanityChecks.Compute;

namespace SanityChecks.Networks.Architectures;

/// <summary>EfficientNet-B0 (Tan and Le 2019) with torchvision's tensor names.</summary>
/// <remarks>Layers are called as torchvision's modules: <c>features.0.0</c>, <c>features.6.2.block.1.0</c> (a convolution of each channel
/// for itself), <c>features.6.2.block.2.fc1</c> (what weights the channels), <c>classifier.1</c>. Grad-CAM reads the last SiLU,
/// <c>features.8.2</c>. It has no ReLU, so that Guided Backprop and Deconvnet are refused. Each inverted residual is a block for
/// <c>layers: blocks</c>.</remarks>
public static class EfficientNet
{
    /// <summary>Builds the network.</summary>
    /// <param name="weights">Sets the widths and the number of classes; null for the published ones.</param>
    public static Network EfficientNetB0(Weights? weights = null)
    {
        (int Expansion, int Kernel, int Stride, int Outputs, int Repeats)[] settings =
        [
            (1, 3, 1, 16, 1), (6, 3, 2, 24, 2), (6, 5, 2, 40, 2), (6, 3, 2, 80, 3), (6, 5, 1, 112, 3), (6, 5, 2, 192, 4), (6, 3, 1, 320, 1),
        ];
        var builder = new NetworkBuilder(weights) { Block = "features.0" };
        Layer last = builder.Convolution(builder.Last, "features.0.0", "features.0.0", 32, 3, 2, 1, bias: false);
        last = NormAndSilu(builder, last, "features.0");
        int inputs = 32;
        for (int stage = 0; stage < settings.Length; stage++)
        {
            (int expansion, int kernel, int stride, int outputs, int repeats) = settings[stage];
            for (int i = 0; i < repeats; i++)
            {
                builder.Block = string.Create(CultureInfo.InvariantCulture, $"features.{stage + 1}.{i}");
                last = Residual(builder, last, (inputs, expansion, outputs), kernel, i == 0 ? stride : 1);
                inputs = outputs;
            }
        }

        builder.Block = "features.8";
        last = builder.Convolution(last, "features.8.0", "features.8.0", 1280, 1, bias: false);
        Layer explained = last = NormAndSilu(builder, last, "features.8");
        builder.Block = "classifier";
        last = builder.Flatten(builder.AveragePool(last, "avgpool", 1));
        builder.Linear(last, "classifier.1", "classifier.1", 1000);
        return builder.Build("efficientnet_b0", explained);
    }

    private static Layer Residual(
        NetworkBuilder builder, Layer input, (int Inputs, int Expansion, int Outputs) channels, int kernel, int stride)
    {
        string name = builder.Block + ".block";
        int expanded = channels.Expansion * channels.Inputs, part = 0;
        Layer last = input;
        if (channels.Expansion > 1)
        {
            string expansion = Name(name, part++);
            last = builder.Convolution(last, expansion + ".0", expansion + ".0", expanded, 1, bias: false);
            last = NormAndSilu(builder, last, expansion);
        }

        string depthwise = Name(name, part++);
        last = NormAndSilu(builder, builder.Depthwise(last, depthwise + ".0", kernel, stride, kernel / 2), depthwise);
        last = Excited(builder, last, Name(name, part++), channels.Inputs / 4, expanded);
        string projection = Name(name, part);
        last = builder.Convolution(last, projection + ".0", projection + ".0", channels.Outputs, 1, bias: false);
        last = builder.BatchNorm(last, projection + ".1", projection + ".1");
        return stride == 1 && channels.Inputs == channels.Outputs ? builder.Sum(last, input, builder.Block + ".add") : last;
    }

    /// <summary>Channels weighted by what a small network makes of their means (Hu et al. 2018).</summary>
    private static Layer Excited(NetworkBuilder builder, Layer input, string name, int squeezed, int expanded)
    {
        Layer gate = builder.AveragePool(input, name + ".avgpool", 1);
        gate = builder.Convolution(gate, name + ".fc1", name + ".fc1", squeezed, 1);
        gate = builder.Function(gate, name + ".activation", PointwiseFunction.Silu);
        gate = builder.Convolution(gate, name + ".fc2", name + ".fc2", expanded, 1);
        return builder.Product(input, builder.Function(gate, name + ".scale_activation", PointwiseFunction.Sigmoid), name);
    }

    private static Layer NormAndSilu(NetworkBuilder builder, Layer input, string name) =>
        builder.Function(builder.BatchNorm(input, name + ".1", name + ".1"), name + ".2", PointwiseFunction.Silu);

    private static string Name(string prefix, int number) => string.Create(CultureInfo.InvariantCulture, $"{prefix}.{number}");
}
