using SanityChecks.RunFiles;

namespace SanityChecks.Reporting.Charts;

/// <summary>The numbers of one chart: a metric at one resolution, a series per method over the steps of one randomization.</summary>
internal sealed class CorrelationChart
{
    private CorrelationChart(SummaryRow[] rows)
    {
        Randomization = rows[0].Randomization;
        Metric = MetricWords.Of(rows[0].Metric);
        Resolution = rows[0].Resolution;
        Steps = [.. rows.Select(row => (row.Step, row.Layer)).Distinct().OrderBy(step => step.Step)];
        Series = [.. rows.GroupBy(row => row.Method).Select((group, index) => new ChartSeries(
            group.Key, SeriesStyle.Of(index), [.. Steps.Select(step => group.FirstOrDefault(row => row.Step == step.Step))]))];
    }

    public string Randomization { get; }

    public MetricWords Metric { get; }

    public string Resolution { get; }

    /// <summary>The x axis: every step that some method has, in order.</summary>
    public IReadOnlyList<(int Step, string Layer)> Steps { get; }

    /// <summary>The methods, in the order in which the file first names them.</summary>
    public IReadOnlyList<ChartSeries> Series { get; }

    /// <summary>Whether a step randomizes its layer alone, so that neighbouring steps have nothing in common but the network.</summary>
    public bool IsIndependent => Randomization.StartsWith("independent", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a step keeps what the steps before it randomized.</summary>
    public bool IsCascading => Randomization.StartsWith("cascad", StringComparison.OrdinalIgnoreCase);

    /// <summary>Splits a summary into its charts, in the order in which the file first names them.</summary>
    public static IEnumerable<CorrelationChart> Split(IEnumerable<SummaryRow> rows) => rows
        .GroupBy(row => (row.Metric, row.Resolution, row.Randomization))
        .Select(group => new CorrelationChart([.. group]));
}
