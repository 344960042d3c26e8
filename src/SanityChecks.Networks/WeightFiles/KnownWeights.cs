namespace SanityChecks.Networks.WeightFiles;

/// <summary>A weight file that its makers publish.</summary>
/// <param name="Architecture">The network it is for: <c>vgg16</c>.</param>
/// <param name="Name">What a configuration calls it: <c>imagenet</c>.</param>
/// <param name="Url">Where it is.</param>
/// <param name="Sha256Prefix">The first digits of its SHA-256; torchvision puts eight of them into the file's name.</param>
/// <param name="FileName">What it is called in the cache.</param>
public sealed record KnownWeights(string Architecture, string Name, Uri Url, string Sha256Prefix, string FileName)
{
    /// <summary>Every published file that is known.</summary>
    public static IReadOnlyList<KnownWeights> All { get; } =
    [
        OfTorchvision("vgg16", "397923af"),
        OfTorchvision("vgg16_bn", "6c64b313"),
        OfTorchvision("vgg19", "dcbb9e9d"),
        OfTorchvision("vgg19_bn", "c79401a0"),
        OfTorchvision("vgg13", "19584684"),
        OfTorchvision("vgg13_bn", "abd245e5"),
        OfTorchvision("vgg11", "8a719046"),
        OfTorchvision("vgg11_bn", "6002323d"),
        OfTorchvision("alexnet", "7be5be79", "alexnet-owt"),
        OfTorchvision("resnet18", "f37072fd"),
        OfTorchvision("resnet34", "b627a593"),
        OfTorchvision("resnet50", "0676ba61"),
        OfTorchvision("resnet101", "63fe2227"),
        OfTorchvision("densenet121", "a639ec97"),
        OfTorchvision("squeezenet1_0", "b66bff10"),
        OfTorchvision("squeezenet1_1", "b8a52dc0"),
        OfTorchvision("mobilenet_v2", "b0353104"),
        OfTorchvision("googlenet", "1378be20"),
        OfTorchvision("inception_v3", "0cc3c7bd", "inception_v3_google"),
        OfTorchvision("efficientnet_b0", "3dd342df", "efficientnet_b0_rwightman"),
    ];

    /// <summary>The published file for an architecture, or null.</summary>
    /// <param name="architecture">As in <see cref="Architecture"/>.</param>
    /// <param name="name">As in <see cref="Name"/>.</param>
    public static KnownWeights? Find(string architecture, string name) =>
        All.FirstOrDefault(one => one.Architecture == architecture && one.Name == name);

    private static KnownWeights OfTorchvision(string architecture, string prefix, string? name = null)
    {
        string file = $"{name ?? architecture}-{prefix}.pth";
        return new(architecture, "imagenet", new Uri("https://download.pytorch.org/models/" + file), prefix, file);
    }
}
