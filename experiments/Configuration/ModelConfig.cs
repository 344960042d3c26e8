using SanityChecks.Networks;

namespace SanityChecks.Experiments.Configuration;

/// <summary>The trained network, section <c>model</c>.</summary>
public sealed record ModelConfig
{
    /// <summary>Key <c>architecture</c>: one of <see cref="ConfigVocabulary.Architectures"/>.</summary>
    public string Architecture { get; init; } = "vgg16";

    /// <summary>Key <c>weights</c>: one of <see cref="ConfigVocabulary.NamedWeights"/>, or a path relative to the working
    /// directory.</summary>
    public string Weights { get; init; } = "imagenet";

    /// <summary>Key <c>graph</c>, for the architecture onnx: the .onnx file whose graph is used with other weights; null where the weights
    /// are the file.</summary>
    public string? Graph { get; init; }

    /// <summary>Key <c>classes</c>: a text file with the name of a class on each line; null where the names are known
    /// otherwise.</summary>
    public string? Classes { get; init; }

    /// <summary>Key <c>inputs</c>, for the architecture onnx: a weight file with a tensor for each input but the images; null where there
    /// is no other.</summary>
    public string? Inputs { get; init; }

    /// <summary>The same for who loads it.</summary>
    /// <param name="element">What is explained, where it is no class.</param>
    public NetworkSource Source(TargetElement? element) => new(Architecture, Weights)
    {
        Graph = Graph, Classes = Classes, Inputs = Inputs, Output = element?.Output,
    };
}
