namespace SanityChecks.RunFiles.Statistics;

/// <summary>What randomizing a network does to a method's maps.</summary>
public enum Outcome
{
    /// <summary>Too few scores are defined, or one image in one draw.</summary>
    TooFew,

    /// <summary>The interval leaves both open: that the originals are still there, and that they are not.</summary>
    Undecided,

    /// <summary>What is left is no more similar to the originals than maps that have nothing to do with them.</summary>
    Changes,

    /// <summary>The same in the end, but half of the steps leave the originals' picture.</summary>
    ChangesLate,

    /// <summary>Some steps alone leave the originals' picture, others do not.</summary>
    ChangesInPart,

    /// <summary>The originals' picture is still there with the network randomized.</summary>
    Keeps,

    /// <summary>The originals' picture is still there, in part with its sign turned: signed scores cancel each other.</summary>
    KeepsUpToSign,

    /// <summary>Every step gives the original map.</summary>
    IgnoresWeights,

    /// <summary>Every step gives the original map, or it with its sign turned.</summary>
    IgnoresWeightsUpToSign,

    /// <summary>Every image gets the same map.</summary>
    IgnoresImage,

    /// <summary>The maps have no more structure than noise.</summary>
    Noise,
}
