using System.Globalization;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Saliency;

namespace SanityChecks.Experiments.Regression;

/// <summary>The largest differences of one metric that count as none.</summary>
/// <param name="Score">For one score, and for the standard deviation of several, to which one score contributes as much as it moves.</param>
/// <param name="Mean">For a mean over images and draws, in which differences of either sign cancel.</param>
public sealed record Tolerance(double Score, double Mean);

/// <summary>The tolerance of each metric, absolute.</summary>
public sealed class Tolerances
{
    private readonly Dictionary<string, Tolerance> byMetric;

    private Tolerances(Dictionary<string, Tolerance> byMetric) => this.byMetric = byMetric;

    /// <summary>TODO</summary>
    public static Tolerances Default { get; } = new(new Dictionary<string, Tolerance>
    {
        ["spearman"] = new(1e-3, 1e-3),
        ["spearman_abs"] = new(1e-3, 1e-3),
        ["ssim"] = new(1e-3, 1e-3),
        ["hog"] = new(1e-3, 1e-3),
    });

    private static Tolerance Unmeasured { get; } = new(1e-3, 1e-3);

    /// <summary>The tolerance of a metric.</summary>
    public Tolerance this[string metric] => byMetric.GetValueOrDefault(metric, Unmeasured);

    /// <summary>The same with some replaced, for scores and means alike.</summary>
    /// <param name="overrides">Each <c>metric=value</c>, 0 or more; a later one wins.</param>
    /// <param name="metrics">The metrics that there are.</param>
    /// <exception cref="InputException">An override is no such pair, or its metric is not among them.</exception>
    public Tolerances With(IEnumerable<string> overrides, IReadOnlyList<string> metrics)
    {
        var changed = new Dictionary<string, Tolerance>(byMetric);
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

            changed[parts[0]] = double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) && value >= 0
                ? new Tolerance(value, value)
                : throw new InputException($"--tolerance {text}: '{parts[1]}' is no tolerance; it must be a number from 0 on with a decimal point, such as 0.01");
        }

        return new Tolerances(changed);
    }
}
