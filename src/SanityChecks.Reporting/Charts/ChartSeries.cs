using SanityChecks.RunFiles;

namespace SanityChecks.Reporting.Charts;

/// <summary>A method's points in one chart.</summary>
/// <param name="DisplayName">The method's name for people.</param>
/// <param name="Style">Color, dashes and marker.</param>
/// <param name="Points">One entry a step of the chart; null where the file has no row.</param>
internal sealed record ChartSeries(string DisplayName, SeriesStyle Style, IReadOnlyList<SummaryRow?> Points)
{
    /// <summary>The similarities to the null, one entry a step; empty where the run has none.</summary>
    public IReadOnlyList<SummaryRow?> Nulls { get; init; } = [];

    /// <summary>Whether the magnitudes of the scores tell something else than the scores: at some step their mean lies beyond the mean's
    /// interval, so that scores of both signs cancel each other.</summary>
    public bool CancelsOut => Points.Any(point => point is { Step: > 0 } && point.MeanAbs > Math.Abs(point.Mean ?? double.NaN)
        && point.MeanAbs > point.CiHigh && -point.MeanAbs < point.CiLow);

    /// <summary>The index of the last step with a mean, or -1.</summary>
    public int LastDefined => Points.ToList().FindLastIndex(point => point?.Mean is not null);

    /// <summary>The longest runs of consecutive steps that satisfy a condition, as first index and length.</summary>
    public IEnumerable<(int First, int Length)> Runs(Func<SummaryRow, bool> condition)
    {
        int first = 0;
        for (int i = 0; i <= Points.Count; i++)
        {
            if (i < Points.Count && Points[i] is SummaryRow row && condition(row))
            {
                continue;
            }

            if (i > first)
            {
                yield return (first, i - first);
            }

            first = i + 1;
        }
    }
}
