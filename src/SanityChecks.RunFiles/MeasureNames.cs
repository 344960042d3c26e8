namespace SanityChecks.RunFiles;

/// <summary>What the column <c>metric</c> says of the measures that statistics read.</summary>
public static class MeasureNames
{
    /// <summary>The share of a map's pixels that are exactly 0: of a map that is 0 nearly everywhere most ranks are ties.</summary>
    public const string Zeros = "zeros";

    /// <summary>The correlation of a map's neighboring pixels: those of noise have nothing in common.</summary>
    public const string Neighbors = "neighbors";

    /// <summary>The entropy of a network's class probabilities, in nats: ln(classes) says that it tells nothing, 0 that it is
    /// sure.</summary>
    public const string LogitEntropy = "logit_entropy";
}
