using System.Globalization;
using SanityChecks.Experiments.Configuration;
using SanityChecks.RunFiles;

namespace SanityChecks.Experiments.Regression;

/// <summary>The largest difference of a score that counts as none, for each metric; absolute.</summary>
/// <remarks>
/// On one engine scores are the same to the last bit, whatever the batch, the threads and the instruction set: seen for VGG16 an eighth as
/// wide with 256-bit vectors and with 128-bit ones. Between the engines <c>cpu</c> (single precision) and <c>reference</c>
/// (sums in double precision) the largest difference of a score was
/// <list type="bullet">
/// <item>for that network, 4 photographs, 16 steps, 3 methods (192 scores a metric): spearman 0.0012, spearman_abs 0.0017, ssim 0.0033,
/// hog 0.0017, in maps by Guided Backprop, though the medians are below 0.000004: rare jumps, as where a ReLU near 0 flips;</item>
/// <item>for SqueezeNet 1.1, 2 photographs, 5 steps (30 scores a metric): 0.000003, 0.000015, 0.000006, 0.00009;</item>
/// <item>of a mean over the 4 photographs: 0.00025, 0.00038, 0.00077, 0.00043, a fourth of the outlier, since differences are that
/// rare.</item>
/// </list>
/// The defaults are three to four times the largest. A wrong rule at a ReLU, Grad-CAM at the next layer, a shifted order of layers or
/// another seed moves the worst score of a network four channels wide by 0.3 to 1.8.
/// </remarks>
public sealed class Tolerances
{
    // Of a metric that nobody has measured: the tightest of the others, so that it is noticed.
    private const double Unmeasured = 0.005;

    private readonly Dictionary<string, double> byMetric;

    private Tolerances(Dictionary<string, double> byMetric) => this.byMetric = byMetric;

    /// <summary>What engines and processors may differ by, and no fault that was tried does.</summary>
    public static Tolerances Default { get; } = new(new Dictionary<string, double>
    {
        ["spearman"] = 0.005,
        ["spearman_abs"] = 0.005,
        ["ssim"] = 0.01,
        ["hog"] = 0.005,
    });

    /// <summary>For a score, and for the standard deviation of several.</summary>
    /// <param name="metric">The metric's name.</param>
    public double this[string metric] => byMetric.GetValueOrDefault(metric, Unmeasured);

    /// <summary>For the mean of n scores: that of one score, divided by the root of n, as for differences that have nothing to do with each
    /// other.</summary>
    /// <param name="metric">The metric's name.</param>
    /// <param name="n">How many scores, at least 1.</param>
    public double OfMean(string metric, int n) => this[metric] / Math.Sqrt(n);

    /// <summary>The same with some replaced.</summary>
    /// <param name="overrides">Each <c>metric=value</c>, 0 or more; a later one wins.</param>
    /// <param name="metrics">The metrics that there are.</param>
    /// <exception cref="InputException">An override is no such pair, or its metric is not among them.</exception>
    public Tolerances With(IEnumerable<string> overrides, IReadOnlyList<string> metrics)
    {
        var changed = new Dictionary<string, double>(byMetric);
        foreach (string text in overrides)
        {
            string[] parts = text.Split('=', 2, StringSplitOptions.TrimEntries);
            if (parts.Length < 2)
            {
                throw new InputException($"--tolerance {text}: must be metric=value, such as {metrics[0]}=0.01");
            }

            if (!metrics.Contains(parts[0]))
            {
                throw new InputException($"--tolerance {text}: {NearestName.Explain(parts[0], metrics)}");
            }

            changed[parts[0]] = double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                && double.IsFinite(value) && value >= 0
                ? value
                : throw new InputException(
                    $"--tolerance {text}: '{parts[1]}' is no tolerance; it must be a number from 0 on with a decimal point, such as 0.01");
        }

        return new Tolerances(changed);
    }
}
