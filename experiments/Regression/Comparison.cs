using System.Globalization;
using SanityChecks.RunFiles;

namespace SanityChecks.Experiments.Regression;

/// <summary>How the rows of one table differ from the baseline's.</summary>
/// <param name="Rows">How many rows were looked at, in either.</param>
/// <param name="Drifted">How many of them differ beyond tolerance in some quantity.</param>
/// <param name="Changed">How many of them differ at all.</param>
/// <param name="Drifts">What is beyond tolerance: what has no size first, then the largest relative to its tolerance.</param>
/// <param name="Largest">For each metric the largest difference of a score or a mean, tolerated or not; metrics without a defined value in
/// both are missing.</param>
public sealed record TableComparison(
    int Rows, int Drifted, int Changed, IReadOnlyList<Drift> Drifts, IReadOnlyDictionary<string, Drift> Largest);

/// <summary>The drifts of a run from a baseline.</summary>
/// <param name="Scores">Score by score; null where the baseline is a summary.</param>
/// <param name="Means">The summaries.</param>
public sealed record Comparison(TableComparison? Scores, TableComparison Means)
{
    /// <summary>Whether anything is beyond tolerance.</summary>
    public bool HasDrift => Scores is { Drifts.Count: > 0 } || Means.Drifts.Count > 0;

    /// <summary>Compares two runs that are comparable (<see cref="BaselineFacts.Obstacles"/>), from their rows alone; the order of rows
    /// does not matter.</summary>
    /// <param name="baseline">What is expected.</param>
    /// <param name="now">What there is.</param>
    /// <param name="tolerances">What is no drift.</param>
    public static Comparison Of(Baseline baseline, Baseline now, Tolerances tolerances)
    {
        ArgumentNullException.ThrowIfNull(baseline);
        ArgumentNullException.ThrowIfNull(now);
        ArgumentNullException.ThrowIfNull(tolerances);
        return new Comparison(
            baseline.Scores is { } before && now.Scores is { } after
                ? Compare(before, after, PlaceOf, Text, (was, row) => Differences(was, row, tolerances))
                : null,
            Compare(baseline.Means, now.Means, PlaceOf, row => Text(row.Mean), (was, row) => Differences(was, row, tolerances)));
    }

    /// <summary>What tells a score from all others of a run.</summary>
    internal static RowPlace PlaceOf(ScoreRow row) =>
        new(row.Image, row.Randomization, row.Step, row.Layer, row.Draw, row.Method, row.Metric, row.Resolution, row.Reference);

    private static RowPlace PlaceOf(SummaryRow row) =>
        new(null, row.Randomization, row.Step, row.Layer, null, row.Method, row.Metric, row.Resolution, row.Reference);

    private static TableComparison Compare<TRow>(
        IReadOnlyList<TRow> baseline, IReadOnlyList<TRow> now, Func<TRow, RowPlace> place, Func<TRow, string> text,
        Func<TRow, TRow, IEnumerable<Drift>> differences)
    {
        Dictionary<RowPlace, TRow> after = now.ToDictionary(place);
        var all = new List<Drift>();
        foreach (TRow was in baseline)
        {
            RowPlace at = place(was);
            all.AddRange(
                after.Remove(at, out TRow? row) ? differences(was, row) : [new Drift(at, "row", text(was), "missing", null, null)]);
        }

        all.AddRange(
            now.Where(row => after.ContainsKey(place(row))).Select(row => new Drift(place(row), "row", "none", text(row), null, null)));
        Drift[] drifts = [.. all.Where(drift => drift.IsBeyondTolerance)
            .OrderBy(drift => drift.Difference is not null)
            .ThenByDescending(drift => drift.Ratio)
            .ThenByDescending(drift => Math.Abs(drift.Difference ?? 0))
            // a row whose layer was renamed beside its successor
            .ThenBy(drift => drift.Row.Image, StringComparer.Ordinal).ThenBy(drift => drift.Row.Step)];
        return new TableComparison(
            baseline.Count + after.Count,
            drifts.Select(drift => drift.Row).Distinct().Count(),
            all.Where(drift => drift.Difference is not 0).Select(drift => drift.Row).Distinct().Count(),
            drifts,
            all.Where(drift => drift.Quantity is "value" or "mean")
                .GroupBy(drift => drift.Row.Metric)
                .ToDictionary(metric => metric.Key, metric => metric.MaxBy(drift => (drift.Ratio, Math.Abs(drift.Difference!.Value)))!));
    }

    private static IEnumerable<Drift> Differences(ScoreRow was, ScoreRow row, Tolerances tolerances)
    {
        RowPlace place = PlaceOf(was);
        if (was.Target != row.Target)
        {
            yield return new Drift(place, "target", Text(was.Target), Text(row.Target), null, null);
        }

        if (was.Label != row.Label)
        {
            yield return new Drift(place, "label", Text(was.Label), Text(row.Label), null, null);
        }

        if (was.Status != row.Status || was.Value is null != row.Value is null)
        {
            yield return new Drift(place, "status", Text(was), Text(row), null, null);
        }
        else if (was.Value is { } before && row.Value is { } value)
        {
            yield return Sized(place, "value", before, value, tolerances[row.Metric]);
        }
    }

    private static IEnumerable<Drift> Differences(SummaryRow was, SummaryRow row, Tolerances tolerances)
    {
        RowPlace place = PlaceOf(was);
        if ((was.N, was.Undefined) != (row.N, row.Undefined))
        {
            yield return new Drift(place, "defined", Defined(was), Defined(row), null, null);
        }

        foreach ((string quantity, double? before, double? value, double bound) in new[]
        {
            ("mean", was.Mean, row.Mean, tolerances.OfMean(row.Metric, was.N)), ("sd", was.Sd, row.Sd, tolerances[row.Metric]),
        })
        {
            if (before is not null && value is not null)
            {
                yield return Sized(place, quantity, before.Value, value.Value, bound);
            }
        }
    }

    private static Drift Sized(RowPlace place, string quantity, double before, double value, double tolerance) =>
        new(place, quantity, Text(before), Text(value), value - before, tolerance);

    private static string Defined(SummaryRow row) => string.Create(CultureInfo.InvariantCulture, $"{row.N} of {row.N + row.Undefined}");

    private static string Text(ScoreRow row) => row.Value is null ? row.Status : Text(row.Value);

    private static string Text(double? value) => value?.ToString("0.0000000", CultureInfo.InvariantCulture) ?? "undefined";

    private static string Text(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "none";
}
