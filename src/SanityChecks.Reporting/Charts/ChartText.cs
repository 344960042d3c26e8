using System.Globalization;
using System.Text.RegularExpressions;
using SanityChecks.RunFiles;

namespace SanityChecks.Reporting.Charts;

/// <summary>The sentences around a chart.</summary>
internal static partial class ChartText
{
    /// <summary>What was done and what is measured.</summary>
    public static string Title(CorrelationChart chart) =>
        TextMeasure.Clean($"{chart.Experiment.Title}: {chart.Metric.Title}{(chart.Family is { } family ? $", {family.Title}" : "")}");

    /// <summary>How to read it.</summary>
    public static string Reading(CorrelationChart chart) =>
        chart.Metric.Reading ?? chart.Experiment.FaithfulOf(
        chart.Null is null ? chart.Metric.FallsTo : chart.HasNullBands ? "into its gray band" : "to its faint line");

    /// <summary>What the band and the thin lines are, where there are any.</summary>
    public static string? Signs(CorrelationChart chart)
    {
        string level = chart.Null == ScoreRow.OtherImage ? "the maps of other images" : $"the null '{chart.Null}'";
        string band = chart.Chance is { } chance ? Chance(chance)
            : chart.Null is null ? ""
            : chart.HasNullBands ? $"Gray, with a faint line in the method's color: its similarity to {level} (95 % confidence)."
            : $"Faint line in the method's color: its similarity to {level}.";
        string thin = chart.Experiment.Connected && chart.Series.Any(series => series.CancelsOut)
            ? "Thin broken line: mean of the magnitudes, where scores of both signs cancel each other."
            : "";
        return string.Join(' ', new[] { band, thin }.Where(part => part.Length > 0)) is { Length: > 0 } text ? text : null;
    }

    private static string Chance(SummaryRow chance) => chance.CiLow is null
        ? Invariant($"Gray: chance, {chance.Mean:0.00}.")
        : Invariant($"Gray: chance, {chance.Mean:0.00} (95 % confidence {chance.CiLow:0.00} to {chance.CiHigh:0.00}).");

    /// <summary>What a point and its interval are, and over how many maps.</summary>
    public static string Measure(CorrelationChart chart)
    {
        int[] counts = [.. Rows(chart).Where(row => row.N > 0).Select(row => row.N).Distinct().Order()];
        string n = counts.Length switch
        {
            0 => "n = 0",
            1 => Invariant($"n = {counts[0]}"),
            _ => Invariant($"n = {counts[0]} to {counts[^1]}"),
        };
        bool intervals = Rows(chart).Any(row => row.CiLow is not null);
        string interval =
            !intervals ? "" : chart.Experiment.Connected ? "; bands: 95 % confidence interval" : "; bars: 95 % confidence interval";
        if (chart.IsOfNetworks || chart.IsOfTruth)
        {
            return $"Points: mean over images, {n} per point{interval}.";
        }

        string resolution = chart.Resolution.Length == 0 ? "" : $"; maps at {Resolution(chart.Resolution)}";
        return $"Points: mean similarity to the original maps, {n} per point{interval}{resolution}.";
    }

    /// <summary>What the names on the x axis mean.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="named">Which steps are named.</param>
    public static string StepAxis(CorrelationChart chart, Thinning named) =>
        TextMeasure.Drawable(chart.Experiment.StepAxis) + (named.Every == 1 ? "" : $" ({named.Words} is named)");

    /// <summary>What the values on the y axis are.</summary>
    public static string ValueAxis(CorrelationChart chart) => TextMeasure.Drawable(chart.Metric.Axis);

    /// <summary>A step's name on the x axis.</summary>
    public static string Step(CorrelationChart chart, (int Step, string Layer) step) =>
        chart.Experiment.StepName(step.Step, step.Layer) + (chart.Notes.TryGetValue(step.Step, out string? note) ? $" ({note})" : "");

    /// <summary>What a hollow point, a gap and the undefined scores are; nothing where every score is defined.</summary>
    public static IEnumerable<string> Footnotes(CorrelationChart chart)
    {
        ChartSeries[] affected = [.. chart.Series.Where(series => series.Points.Any(point => point?.Undefined > 0))];
        bool hollow = Rows(chart).Any(row => row is { N: > 0, Undefined: > 0 });
        bool gaps = chart.Series.Any(series => series.Points.Any(point => point?.Mean is null));
        string signs = (hollow, gaps) switch
        {
            (true, true) => "Hollow point: some maps without a score. Gap: none has one.",
            (true, false) => "Hollow point: some maps without a score.",
            (false, true) => "Gap: no map has a score.",
            _ => "",
        };
        if (signs.Length > 0)
        {
            yield return signs;
        }

        if (affected.Length > 0)
        {
            string reasons = chart.IsOfTruth ? "no truth, constant or non-finite maps" : "constant, non-finite or too small maps";
            yield return $"Undefined scores ({reasons}) are left out of the means and never counted as 0: "
                + string.Join("; ", affected.Select(series => Undefined(chart, series))) + ".";
        }
    }

    /// <summary>What a point shows, in one line.</summary>
    public static string Point(CorrelationChart chart, ChartSeries series, int step)
    {
        SummaryRow row = series.Points[step]!;
        string interval = row.CiLow is null ? "" : Invariant($" (95 % CI {row.CiLow:0.00} to {row.CiHigh:0.00})");
        string undefined = row.Undefined == 0 ? "" : Invariant($", {row.Undefined} undefined");
        return Invariant($"{series.DisplayName}, {Step(chart, chart.Steps[step])}: {row.Mean:0.00}{interval}, n = {row.N}{undefined}");
    }

    /// <summary>The chart for readers who do not see it: where each method starts, ends, and is lowest.</summary>
    public static string Description(CorrelationChart chart, string? context) => TextMeasure.Clean(
        (string.IsNullOrWhiteSpace(context) ? "" : context.Trim() + ". ")
        + Invariant($"{Reading(chart)} {Measure(chart)} {chart.Series.Count} methods over {chart.Steps.Count} steps. ")
        + string.Join(" ", chart.Series.Select(series => Course(chart, series)).Concat(Footnotes(chart))));

    private static string Course(CorrelationChart chart, ChartSeries series)
    {
        (SummaryRow Row, string Step)[] points =
            [.. series.Points.Select((row, i) => (row!, Step(chart, chart.Steps[i]))).Where(point => point.Item1?.Mean is not null)];
        if (points.Length == 0)
        {
            return $"{series.DisplayName}: undefined throughout.";
        }

        (SummaryRow lowest, string where) = points.MinBy(point => point.Row.Mean);
        return Invariant(
            $"{series.DisplayName}: {points[0].Row.Mean:0.00} at {points[0].Step}, {points[^1].Row.Mean:0.00} at {points[^1].Step}, ")
            + Invariant($"lowest {lowest.Mean:0.00} at {where}.");
    }

    private static string Undefined(CorrelationChart chart, ChartSeries series)
    {
        SummaryRow worst = series.Points.OfType<SummaryRow>().MaxBy(row => row.Undefined)!;
        int total = series.Points.Sum(row => row is null ? 0 : row.N + row.Undefined);
        int undefined = series.Points.Sum(row => row?.Undefined ?? 0);
        string step = TextMeasure.Shorten(Step(chart, (worst.Step, worst.Layer)));
        return Invariant($"{series.DisplayName} {undefined} of {total}, most at {step} ({worst.Undefined} of {worst.N + worst.Undefined})");
    }

    private static IEnumerable<SummaryRow> Rows(CorrelationChart chart) =>
        chart.Series.SelectMany(series => series.Points).OfType<SummaryRow>();

    private static string Resolution(string resolution) => BySide().Replace(resolution, "$1 × $2");

    [GeneratedRegex(@"^(\d+)x(\d+)$")]
    private static partial Regex BySide();

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
