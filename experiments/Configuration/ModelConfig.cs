namespace SanityChecks.Experiments.Configuration;

/// <summary>The trained network, section <c>model</c>.</summary>
public sealed record ModelConfig
{
    /// <summary>Key <c>architecture</c>: one of <see cref="ConfigVocabulary.Architectures"/>.</summary>
    public string Architecture { get; init; } = "vgg16";

    /// <summary>Key <c>weights</c>: one of <see cref="ConfigVocabulary.NamedWeights"/>, or a path relative to the working
    /// directory.</summary>
    public string Weights { get; init; } = "imagenet";
}
