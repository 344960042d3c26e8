namespace SanityChecks.Networks.Architectures;

/// <summary>What torchvision's two Inception networks share.</summary>
internal static class InceptionParts
{
    /// <summary>torchvision's <c>transform_input</c>, which is on with published weights: images that were normalized with ImageNet's mean
    /// and deviation become what those weights, ported from TensorFlow, were trained on, pixels between -1 and 1.</summary>
    public static Layer Input(NetworkBuilder builder) => builder.FixedScale(
        builder.Last, "transform_input", [0.229f / 0.5f, 0.224f / 0.5f, 0.225f / 0.5f],
        [(0.485f - 0.5f) / 0.5f, (0.456f - 0.5f) / 0.5f, (0.406f - 0.5f) / 0.5f]);

    /// <summary>torchvision's BasicConv2d: a convolution without a bias, a normalization and a ReLU.</summary>
    public static Layer Basic(
        NetworkBuilder builder, Layer input, string name, int outputs, (int Height, int Width) kernel, int stride = 1,
        (int Y, int X) padding = default)
    {
        string convolution = name + ".conv", norm = name + ".bn", relu = name + ".relu";
        var geometry = new Compute.ConvolutionGeometry(stride, stride, padding.Y, padding.X);
        Layer last = builder.Convolution(input, convolution, convolution, outputs, kernel, geometry, bias: false);
        return builder.Relu(builder.BatchNorm(last, norm, norm, epsilon: 1e-3f), relu, relu);
    }
}
