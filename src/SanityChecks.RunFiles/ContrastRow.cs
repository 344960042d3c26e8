using SanityChecks.RunFiles.Statistics;

namespace SanityChecks.RunFiles;

/// <summary>How much more similar the maps of a step are to their originals than to a null, over images and draws: a row of
/// <c>contrasts.csv</c>.</summary>
/// <param name="Randomization">The kind of randomization.</param>
/// <param name="Step">From 1.</param>
/// <param name="Layer">What the step randomizes.</param>
/// <param name="Method">The attribution method.</param>
/// <param name="Metric">The similarity.</param>
/// <param name="Resolution">At which size the maps were compared.</param>
/// <param name="Null">The reference that the original is held against: <c>other_image</c>.</param>
/// <param name="Statistic">What was taken of both scores before the difference was.</param>
/// <param name="N">Scores with both defined.</param>
/// <param name="Difference">The mean of the differences; null where <paramref name="N"/> is 0.</param>
/// <param name="Low">Lower end of its 95 % interval; null where there is one image and one draw.</param>
/// <param name="High">Its upper end.</param>
public sealed record ContrastRow(
    string Randomization, int Step, string Layer, string Method, string Metric, string Resolution, string Null, Statistic Statistic, int N,
    double? Difference, double? Low, double? High)
{
    /// <summary>The header of the file.</summary>
    public static IReadOnlyList<string> Columns { get; } =
        ["randomization", "step", "layer", "method", "metric", "resolution", "null", "statistic", "n", "difference", "low", "high"];

    /// <summary>The row as text, in the order of the columns.</summary>
    public IEnumerable<string> Cells =>
    [
        Randomization, CellText.Of(Step), Layer, Method, Metric, Resolution, Null, Statistic.Word(), CellText.Of(N),
        CellText.Of(Difference), CellText.Of(Low), CellText.Of(High),
    ];

    /// <summary>A row from its cells.</summary>
    /// <exception cref="FormatException">A cell is not what its column holds.</exception>
    public static ContrastRow Parse(IReadOnlyList<string> cells)
    {
        var read = CellText.Begin(Columns, cells);
        return new ContrastRow(
            read.Named(), read.Count(), read.Text(), read.Named(), read.Named(), read.Text(), read.Named(), StatisticWords.Of(read.Named()),
            read.Count(), read.Number(), read.Number(), read.Number());
    }
}
