using System.Globalization;
using SanityChecks.Compute;

namespace SanityChecks.Networks.Architectures;

/// <summary>MobileNet v1 (Howard et al. 2017) as TensorFlow's slim models have it: ReLU6, SAME padding, 1001 classes of which the first is
/// the background.</summary>
/// <remarks>
/// Tensors are named as in the weights that Google publishes for PyTorch (<c>google/mobilenet_v1_1.0_224</c>):
/// <c>mobilenet_v1.layer.25.convolution.weight</c>; layers have slim's names too: <c>Conv2d_13_pointwise</c>, <c>Logits</c>. Grad-CAM reads
/// the last ReLU6. Each pair of a convolution of every channel for itself and one over channels is a block for <c>layers: blocks</c>. It
/// was trained on pixels between -1 and 1: preprocessing <c>half</c>.
/// </remarks>
public static class MobileNetV1
{
    private const float Epsilon = 1e-3f;

    /// <summary>Builds the network.</summary>
    /// <param name="weights">Sets the widths and the number of classes; null for the published ones.</param>
    public static Network Build(Weights? weights = null)
    {
        int[] strides = [1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1];
        var builder = new NetworkBuilder(weights) { Block = "Conv2d_0" };
        Layer last = builder.PadAsTensorFlow(builder.Last, "Conv2d_0_pad", 3, 2);
        last = builder.Convolution(last, "mobilenet_v1.conv_stem.convolution", "Conv2d_0", 32, 3, 2, bias: false);
        last = NormAndRelu(builder, last, "mobilenet_v1.conv_stem", "Conv2d_0");
        int width = 32;
        for (int i = 0; i < strides.Length; i++)
        {
            width *= i == 0 || strides[i] == 2 ? 2 : 1;
            string paperName = builder.Block = string.Create(CultureInfo.InvariantCulture, $"Conv2d_{i + 1}");
            string depthwise = Module(2 * i), pointwise = Module((2 * i) + 1);
            last = builder.PadAsTensorFlow(last, paperName + "_pad", 3, strides[i]);
            last = builder.Depthwise(last, depthwise + ".convolution", paperName + "_depthwise", 3, strides[i], 0);
            last = NormAndRelu(builder, last, depthwise, paperName + "_depthwise");
            last = builder.Convolution(last, pointwise + ".convolution", paperName + "_pointwise", width, 1, bias: false);
            last = NormAndRelu(builder, last, pointwise, paperName + "_pointwise");
        }

        Layer explained = last;
        builder.Block = "Logits";
        last = builder.Flatten(builder.AveragePool(last, "avgpool", 1));
        builder.Linear(last, "classifier", "Logits", 1001);
        return builder.Build("mobilenet_v1", explained);
    }

    private static Layer NormAndRelu(NetworkBuilder builder, Layer input, string name, string paperName) => builder.Relu(
        builder.BatchNorm(input, name + ".normalization", paperName + "_norm", Epsilon), name + ".activation", paperName + "_relu6",
        Activation.Relu6);

    private static string Module(int number) => string.Create(CultureInfo.InvariantCulture, $"mobilenet_v1.layer.{number}");
}
