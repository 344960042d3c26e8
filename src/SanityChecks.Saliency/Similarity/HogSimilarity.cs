using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Saliency.Similarity;

/// <summary>Similarity of the edges in two maps: the correlation of their HOG descriptors.</summary>
/// <remarks>
/// Adebayo et al. 2018, "Sanity Checks for Saliency Maps", compare the descriptors of the maps scaled to [0, 1]; see
/// <see cref="HogDescriptor"/> for the parameters. Their text says correlation, their code takes ranks
/// (adebayoj/sanity_checks_saliency@3e24048, notebooks/inceptionv3_cascading_randomization.ipynb). Descriptors are non-negative and
/// dense for noisy maps, so unrelated maps may score above 0.
/// </remarks>
public static class HogSimilarity
{
    private const string Correlation = "correlation", OfRanks = "spearman";

    /// <summary><c>hog</c>: undefined for a map whose descriptor is constant, as a constant map's is.</summary>
    public static Metric Metric { get; } = new(
        "hog",
        "correlation of the histograms of oriented gradients (HOG), -1 to 1; unrelated maps score near or above 0",
        null,
        [new ChoiceParameter(Correlation, ["pearson", OfRanks], "of the descriptors' entries (pearson) or of their ranks (spearman)")],
        values => new MapComparison(values[Correlation] == OfRanks ? CompareRanks : Compare, HogDescriptor.Block));

    private static SimilarityScore Compare(MapFeatures original, MapFeatures randomized)
    {
        HogDescriptor a = original.Hog;
        HogDescriptor b = randomized.Hog;
        string status = ScoreStatus.Constant(a.IsConstant, b.IsConstant);
        return status == ScoreStatus.Ok
            ? new SimilarityScore(Math.Clamp(a.Dot(b) / Math.Sqrt(a.SumOfSquares * b.SumOfSquares), -1, 1), status)
            : new SimilarityScore(null, status);
    }

    private static SimilarityScore CompareRanks(MapFeatures original, MapFeatures randomized) =>
        Spearman.Correlate(original.Hog.Ranks, randomized.Hog.Ranks);
}
