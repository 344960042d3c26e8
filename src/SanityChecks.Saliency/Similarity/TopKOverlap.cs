using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Saliency.Similarity;

/// <summary>How many of the k largest values lie at the same places in two maps, as a part of k.</summary>
/// <remarks>
/// <para>Maps that pass a ReLU have many equal values, and which of them are among the k largest is then open: taking the first ones would
/// let the first rows of a dead map agree. Each map's ties are broken at random here, and the score is the mean over all ways of doing so.
/// With G values above the k-th largest and T equal to it, each of the T places is taken with probability (k - G) / T, so that the mean is
/// the sum over places of the product of the two maps' probabilities, divided by k.</para>
/// <para>Two maps that have nothing to do with each other give k divided by the number of pixels on average, however many ties they have. A
/// map whose k-th largest value is shared gives less than 1 with itself, since its own k largest are not known.</para>
/// </remarks>
public static class TopKOverlap
{
    private const string K = "k";

    /// <summary><c>top_k</c>: undefined for a constant map, and where k is no part of the pixels.</summary>
    public static Metric Metric { get; } = new(
        "top_k", "overlap of the k largest values' places, 0 to 1; k / pixels for unrelated maps", "k divided by the number of pixels",
        [new CountOrPartParameter(K, "1000", "how many of the largest values, or below 1 which part of all")],
        values => For(values.Number(K)));

    /// <summary>How many pixels are the top.</summary>
    /// <param name="k">The number itself, or below 1 the part of all, rounded down but at least one pixel.</param>
    /// <param name="pixels">All.</param>
    internal static int Top(double k, int pixels) => k >= 1 ? (int)k : Math.Max(1, (int)(k * pixels));

    private static MapComparison For(double k) => new(
        (original, randomized) => Compare(original, randomized, k), SmallestCount: k >= 1 ? (int)k + 1 : 2);

    private static SimilarityScore Compare(MapFeatures original, MapFeatures randomized, double k)
    {
        string status = ScoreStatus.Constant(original.IsConstant, randomized.IsConstant);
        if (status != ScoreStatus.Ok)
        {
            return new SimilarityScore(null, status);
        }

        ReadOnlySpan<double> a = original.Scaled(MapScale.None), b = randomized.Scaled(MapScale.None);
        int top = Top(k, a.Length);
        TopShare ofA = original.Top(top), ofB = randomized.Top(top);
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += ofA.Of(a[i]) * ofB.Of(b[i]);
        }

        return new SimilarityScore(sum / top, status);
    }
}
