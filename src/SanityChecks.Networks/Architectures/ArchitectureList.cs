using SanityChecks.RunFiles;

namespace SanityChecks.Networks.Architectures;

/// <summary>The networks that can be built, by name.</summary>
public static class ArchitectureList
{
    private static readonly (string Name, Func<Weights?, Network> Build)[] All =
    [
        ("vgg16", Vgg.Vgg16),
        ("vgg16_bn", weights => Vgg.Build(16, batchNorm: true, weights)),
        ("vgg19", weights => Vgg.Build(19, batchNorm: false, weights)),
        ("vgg19_bn", weights => Vgg.Build(19, batchNorm: true, weights)),
        ("vgg13", weights => Vgg.Build(13, batchNorm: false, weights)),
        ("vgg13_bn", weights => Vgg.Build(13, batchNorm: true, weights)),
        ("vgg11", weights => Vgg.Build(11, batchNorm: false, weights)),
        ("vgg11_bn", weights => Vgg.Build(11, batchNorm: true, weights)),
        ("alexnet", AlexNet.Build),
        ("resnet18", ResNet.ResNet18),
        ("resnet34", ResNet.ResNet34),
        ("resnet50", ResNet.ResNet50),
        ("resnet101", ResNet.ResNet101),
        ("densenet121", DenseNet.DenseNet121),
        ("squeezenet1_0", SqueezeNet.SqueezeNet10),
        ("squeezenet1_1", SqueezeNet.SqueezeNet11),
        ("mobilenet_v1", MobileNetV1.Build),
        ("mobilenet_v2", MobileNetV2.Build),
        ("googlenet", GoogLeNet.Build),
        ("inception_v3", InceptionV3.Build),
        ("efficientnet_b0", EfficientNet.EfficientNetB0),
        ("resnet20", weights => CifarResNet.Build(20, weights)),
        ("resnet32", weights => CifarResNet.Build(32, weights)),
        ("resnet44", weights => CifarResNet.Build(44, weights)),
        ("resnet56", weights => CifarResNet.Build(56, weights)),
        ("lenet", LeNet.Build),
    ];

    /// <summary>How the names of tensors begin that published weights have and only training uses.</summary>
    internal static IReadOnlyList<string> TrainingOnly { get; } = [.. GoogLeNet.TrainingOnly, .. InceptionV3.TrainingOnly];

    /// <summary>The names, as in <c>model.architecture</c>.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(architecture => architecture.Name)];

    /// <summary>Builds a network.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="weights">Sets the widths and the number of classes; null for the published ones.</param>
    /// <exception cref="InputException">There is no such architecture; the message lists them.</exception>
    public static Network Build(string name, Weights? weights = null)
    {
        foreach ((string candidate, Func<Weights?, Network> build) in All)
        {
            if (candidate == name)
            {
                return build(weights);
            }
        }

        throw new InputException($"There is no architecture '{name}'; the architectures are {string.Join(", ", Names)}.");
    }
}
