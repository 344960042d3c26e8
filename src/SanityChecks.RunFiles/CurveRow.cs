using SanityChecks.RunFiles.Statistics;

namespace SanityChecks.RunFiles;

/// <summary>The course of a method's similarity over all steps: a row of <c>curves.csv</c>.</summary>
/// <param name="Randomization">The kind of randomization.</param>
/// <param name="Method">The attribution method.</param>
/// <param name="Metric">The similarity.</param>
/// <param name="Resolution">At which size the maps were compared.</param>
/// <param name="Statistic">What was taken of each score.</param>
/// <param name="N">Images and draws with enough defined steps.</param>
/// <param name="Area">Area under the curve, by trapezoids from the untouched network to the last step, as a mean height; where steps stand
/// alone, the mean over them.</param>
/// <param name="AreaLow">Lower end of its 95 % interval.</param>
/// <param name="AreaHigh">Its upper end.</param>
/// <param name="CollapseStep">The first step from which on the mean stays below half of the way from the null to the original; null where
/// the last one does not, or steps stand alone.</param>
/// <param name="CollapseLayer">What that step randomizes.</param>
/// <param name="CollapseLow">Lower end of its 95 % interval; null for none.</param>
/// <param name="CollapseHigh">Its upper end; null where it lies behind the last step.</param>
public sealed record CurveRow(
    string Randomization, string Method, string Metric, string Resolution, Statistic Statistic, int N, double? Area, double? AreaLow,
    double? AreaHigh, int? CollapseStep, string CollapseLayer, int? CollapseLow, int? CollapseHigh)
{
    /// <summary>The header of the file.</summary>
    public static IReadOnlyList<string> Columns { get; } =
        ["randomization", "method", "metric", "resolution", "statistic", "n", "area", "area_low", "area_high", "collapse_step",
            "collapse_layer", "collapse_low", "collapse_high"];

    /// <summary>The row as text, in the order of the columns.</summary>
    public IEnumerable<string> Cells =>
    [
        Randomization, Method, Metric, Resolution, Statistic.Word(), CellText.Of(N), CellText.Of(Area), CellText.Of(AreaLow),
        CellText.Of(AreaHigh), CellText.Of(CollapseStep), CollapseLayer, CellText.Of(CollapseLow), CellText.Of(CollapseHigh),
    ];

    /// <summary>A row from its cells.</summary>
    /// <exception cref="FormatException">A cell is not what its column holds.</exception>
    public static CurveRow Parse(IReadOnlyList<string> cells)
    {
        var read = CellText.Begin(Columns, cells);
        return new CurveRow(
            read.Named(), read.Named(), read.Named(), read.Text(), StatisticWords.Of(read.Named()), read.Count(), read.Number(),
            read.Number(), read.Number(), read.CountOrNone(), read.Text(), read.CountOrNone(), read.CountOrNone());
    }
}
