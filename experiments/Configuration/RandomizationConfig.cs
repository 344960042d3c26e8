namespace SanityChecks.Experiments.Configuration;

/// <summary>From which end the layers are taken, key <c>randomization.order</c>.</summary>
public enum LayerOrder
{
    /// <summary>From the logits to the image.</summary>
    TopDown,

    /// <summary>From the image to the logits.</summary>
    BottomUp,
}

/// <summary>What becomes of a randomized layer's bias, key <c>randomization.bias</c>.</summary>
public enum BiasRule
{
    /// <summary>It is drawn anew, as the initializer says.</summary>
    WithWeight,

    /// <summary>It keeps its trained values.</summary>
    Keep,

    /// <summary>It becomes zero.</summary>
    Zero,
}

/// <summary>What becomes of a randomized batch normalisation's running statistics, key <c>randomization.batch_norm</c>; its scale and shift are always reset.</summary>
public enum BatchNormRule
{
    /// <summary>They keep their trained values.</summary>
    KeepStatistics,

    /// <summary>They become mean 0 and variance 1.</summary>
    ResetStatistics,
}

/// <summary>What is randomized and how, section <c>randomization</c>.</summary>
public sealed record RandomizationConfig
{
    /// <summary>The keyword of <see cref="Layers"/> for every layer with weights.</summary>
    public const string AllLayers = "all";

    /// <summary>The keyword of <see cref="Layers"/> for every convolution.</summary>
    public const string ConvolutionLayers = "conv";

    /// <summary>Key <c>layers</c>: <see cref="AllLayers"/>, <see cref="ConvolutionLayers"/>, or names of layers; never empty. Whether they exist is not checked here.</summary>
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
