using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace SanityChecks.RunFiles.Statistics;

/// <summary>Makes the rows of <c>summary.csv</c> of those of <c>scores.csv</c>.</summary>
public static class Summary
{
    /// <summary>Summarises scores, in the order in which steps, methods and metrics first occur.</summary>
    /// <remarks>The draws of an image are averaged before the interval is made: they share the image, so they are no independent
    /// evidence.</remarks>
    public static IReadOnlyList<SummaryRow> Of(IEnumerable<ScoreRow> rows) =>
        [.. rows.GroupBy(row => (row.Randomization, row.Step, row.Layer, row.Method, row.Metric, row.Resolution, row.Reference))
            .OrderBy(group => group.Key.Step).Select(group =>
        {
            ScoreRow[] defined = [.. group.Where(row => row.Value is not null)];
            double[] values = [.. defined.Select(row => row.Value!.Value)];
            double[] images = [.. defined.GroupBy(row => row.Image).Select(image => image.Average(row => row.Value!.Value))];
            double? mean = values.Length > 0 ? values.Mean() : null;
            double? half = images.Length > 1
                ? StudentT.InvCDF(0, 1, images.Length - 1, 0.975) * images.StandardDeviation() / Math.Sqrt(images.Length)
                : null;
            double? center = images.Length > 1 ? images.Mean() : null;
            return new SummaryRow(
                group.Key.Randomization, group.Key.Step, group.Key.Layer, group.Key.Method, group.Key.Metric, group.Key.Resolution,
                group.Key.Reference,
                values.Length, group.Count() - values.Length, mean, values.Length > 1 ? values.StandardDeviation() : null,
                center - half, center + half, values.Length > 0 ? values.Median() : null);
        })];
}
