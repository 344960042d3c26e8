using System.Numerics;
using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Saliency.Similarity;

/// <summary>Structural similarity of two maps, by default each scaled to [0, 1] by its own smallest and largest value.</summary>
/// <remarks>
/// Wang et al. 2004, "Image Quality Assessment: From Error Visibility to Structural Similarity", equation 13 with its constants K1 0.01 and
/// K2 0.03: the mean over all places where the window lies inside the map. The defaults equal scikit-image's
/// <c>structural_similarity(gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=1.0)</c>; a uniform window with
/// sample covariance equals its defaults, and one dimension what it gives for vectors, as Quantus calls it. The range <c>joint</c> is the
/// largest value of both scaled maps less the smallest.
/// </remarks>
public static class Ssim
{
    private const double K1 = 0.01;
    private const double K2 = 0.03;
    private const string Window = "window", Side = "size", Range = "data_range", Joint = "joint", Covariance = "covariance",
        Dimensions = "dimensions", Scale = "scale";

    private static readonly Dictionary<string, MapScale> Scales = new(StringComparer.Ordinal)
    {
        ["unit"] = MapScale.Unit,
        ["percentile"] = MapScale.Percentile,
        ["none"] = MapScale.None,
        ["max"] = MapScale.Max,
        ["second_moment"] = MapScale.SecondMoment,
    };

    /// <summary><c>ssim</c>: undefined for a constant map. It could be computed, but would be high for a map that merely died.</summary>
    public static Metric Metric { get; } = new(
        "ssim",
        "structural similarity (SSIM) of the maps scaled to [0, 1], -1 to 1; unrelated maps score near or above 0",
        null,
        [
            new ChoiceParameter(Window, ["gaussian", "uniform"], "weights of the window: gaussian (11 pixels, deviation 1.5) or uniform"),
            new ChoiceParameter(Side, ["7", "3", "5", "9", "11", "13", "15"], "pixels along a side of the uniform window"),
            new NumberOrWordParameter(
                Range, "1", 1e-9, 1e9, Joint, "values' range, for the constants: a number, or joint, that of both maps"),
            new ChoiceParameter(
                Covariance, ["population", "sample"], "divided by the window's pixels (population) or by one less (sample)"),
            new ChoiceParameter(Dimensions, ["2", "1"], "2 for the map as it is, 1 for the map as one vector, row after row"),
            new ChoiceParameter(Scale, [.. Scales.Keys], "what is done to each map: smallest to 0 and largest, or 99th percentile, to 1; nothing; divided by the largest magnitude, or the root of the mean square"),
        ],
        For);

    private static MapComparison For(ParameterValues values)
    {
        int dimensions = values.Integer(Dimensions);
        MovingWindow window = values[Window] == "uniform"
            ? new UniformWindow(values.Integer(Side), dimensions)
            : new GaussianWindow(dimensions);
        MapScale scale = Scales[values[Scale]];
        double? range = values[Range] == Joint ? null : values.Number(Range);
        double correction = values[Covariance] == "sample" ? window.Count / (window.Count - 1.0) : 1;
        return new MapComparison(
            (original, randomized) => Compare(original, randomized, scale, window, range, correction),
            dimensions == 2 ? window.Size : 1, window.Count);
    }

    private static SimilarityScore Compare(
        MapFeatures original, MapFeatures randomized, MapScale scale, MovingWindow window, double? range, double correction)
    {
        string status = ScoreStatus.Constant(original.IsConstant, randomized.IsConstant);
        if (status != ScoreStatus.Ok)
        {
            return new SimilarityScore(null, status);
        }

        ReadOnlySpan<double> scaledA = original.Scaled(scale), scaledB = randomized.Scaled(scale);
        double used = range ?? JointRange(scaledA, scaledB), k1 = K1 * used, k2 = K2 * used;
        return new SimilarityScore(
            Mean(scaledA, scaledB, original.Moments(scale, window), randomized.Moments(scale, window), k1 * k1, k2 * k2, correction),
            status);
    }

    /// <summary>The mean of equation 13 over all places.</summary>
    private static double Mean(
        ReadOnlySpan<double> scaledA, ReadOnlySpan<double> scaledB, WindowMoments momentsA, WindowMoments momentsB, double constant1,
        double constant2, double correction)
    {
        double sum = 0;
        WindowMoments.Covariances(scaledA, scaledB, momentsA, momentsB, (start, covariances) =>
            sum = Add(sum, start, covariances, momentsA, momentsB, constant1, constant2, correction));
        return sum / momentsA.Means.Length;
    }

    /// <summary>A sum, and equation 13 at the places of a row added to it, one after another.</summary>
    private static double Add(
        double sum, int start, ReadOnlySpan<double> covariances, WindowMoments momentsA, WindowMoments momentsB, double constant1,
        double constant2, double correction)
    {
        int count = covariances.Length, done = 0;
        ReadOnlySpan<double> meansA = momentsA.Means.Slice(start, count), meansB = momentsB.Means.Slice(start, count);
        ReadOnlySpan<double> variancesA = momentsA.Variances.Slice(start, count), variancesB = momentsB.Variances.Slice(start, count);
        Vector<double> two = new(2), twice = new(2 * correction), once = new(correction), c1 = new(constant1), c2 = new(constant2);
        for (; done + Vector<double>.Count <= count; done += Vector<double>.Count)
        {
            Vector<double> a = new(meansA[done..]), b = new(meansB[done..]);
            Vector<double> luminance = (two * a * b) + c1, structure = (twice * new Vector<double>(covariances[done..])) + c2;
            Vector<double> variances = new Vector<double>(variancesA[done..]) + new Vector<double>(variancesB[done..]);
            Vector<double> similarities = luminance * structure / (((a * a) + (b * b) + c1) * ((once * variances) + c2));

            // One after another, so that the sum does not depend on the vector's length.
            for (int lane = 0; lane < Vector<double>.Count; lane++)
            {
                sum += similarities[lane];
            }
        }

        for (; done < count; done++)
        {
            double a = meansA[done];
            double b = meansB[done];
            double luminance = (2 * a * b) + constant1;
            double structure = (2 * correction * covariances[done]) + constant2;
            sum += luminance * structure
                / (((a * a) + (b * b) + constant1) * ((correction * (variancesA[done] + variancesB[done])) + constant2));
        }

        return sum;
    }

    private static double JointRange(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double smallest = double.PositiveInfinity, largest = double.NegativeInfinity;
        for (int i = 0; i < a.Length; i++)
        {
            smallest = Math.Min(smallest, Math.Min(a[i], b[i]));
            largest = Math.Max(largest, Math.Max(a[i], b[i]));
        }

        return largest - smallest;
    }
}
