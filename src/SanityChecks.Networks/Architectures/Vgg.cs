using System.Globalization;
using SanityChecks.Compute;

namespace SanityChecks.Networks.Architectures;

/// <summary>VGG (Simonyan and Zisserman 2015, configurations A, B, D and E) with torchvision's tensor names.</summary>
/// <remarks>
/// Any image size of at least 32 pixels (adaptive pooling to 7 x 7 before fc6), any width and number of classes. Layers by either name:
/// <c>features.28</c> = <c>conv5_3</c>, its ReLU <c>features.29</c> = <c>relu5_3</c>, <c>features.30</c> = <c>pool5</c>,
/// <c>classifier.0</c>, <c>.3</c>, <c>.6</c> = <c>fc6</c>, <c>fc7</c>, <c>fc8</c>.
/// </remarks>
public static class Vgg
{
    /// <summary>Thirteen convolutions and three fully connected layers.</summary>
    /// <param name="weights">Sets the widths; null for the published ones.</param>
    public static Network Vgg16(Weights? weights = null) => Build(16, batchNorm: false, weights);

    /// <summary>A network of so many layers with weights.</summary>
    /// <param name="depth">11, 13, 16 or 19.</param>
    /// <param name="batchNorm">Whether a batch normalization (bn1_1 and so on) follows each convolution, as in torchvision's
    /// <c>vgg16_bn</c>.</param>
    /// <param name="weights">Sets the widths; null for the published ones.</param>
    public static Network Build(int depth, bool batchNorm, Weights? weights = null)
    {
        int[] convolutions = depth switch
        {
            11 => [1, 1, 2, 2, 2],
            13 => [2, 2, 2, 2, 2],
            16 => [2, 2, 3, 3, 3],
            19 => [2, 2, 4, 4, 4],
            _ => throw new ArgumentOutOfRangeException(nameof(depth), depth, "VGG has 11, 13, 16 or 19 layers."),
        };
        return Build(Text($"vgg{depth}{(batchNorm ? "_bn" : "")}"), convolutions, weights, batchNorm);
    }

    private static Network Build(string architecture, int[] convolutions, Weights? weights, bool batchNorm)
    {
        int[] widths = [64, 128, 256, 512, 512];
        var builder = new NetworkBuilder(weights);
        Layer last = builder.Last, explained = last;
        int module = 0;
        for (int block = 0; block < convolutions.Length; block++)
        {
            builder.Block = Text($"conv{block + 1}");
            for (int i = 1; i <= convolutions[block]; i++)
            {
                last = builder.Convolution(last, Text($"features.{module++}"), Text($"conv{block + 1}_{i}"), widths[block], 3, 1, 1);
                last = batchNorm ? builder.BatchNorm(last, Text($"features.{module++}"), Text($"bn{block + 1}_{i}")) : last;
                last = explained = builder.Relu(last, Text($"features.{module++}"), Text($"relu{block + 1}_{i}"));
            }

            last = builder.MaxPool(last, Text($"features.{module++}"), Text($"pool{block + 1}"), new PoolingGeometry(2, 2));
        }

        last = builder.Flatten(builder.AveragePool(last, "avgpool", 7));
        int positions = 49;
        foreach ((int i, int outputs) in new[] { (6, 4096), (7, 4096), (8, 1000) })
        {
            builder.Block = Text($"fc{i}");
            last = builder.Linear(last, Text($"classifier.{(i - 6) * 3}"), builder.Block, outputs, positions);
            last = i < 8 ? builder.Relu(last, Text($"classifier.{((i - 6) * 3) + 1}"), Text($"relu{i}")) : last;
            positions = 1;
        }

        return builder.Build(architecture, explained);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
