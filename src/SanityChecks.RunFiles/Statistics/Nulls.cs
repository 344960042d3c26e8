namespace SanityChecks.RunFiles.Statistics;

/// <summary>Which of a run's nulls is taken where one is needed.</summary>
public static class Nulls
{
    // The nearest to the original in all but the image first.
    private static readonly string[] Preferred = [ScoreRow.OtherImage, "shuffled", "random"];

    /// <summary>The null among references; null where there is none.</summary>
    public static string? Among(IEnumerable<string> references)
    {
        string[] there = [.. references];
        return Preferred.FirstOrDefault(there.Contains);
    }

    /// <summary>How far a similarity is on the way from a null to the original: 0 there and 1 here.</summary>
    /// <param name="difference">The similarity less the null's.</param>
    /// <param name="level">The null's.</param>
    /// <returns>Null where the null is the original.</returns>
    public static double? PartOfTheWay(double? difference, double? level) => level < 1 ? difference / (1 - level) : null;
}
