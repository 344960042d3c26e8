using System.Globalization;
using SanityChecks.RunFiles;
using SanityChecks.RunFiles.Statistics;

namespace SanityChecks.Reporting.Charts;

/// <summary>What a run says of the methods of a chart, in a line.</summary>
internal static class ChartVerdict
{
    /// <summary>The methods by what is said of them; null where nothing is known of the metric.</summary>
    /// <param name="verdict">The run's verdict.</param>
    /// <param name="chart">The chart's metric and resolution.</param>
    /// <param name="methods">The methods in the chart.</param>
    public static string? Of(VerdictRecord? verdict, (string Metric, string Resolution) chart, IReadOnlyList<string> methods)
    {
        (string Title, MetricVerdict Metric)[] known = [.. (verdict?.Methods ?? []).Where(method => methods.Contains(method.Method))
            .SelectMany(method => method.Metrics.Where(metric => (metric.Metric, metric.Resolution) == chart)
                .Select(metric => (method.Title, metric)))];
        if (known.Length == 0)
        {
            return null;
        }

        int draws = known.Max(one => one.Metric.Draws);
        string extent = draws <= 1
            ? "1 draw: no interval over draws"
            : string.Create(CultureInfo.InvariantCulture, $"{draws} draws");
        IEnumerable<string> outcomes = known.GroupBy(one => one.Metric.Outcome)
            .Select(outcome => $"{OutcomeWords.Of(outcome.Key)}: {string.Join(", ", outcome.Select(one => one.Title))}");
        return $"Verdict ({extent}): {string.Join("; ", outcomes)}.";
    }
}
