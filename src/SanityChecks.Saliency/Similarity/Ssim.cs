using System.Buffers;
using System.Numerics;

namespace SanityChecks.Saliency.Similarity;

/// <summary>Structural similarity of two maps, each scaled to [0, 1] by its own smallest and largest value.</summary>
/// <remarks>
/// Wang et al. 2004, "Image Quality Assessment: From Error Visibility to Structural Similarity", equation 13 with its constants:
/// Gaussian window of sigma 1.5 (11x11), K1 0.01, K2 0.03, data range 1, population covariance; the mean over the map less a
/// border of 5 pixels. Equals scikit-image's <c>structural_similarity(gaussian_weights=True, sigma=1.5,
/// use_sample_covariance=False, data_range=1.0)</c>.
/// </remarks>
public static class Ssim
{
    private const double C1 = 0.01 * 0.01;
    private const double C2 = 0.03 * 0.03;

    /// <summary><c>ssim</c>: undefined for a constant map. It could be computed, but would be high for a map that merely died.</summary>
    public static Metric Metric { get; } = new(
        "ssim",
        "structural similarity (SSIM) of the maps scaled to [0, 1], -1 to 1; unrelated maps score near or above 0",
        GaussianMoments.Window,
        Compare);

    private static SimilarityScore Compare(MapFeatures original, MapFeatures randomized)
    {
        string status = ScoreStatus.Constant(original.IsConstant, randomized.IsConstant);
        if (status != ScoreStatus.Ok)
        {
            return new SimilarityScore(null, status);
        }

        ReadOnlySpan<double> meansA = original.Moments.Means;
        ReadOnlySpan<double> meansB = randomized.Moments.Means;
        ReadOnlySpan<double> variancesA = original.Moments.Variances;
        ReadOnlySpan<double> variancesB = randomized.Moments.Variances;
        double[] covariances = GaussianMoments.Covariances(original, randomized);
        var two = new Vector<double>(2);
        Vector<double> c1 = new(C1), c2 = new(C2);
        double sum = 0;
        int done = 0;
        for (; done + Vector<double>.Count <= meansA.Length; done += Vector<double>.Count)
        {
            Vector<double> a = new(meansA[done..]), b = new(meansB[done..]);
            Vector<double> luminance = (two * a * b) + c1, structure = (two * new Vector<double>(covariances, done)) + c2;
            Vector<double> similarities =
                luminance * structure / (((a * a) + (b * b) + c1) * (new Vector<double>(variancesA[done..]) + new Vector<double>(
                    variancesB[done..]) + c2));

            // One after another, so that the sum does not depend on the vector's length.
            for (int lane = 0; lane < Vector<double>.Count; lane++)
            {
                sum += similarities[lane];
            }
        }

        for (; done < meansA.Length; done++)
        {
            double a = meansA[done];
            double b = meansB[done];
            double luminance = (2 * a * b) + C1;
            double structure = (2 * covariances[done]) + C2;
            sum += luminance * structure / (((a * a) + (b * b) + C1) * (variancesA[done] + variancesB[done] + C2));
        }

        ArrayPool<double>.Shared.Return(covariances);
        return new SimilarityScore(sum / meansA.Length, status);
    }
}
