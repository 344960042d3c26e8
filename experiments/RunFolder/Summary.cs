using System.Globalization;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace SanityChecks.Experiments.RunFolder;

/// <summary>The scores of one step, method, metric and resolution over images and draws: a row of <c>summary.csv</c>.</summary>
/// <param name="Randomization">The kind of randomization.</param>
/// <param name="Step">0 for the untouched network.</param>
/// <param name="Layer">What the step randomizes.</param>
/// <param name="Method">The attribution method.</param>
/// <param name="Metric">The similarity.</param>
/// <param name="Resolution">At which size the maps were compared.</param>
/// <param name="N">Defined scores; everything below is over them.</param>
/// <param name="Undefined">Scores without a value.</param>
/// <param name="Mean">Arithmetic mean; null where <paramref name="N"/> is 0.</param>
/// <param name="Sd">Standard deviation with N - 1; null where <paramref name="N"/> is below 2.</param>
/// <param name="CiLow">Lower end of the mean's 95 % interval by Student's t over the images' means; null where fewer than two images are defined.</param>
/// <param name="CiHigh">Its upper end.</param>
/// <param name="Median">Median; null where <paramref name="N"/> is 0.</param>
public sealed record Summary(
    string Randomization, int Step, string Layer, string Method, string Metric, string Resolution,
    int N, int Undefined, double? Mean, double? Sd, double? CiLow, double? CiHigh, double? Median)
{
    /// <summary>The header of the file.</summary>
    public static IReadOnlyList<string> Columns { get; } =
        ["randomization", "step", "layer", "method", "metric", "resolution", "n", "undefined", "mean", "sd", "ci_low", "ci_high", "median"];

    /// <summary>Summarises scores, in the order in which steps, methods and metrics first occur.</summary>
    /// <remarks>The draws of an image are averaged before the interval is made: they share the image, so they are no independent evidence.</remarks>
    public static IReadOnlyList<Summary> Of(IEnumerable<ScoreRow> rows) =>
        [.. rows.GroupBy(row => (row.Randomization, row.Step, row.Layer, row.Method, row.Metric, row.Resolution)).OrderBy(group => group.Key.Step).Select(group =>
        {
            ScoreRow[] defined = [.. group.Where(row => row.Value is not null)];
            double[] values = [.. defined.Select(row => row.Value!.Value)];
            double[] images = [.. defined.GroupBy(row => row.Image).Select(image => image.Average(row => row.Value!.Value))];
            double? mean = values.Length > 0 ? values.Mean() : null;
            double? half = images.Length > 1 ? StudentT.InvCDF(0, 1, images.Length - 1, 0.975) * images.StandardDeviation() / Math.Sqrt(images.Length) : null;
            double? center = images.Length > 1 ? images.Mean() : null;
            return new Summary(
                group.Key.Randomization, group.Key.Step, group.Key.Layer, group.Key.Method, group.Key.Metric, group.Key.Resolution,
                values.Length, group.Count() - values.Length, mean, values.Length > 1 ? values.StandardDeviation() : null,
                center - half, center + half, values.Length > 0 ? values.Median() : null);
        })];

    /// <summary>The whole file.</summary>
    public static string ToCsv(IEnumerable<Summary> rows) => string.Concat(rows.Select(row => CsvText.Record(row.Cells)).Prepend(CsvText.Record(Columns)));

    private IEnumerable<string> Cells =>
    [
        Randomization, Step.ToString(CultureInfo.InvariantCulture), Layer, Method, Metric, Resolution,
        N.ToString(CultureInfo.InvariantCulture), Undefined.ToString(CultureInfo.InvariantCulture), Number(Mean), Number(Sd), Number(CiLow), Number(CiHigh), Number(Median),
    ];

    private static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";
}
