using System.Globalization;
using SanityChecks.Compute;

namespace SanityChecks.Networks.Architectures;

/// <summary>AlexNet (Krizhevsky 2014, "One weird trick"; the form that torchvision publishes) with torchvision's tensor names.</summary>
/// <remarks>Layers by either name: <c>features.10</c> = <c>conv5</c>, its ReLU <c>features.11</c> = <c>relu5</c>, <c>classifier.1</c>,
/// <c>.4</c>, <c>.6</c> = <c>fc6</c>, <c>fc7</c>, <c>fc8</c>. Images of at least 63 pixels.</remarks>
public static class AlexNet
{
    /// <summary>Builds the network.</summary>
    /// <param name="weights">Sets the widths and the number of classes; null for the published ones.</param>
    public static Network Build(Weights? weights = null)
    {
        (int Module, int Outputs, int Kernel, int Stride, int Padding)[] convolutions =
            [(0, 64, 11, 4, 2), (3, 192, 5, 1, 2), (6, 384, 3, 1, 1), (8, 256, 3, 1, 1), (10, 256, 3, 1, 1)];
        var builder = new NetworkBuilder(weights);
        Layer last = builder.Last, explained = last;
        foreach ((int i, (int module, int outputs, int kernel, int stride, int padding)) in convolutions.Index())
        {
            builder.Block = Text($"conv{i + 1}");
            last = builder.Convolution(last, Text($"features.{module}"), builder.Block, outputs, kernel, stride, padding);
            last = explained = builder.Relu(last, Text($"features.{module + 1}"), Text($"relu{i + 1}"));
            if (i is 0 or 1 or 4)
            {
                last = builder.MaxPool(last, Text($"features.{module + 2}"), Text($"pool{i + 1}"), new PoolingGeometry(3, 2));
            }
        }

        const int Side = 6;
        last = builder.Flatten(builder.AveragePool(last, "avgpool", Side));
        int positions = Side * Side;
        foreach ((int i, int module, int outputs) in new[] { (6, 1, 4096), (7, 4, 4096), (8, 6, 1000) })
        {
            builder.Block = Text($"fc{i}");
            last = builder.Linear(last, Text($"classifier.{module}"), builder.Block, outputs, positions);
            last = i < 8 ? builder.Relu(last, Text($"classifier.{module + 1}"), Text($"relu{i}")) : last;
            positions = 1;
        }

        return builder.Build("alexnet", explained);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
