using MathNet.Numerics.Statistics;

namespace SanityChecks.RunFiles.Statistics;

/// <summary>Makes the rows of <c>summary.csv</c> of those of <c>scores.csv</c>.</summary>
public static class Summary
{
    /// <summary>Summarises scores, in the order in which steps, methods and metrics first occur.</summary>
    public static IReadOnlyList<SummaryRow> Of(IEnumerable<ScoreRow> rows) => Of(new ScoreTable(rows));

    /// <summary>The same of a table.</summary>
    public static IReadOnlyList<SummaryRow> Of(ScoreTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return [.. table.Groups.AsParallel().AsOrdered().Select(group => Row(table, group))];
    }

    private static SummaryRow Row(ScoreTable table, ScoreGroup group)
    {
        ScoreCells cells = table.Cells(group, Statistic.Signed);
        double[] values = [.. cells.Defined];
        Estimate mean = table.Bootstrap.Estimate(cells);
        VarianceComponents? spread = values.Length > 1 ? VarianceComponents.Of(cells) : null;

        // Of what is no similarity, neither magnitude nor sign says anything.
        bool ofMaps = group.Method != ScoreRow.Network && group.Reference is not (ScoreRow.Itself or ScoreRow.Network or ScoreRow.Truth);
        Estimate magnitude = ofMaps ? table.Bootstrap.Estimate(table.Cells(group, Statistic.Absolute)) : default;
        Estimate aligned = ofMaps ? table.Bootstrap.Estimate(table.Cells(group, Statistic.Aligned)) : default;
        return new SummaryRow(
            group.Randomization, group.Step, group.Layer, group.Method, group.Metric, group.Resolution, group.Reference,
            values.Length, table.Undefined(group), mean.Mean, values.Length > 1 ? values.StandardDeviation() : null, mean.Low, mean.High,
            values.Length > 0 ? values.Median() : null)
        {
            Draws = cells.Values.Count(draw => draw.Any(double.IsFinite)),
            SdDraw = spread?.DrawDeviation,
            SdImage = spread?.ImageDeviation,
            MeanAbs = magnitude.Mean,
            AbsLow = magnitude.Low,
            AbsHigh = magnitude.High,
            MeanAligned = aligned.Mean,
            AlignedLow = aligned.Low,
            AlignedHigh = aligned.High,
        };
    }
}
