using SanityChecks.Compute;

namespace SanityChecks.Networks.Architectures;

/// <summary>GoogLeNet (Szegedy et al. 2015), with batch normalizations, with torchvision's tensor names.</summary>
/// <remarks>
/// Layers are called as torchvision's modules: <c>conv1.conv</c>, <c>inception4e.branch2.1.conv</c>, <c>fc</c>. An inception block's
/// output, which Grad-CAM reads of the last, has the block's name: <c>inception5b</c>; each is a block for <c>layers: blocks</c>. As in
/// torchvision the third branch has windows of 3 x 3, and images come with ImageNet's mean and deviation, which the first layer turns into
/// pixels between -1 and 1. The two classifiers that only training uses are left out.
/// </remarks>
public static class GoogLeNet
{
    /// <summary>The tensors of what only training uses begin like this.</summary>
    internal static IReadOnlyList<string> TrainingOnly { get; } = ["aux1.", "aux2."];

    /// <summary>Builds the network.</summary>
    /// <param name="weights">Sets the widths and the number of classes; null for the published ones.</param>
    public static Network Build(Weights? weights = null)
    {
        var builder = new NetworkBuilder(weights) { Block = "conv1" };
        var pooling = new PoolingGeometry(3, 2, ceilMode: true);
        Layer last = InceptionParts.Basic(builder, InceptionParts.Input(builder), "conv1", 64, (7, 7), 2, (3, 3));
        last = builder.MaxPool(last, "maxpool1", "maxpool1", pooling);
        builder.Block = "conv2";
        last = InceptionParts.Basic(builder, last, "conv2", 64, (1, 1));
        builder.Block = "conv3";
        last = InceptionParts.Basic(builder, last, "conv3", 192, (3, 3), 1, (1, 1));
        last = builder.MaxPool(last, "maxpool2", "maxpool2", pooling);
        last = Inception(builder, last, "inception3a", 64, (96, 128), (16, 32), 32);
        last = Inception(builder, last, "inception3b", 128, (128, 192), (32, 96), 64);
        last = builder.MaxPool(last, "maxpool3", "maxpool3", pooling);
        last = Inception(builder, last, "inception4a", 192, (96, 208), (16, 48), 64);
        last = Inception(builder, last, "inception4b", 160, (112, 224), (24, 64), 64);
        last = Inception(builder, last, "inception4c", 128, (128, 256), (24, 64), 64);
        last = Inception(builder, last, "inception4d", 112, (144, 288), (32, 64), 64);
        last = Inception(builder, last, "inception4e", 256, (160, 320), (32, 128), 128);
        last = builder.MaxPool(last, "maxpool4", "maxpool4", new PoolingGeometry(2, 2, ceilMode: true));
        last = Inception(builder, last, "inception5a", 256, (160, 320), (32, 128), 128);
        Layer explained = last = Inception(builder, last, "inception5b", 384, (192, 384), (48, 128), 128);
        builder.Block = "fc";
        last = builder.Flatten(builder.AveragePool(last, "avgpool", 1));
        builder.Linear(last, "fc", "fc", 1000);
        return builder.Build("googlenet", explained);
    }

    private static Layer Inception(
        NetworkBuilder builder, Layer input, string name, int one, (int Reduced, int Outputs) three, (int Reduced, int Outputs) five,
        int pooled)
    {
        builder.Block = name;
        Layer first = InceptionParts.Basic(builder, input, name + ".branch1", one, (1, 1));
        Layer second = InceptionParts.Basic(builder, input, name + ".branch2.0", three.Reduced, (1, 1));
        second = InceptionParts.Basic(builder, second, name + ".branch2.1", three.Outputs, (3, 3), 1, (1, 1));
        Layer third = InceptionParts.Basic(builder, input, name + ".branch3.0", five.Reduced, (1, 1));
        third = InceptionParts.Basic(builder, third, name + ".branch3.1", five.Outputs, (3, 3), 1, (1, 1));
        string pool = name + ".branch4.0";
        Layer fourth = builder.MaxPool(input, pool, pool, new PoolingGeometry(3, 1, 1, ceilMode: true));
        fourth = InceptionParts.Basic(builder, fourth, name + ".branch4.1", pooled, (1, 1));
        return builder.Concatenate(name, name, first, second, third, fourth);
    }
}
