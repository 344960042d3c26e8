namespace SanityChecks.Experiments.Configuration;

/// <summary>What becomes of a score that is undefined because a map is constant, key <c>undefined</c>.</summary>
public enum UndefinedScores
{
    /// <summary>It has no value, and means are over the others.</summary>
    Omit,

    /// <summary>It is written as 0 beside its status, as the repository of <c>protocol: seed_repository</c> does, and counts in every mean:
    /// a map that died then looks like one that changed.</summary>
    Zero,
}
