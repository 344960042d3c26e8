using SanityChecks.RunFiles;
using SanityChecks.RunFiles.Statistics;

namespace SanityChecks.Reporting.Report;

/// <summary>The rows of <c>summary.csv</c> of one metric, as the page's table has them.</summary>
/// <param name="Name">What was computed, for people.</param>
/// <param name="Metric">What the column <c>metric</c> says.</param>
/// <param name="Resolution">What the column <c>resolution</c> says.</param>
/// <param name="Reference">What the column <c>reference</c> says.</param>
/// <param name="Null">The null that stands beside it; null where there is none.</param>
/// <param name="Rows">For each: step, method (its place in the page's list, or -1 for the network), n, undefined, mean, ci_low, ci_high,
/// median, draws; mean, ci_low and ci_high of the null; dead maps, which <c>health.csv</c> counts.</param>
internal sealed record ReportSummary(
    string Name, string Metric, string Resolution, string Reference, string? Null, IReadOnlyList<double?[]> Rows)
{
    /// <summary>Every metric, in the order of the file.</summary>
    /// <param name="rows">The summary.</param>
    /// <param name="health">Counts the maps that died.</param>
    /// <param name="methods">The page's list of methods.</param>
    public static IReadOnlyList<ReportSummary> Of(
        IReadOnlyList<SummaryRow> rows, IReadOnlyList<HealthRow> health, IReadOnlyList<string> methods)
    {
        List<string> places = [.. methods];
        string? nullName = Nulls.Among(rows.Select(row => row.Reference).Distinct());
        var nulls = rows.Where(row => row.Reference == nullName)
            .ToDictionary(row => (row.Metric, row.Resolution, row.Method, row.Step));
        var dead = health.Where(row => row.Measure == Health.DeadMaps).ToDictionary(row => (row.Subject, row.Step), row => row.Value);
        return [.. rows.Where(row => row.Reference is ScoreRow.Original or ScoreRow.Network or ScoreRow.Itself)
            .GroupBy(row => (row.Metric, row.Resolution, row.Reference)).Select(group => new ReportSummary(
                NameOf(group.Key, rows), group.Key.Metric, group.Key.Resolution, group.Key.Reference,
                group.Any(row => nulls.ContainsKey((row.Metric, row.Resolution, row.Method, row.Step))) ? nullName : null,
                [.. group.Select(Numbers)]))];

        double?[] Numbers(SummaryRow row)
        {
            SummaryRow? other = row.Reference == ScoreRow.Original
                ? nulls.GetValueOrDefault((row.Metric, row.Resolution, row.Method, row.Step))
                : null;
            return
            [
                row.Step, places.IndexOf(row.Method), row.N, row.Undefined, row.Mean, row.CiLow, row.CiHigh, row.Median, row.Draws,
                other?.Mean, other?.CiLow, other?.CiHigh, dead.GetValueOrDefault((row.Method, row.Step)),
            ];
        }
    }

    /// <summary>A metric for people, with what tells it from others of its name.</summary>
    private static string NameOf((string Metric, string Resolution, string Reference) key, IReadOnlyList<SummaryRow> rows)
    {
        string kind = key.Reference switch
        {
            ScoreRow.Itself => ", of each map alone",
            ScoreRow.Network => ", of the map tried on the trained network",
            _ => rows.Any(row => row.Metric == key.Metric && row.Reference == key.Reference && row.Method == ScoreRow.Network)
                ? ", of the networks"
                : "",
        };
        bool several = rows.Where(row => row.Metric == key.Metric && row.Reference == key.Reference)
            .Select(row => row.Resolution).Distinct().Count() > 1;
        return $"{key.Metric}{(several ? $" ({key.Resolution})" : "")}{kind}";
    }
}
