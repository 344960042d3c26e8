namespace SanityChecks.Saliency.Similarity;

/// <summary>Correlation of two maps' values over all pixels.</summary>
/// <remarks>Unlike a rank correlation it is decided by the few largest magnitudes. Equals <c>scipy.stats.pearsonr</c>.</remarks>
public static class Pearson
{
    /// <summary><c>pearson</c>: undefined for a constant map.</summary>
    public static Metric Metric { get; } = new(
        "pearson", "Pearson correlation of the signed values, -1 to 1; 0 for unrelated maps", "0", [], _ => new MapComparison(Compare));

    private static SimilarityScore Compare(MapFeatures original, MapFeatures randomized)
    {
        string status = ScoreStatus.Constant(original.IsConstant, randomized.IsConstant);
        if (status != ScoreStatus.Ok)
        {
            return new SimilarityScore(null, status);
        }

        CenteredValues a = original.Centered, b = randomized.Centered;
        return new SimilarityScore(Math.Clamp(a.Dot(b) / Math.Sqrt(a.SumOfSquares * b.SumOfSquares), -1, 1), status);
    }
}
