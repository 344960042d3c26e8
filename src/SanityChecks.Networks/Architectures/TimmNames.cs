using SanityChecks.Compute;

namespace SanityChecks.Networks.Architectures;

/// <summary>Tensor names of timm (pytorch-image-models) where they are not torchvision's, which are used everywhere else.</summary>
/// <remarks>timm/models/vgg.py holds VGG's fully connected layers as convolutions over the last 7 x 7 positions: the same values in the
/// same order, with more axes.</remarks>
internal static class TimmNames
{
    private static readonly (string Timm, string Torchvision)[] Layers =
    [
        ("pre_logits.fc1.", "classifier.0."),
        ("pre_logits.fc2.", "classifier.3."),
        ("head.fc.", "classifier.6."),
    ];

    /// <summary>The weights under torchvision's names; the same object where none is timm's.</summary>
    /// <param name="weights">What was loaded, wrappers' parts of the names taken out.</param>
    public static Weights Replaced(Weights weights) => Layers.All(layer => weights.TryGet(layer.Timm + "weight", out _))
        ? new Weights(
            weights.Select(
                one => Layers.FirstOrDefault(layer => one.Key.StartsWith(layer.Timm, StringComparison.Ordinal)) is { Timm: { } timm } layer
            ? KeyValuePair.Create(layer.Torchvision + one.Key[timm.Length..], Flat(one.Value))
            : one))
        : weights;

    private static HostTensor Flat(HostTensor tensor) => tensor.Shape.Rank == 4
        ? tensor.Reshaped(new Shape(tensor.Shape[0], tensor.Shape[1] * tensor.Shape[2] * tensor.Shape[3]))
        : tensor;
}
