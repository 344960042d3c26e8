using SanityChecks.Saliency.Randomization;

namespace SanityChecks.Experiments.Configuration;

/// <summary>What is randomized and how, section <c>randomization</c>.</summary>
public sealed record RandomizationConfig
{
    /// <summary>The keyword of <see cref="Layers"/> for every layer with weights.</summary>
    public const string AllLayers = "all";

    /// <summary>The keyword of <see cref="Layers"/> for every convolution.</summary>
    public const string ConvolutionLayers = "conv";

    /// <summary>The keyword of <see cref="Layers"/> for every block of layers, each at once.</summary>
    public const string Blocks = "blocks";

    /// <summary>Key <c>layers</c>: <see cref="AllLayers"/>, <see cref="ConvolutionLayers"/>, <see cref="Blocks"/>, or names of layers and
    /// blocks; never empty. Whether they exist is not checked here.</summary>
    public NameList Layers { get; init; } = [AllLayers];

    /// <summary>Key <c>order</c>.</summary>
    public LayerOrder Order { get; init; } = LayerOrder.TopDown;

    /// <summary>Key <c>initializer</c>: one of <see cref="ConfigVocabulary.Initializers"/>.</summary>
    public string Initializer { get; init; } = "pytorch_default";

    /// <summary>Key <c>bias</c>.</summary>
    public BiasRule Bias { get; init; } = BiasRule.WithWeight;

    /// <summary>Key <c>batch_norm</c>.</summary>
    public BatchNormRule BatchNorm { get; init; } = BatchNormRule.KeepStatistics;

    /// <summary>Key <c>draws</c>: how many times every step is drawn, at least 1.</summary>
    public int Draws { get; init; } = 1;
}
