namespace SanityChecks.Saliency.Randomization;

/// <summary>In which order the layers are taken.</summary>
public enum LayerOrder
{
    /// <summary>From the logits to the image.</summary>
    TopDown,

    /// <summary>From the image to the logits.</summary>
    BottomUp,

    /// <summary>As they are listed.</summary>
    AsListed,
}

/// <summary>What becomes of a randomized layer's bias.</summary>
public enum BiasRule
{
    /// <summary>It is drawn anew, as the initializer says.</summary>
    WithWeight,

    /// <summary>It keeps its trained values.</summary>
    Keep,

    /// <summary>It becomes zero.</summary>
    Zero,
}

/// <summary>What becomes of a randomized batch normalisation's running statistics; its scale and shift are always reset.</summary>
public enum BatchNormRule
{
    /// <summary>They keep their trained values.</summary>
    KeepStatistics,

    /// <summary>They become mean 0 and variance 1.</summary>
    ResetStatistics,
}
