using System.Globalization;

namespace SanityChecks.RunFiles;

/// <summary>The scores of one step, method, metric, resolution and reference over images and draws: a row of <c>summary.csv</c>.</summary>
/// <param name="Randomization">The kind of randomization.</param>
/// <param name="Step">0 for the untouched network.</param>
/// <param name="Layer">What the step randomizes.</param>
/// <param name="Method">The attribution method.</param>
/// <param name="Metric">The similarity.</param>
/// <param name="Resolution">At which size the maps were compared.</param>
/// <param name="Reference">What the maps were compared with.</param>
/// <param name="N">Defined scores; everything below is over them.</param>
/// <param name="Undefined">Scores without a value.</param>
/// <param name="Mean">Arithmetic mean; null where <paramref name="N"/> is 0.</param>
/// <param name="Sd">Standard deviation with N - 1; null where <paramref name="N"/> is below 2.</param>
/// <param name="CiLow">Lower end of the mean's 95 % interval by Student's t over the images' means; null where fewer than two images are
/// defined.</param>
/// <param name="CiHigh">Its upper end.</param>
/// <param name="Median">Median; null where <paramref name="N"/> is 0.</param>
public sealed record SummaryRow(
    string Randomization, int Step, string Layer, string Method, string Metric, string Resolution, string Reference,
    int N, int Undefined, double? Mean, double? Sd, double? CiLow, double? CiHigh, double? Median)
{
    /// <summary>The header of the file.</summary>
    public static IReadOnlyList<string> Columns { get; } =
        ["randomization", "step", "layer", "method", "metric", "resolution", "reference", "n", "undefined", "mean", "sd", "ci_low",
            "ci_high", "median"];

    /// <summary>The row as text, in the order of the columns.</summary>
    public IEnumerable<string> Cells =>
    [
        Randomization, Step.ToString(CultureInfo.InvariantCulture), Layer, Method, Metric, Resolution, Reference,
        N.ToString(CultureInfo.InvariantCulture), Undefined.ToString(CultureInfo.InvariantCulture), Text(Mean), Text(Sd), Text(CiLow),
        Text(CiHigh), Text(Median),
    ];

    /// <summary>A row from its cells.</summary>
    /// <param name="cells">As many as there are columns.</param>
    /// <exception cref="FormatException">A cell is not what its column holds.</exception>
    public static SummaryRow Parse(IReadOnlyList<string> cells)
    {
        Require(cells.Count == Columns.Count, $"a row has {Columns.Count} cells, not {cells.Count}");
        var row = new SummaryRow(
            Named(0), Count(1), cells[2], Named(3), Named(4), cells[5], Named(6), Count(7), Count(8), Number(9), Number(10), Number(11),
            Number(12), Number(13));
        Require((row.Step == 0) == (row.Layer.Length == 0), "layer must be empty at step 0 and named at every other");
        Require(row.N > 0 == row.Mean.HasValue, "mean must be empty where n is 0 and given elsewhere");
        Require(row.CiLow.HasValue == row.CiHigh.HasValue, "ci_low and ci_high must be both given or both empty");
        Require(!row.CiLow.HasValue || row.Mean.HasValue, "an interval needs a mean");
        Require(!(row.CiLow > row.CiHigh), "ci_low is above ci_high");
        return row;

        string Named(int column)
        {
            Require(cells[column].Length > 0, $"{Columns[column]} is empty");
            return cells[column];
        }

        int Count(int column) => int.TryParse(cells[column], NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw new FormatException($"{Columns[column]} is '{cells[column]}'; it must be a whole number from 0 on");

        double? Number(int column) => cells[column].Length == 0 ? null
            : double.TryParse(cells[column], NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                && double.IsFinite(value) ? value
            : throw new FormatException(
                $"{Columns[column]} is '{cells[column]}'; it must be a finite number with a decimal point, or empty");
    }

    private static string Text(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    private static void Require(bool condition, string reason)
    {
        if (!condition)
        {
            throw new FormatException(reason);
        }
    }
}
