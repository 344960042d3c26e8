using SanityChecks.Reporting.Charts;
using SanityChecks.RunFiles;

namespace SanityChecks.Reporting.Report;

/// <summary>A chart as the page draws it: the numbers and words that the chart files are drawn from.</summary>
/// <param name="Metric">What the column <c>metric</c> says.</param>
/// <param name="Resolution">What the column <c>resolution</c> says.</param>
/// <param name="Family">The family of methods that it shows; null where it shows all.</param>
/// <param name="Name">The metric in words.</param>
/// <param name="Reading">How to read it.</param>
/// <param name="Notes">What points, intervals, bands, gaps and undefined scores are.</param>
/// <param name="Description">The same chart for readers who do not see it.</param>
/// <param name="Connected">Whether lines lead from step to step.</param>
/// <param name="Bands">Whether the null has a band, or a line alone.</param>
/// <param name="Null">What the null is; null where there is none.</param>
/// <param name="StepAxis">What the steps are.</param>
/// <param name="Steps">The steps' numbers.</param>
/// <param name="StepNames">Their names, of the same order.</param>
/// <param name="Axis">The values.</param>
/// <param name="Series">The methods.</param>
internal sealed record ReportChart(
    string Metric, string Resolution, string? Family, string Name, string Reading, IReadOnlyList<string> Notes, string Description,
    bool Connected, bool Bands, string? Null, string StepAxis, IReadOnlyList<int> Steps, IReadOnlyList<string> StepNames, ReportAxis Axis,
    IReadOnlyList<ReportSeries> Series)
{
    /// <summary>The chart of the same numbers as a chart file.</summary>
    public static ReportChart Of(CorrelationChart chart)
    {
        var axis = ValueAxis.Of(chart);
        string[] notes = [ChartText.Measure(chart), .. ChartText.Signs(chart) is { } signs ? [signs] : Array.Empty<string>(),
            .. ChartText.Footnotes(chart)];
        return new ReportChart(
            chart.Metric.Name, chart.Resolution, chart.Family?.Title, chart.Metric.Title, ChartText.Reading(chart), notes,
            ChartText.Description(chart, null), chart.Experiment.Connected, chart.HasNullBands, chart.Null, chart.Experiment.StepAxis,
            [.. chart.Steps.Select(step => step.Step)], [.. chart.Steps.Select(step => ChartText.Step(chart, step))],
            new ReportAxis(
                chart.Metric.Axis, axis.Low, axis.High,
                [.. axis.Ticks().Select(tick => tick.Value)], [.. axis.Ticks().Select(tick => Named(chart, tick.Value, tick.Label))]),
            [.. chart.Series.Select(ReportSeries.Of)]);
    }

    private static string Named(CorrelationChart chart, double value, string label) =>
        value == 0 && chart.Metric.Zero.Length > 0 ? $"{label} {chart.Metric.Zero}"
        : value == 1 && chart.Metric.One.Length > 0 ? $"{label} {chart.Metric.One}"
        : label;
}

/// <summary>The axis of values.</summary>
/// <param name="Name">What the values are.</param>
/// <param name="Low">The value at the bottom.</param>
/// <param name="High">The value at the top.</param>
/// <param name="Ticks">Where the ticks are.</param>
/// <param name="Labels">What stands beside them.</param>
internal sealed record ReportAxis(string Name, double Low, double High, IReadOnlyList<double> Ticks, IReadOnlyList<string> Labels);

/// <summary>A method in a chart.</summary>
/// <param name="Method">What the column <c>method</c> says.</param>
/// <param name="Title">As the literature writes it.</param>
/// <param name="Color">On light ground.</param>
/// <param name="Dark">On dark ground.</param>
/// <param name="Dashes">Dashes and gaps, in pixels.</param>
/// <param name="Marker">The shape of its points.</param>
/// <param name="Cancels">Whether scores of both signs cancel each other, so that the magnitudes are drawn.</param>
/// <param name="Points">For each step mean, interval, n, undefined, and mean magnitude; null where the summary has no row.</param>
/// <param name="Nulls">The same of the null.</param>
internal sealed record ReportSeries(
    string Method, string Title, string Color, string Dark, IReadOnlyList<float> Dashes, string Marker, bool Cancels,
    IReadOnlyList<double?[]?> Points, IReadOnlyList<double?[]?> Nulls)
{
    public static ReportSeries Of(ChartSeries series) => new(
        series.Points.OfType<SummaryRow>().First().Method, series.DisplayName, series.Style.Color.ToHex(), series.Style.OnDark.ToHex(),
        series.Style.Dashes, series.Style.Marker.Name, series.CancelsOut, [.. series.Points.Select(Numbers)],
        [.. series.Nulls.Select(Numbers)]);

    private static double?[]? Numbers(SummaryRow? row) =>
        row is null ? null : [row.Mean, row.CiLow, row.CiHigh, row.N, row.Undefined, row.MeanAbs];
}
