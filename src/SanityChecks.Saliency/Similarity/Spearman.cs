namespace SanityChecks.Saliency.Similarity;

/// <summary>Rank correlation of two maps over all pixels: the Pearson correlation of their average ranks.</summary>
/// <remarks>
/// Adebayo et al. 2018, "Sanity Checks for Saliency Maps", report it with and without absolute values. Ties share their mean
/// rank, and equal values stay tied whatever the map's scale. Equals <c>scipy.stats.spearmanr</c>.
/// </remarks>
public static class Spearman
{
    /// <summary><c>spearman</c>: of the signed values.</summary>
    public static Metric Signed { get; } = new(
        "spearman", "Spearman rank correlation of the signed values, -1 to 1; 0 for unrelated maps", "0", [],
        _ => new MapComparison((original, randomized) => Correlate(original.Ranks, randomized.Ranks)));

    /// <summary><c>spearman_abs</c>: of the magnitudes; undefined also for a map of equal magnitudes.</summary>
    public static Metric Absolute { get; } = new(
        "spearman_abs", "Spearman rank correlation of the magnitudes, -1 to 1; 0 for unrelated maps", "0", [],
        _ => new MapComparison((original, randomized) => Correlate(original.AbsoluteRanks, randomized.AbsoluteRanks)));

    /// <summary>The correlation of ranks; undefined where all ranks of one side are equal.</summary>
    internal static SimilarityScore Correlate(CenteredRanks a, CenteredRanks b)
    {
        string status = ScoreStatus.Constant(a.SumOfSquares == 0, b.SumOfSquares == 0);
        return status == ScoreStatus.Ok
            ? new SimilarityScore(Math.Clamp(a.Dot(b) / Math.Sqrt(a.SumOfSquares * b.SumOfSquares), -1, 1), status)
            : new SimilarityScore(null, status);
    }
}
