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
/// <param name="CiLow">Lower end of the mean's 95 % interval (<see cref="Statistics.TwoLevelBootstrap"/>), over draws and images; over
/// images alone where there is one draw. Null where there is one image and one draw.</param>
/// <param name="CiHigh">Its upper end.</param>
/// <param name="Median">Median; null where <paramref name="N"/> is 0.</param>
public sealed record SummaryRow(
    string Randomization, int Step, string Layer, string Method, string Metric, string Resolution, string Reference,
    int N, int Undefined, double? Mean, double? Sd, double? CiLow, double? CiHigh, double? Median)
{
    /// <summary>The header of the file.</summary>
    public static IReadOnlyList<string> Columns { get; } =
        ["randomization", "step", "layer", "method", "metric", "resolution", "reference", "n", "undefined", "mean", "sd", "ci_low",
            "ci_high", "median", "draws", "sd_draw", "sd_image", "mean_abs", "abs_low", "abs_high", "mean_aligned", "aligned_low",
            "aligned_high"];

    /// <summary>Draws that have a defined score. Of one draw no interval says what another would have given.</summary>
    public int Draws { get; init; }

    /// <summary>Standard deviation that the draw adds to a score; null for one draw.</summary>
    public double? SdDraw { get; init; }

    /// <summary>Standard deviation that the image adds; null for one image.</summary>
    public double? SdImage { get; init; }

    /// <summary>Mean of the scores' magnitudes; null for what is no similarity of maps.</summary>
    public double? MeanAbs { get; init; }

    /// <summary>Lower end of its interval.</summary>
    public double? AbsLow { get; init; }

    /// <summary>Upper end of its interval.</summary>
    public double? AbsHigh { get; init; }

    /// <summary>Mean of the scores times the sign of the product of the two logits (<see cref="ScoreRow.Sign"/>).</summary>
    public double? MeanAligned { get; init; }

    /// <summary>Lower end of its interval.</summary>
    public double? AlignedLow { get; init; }

    /// <summary>Upper end of its interval.</summary>
    public double? AlignedHigh { get; init; }

    /// <summary>The row as text, in the order of the columns.</summary>
    public IEnumerable<string> Cells =>
    [
        Randomization, CellText.Of(Step), Layer, Method, Metric, Resolution, Reference, CellText.Of(N), CellText.Of(Undefined),
        .. new[] { Mean, Sd, CiLow, CiHigh, Median }.Select(CellText.Of), CellText.Of(Draws),
        .. new[] { SdDraw, SdImage, MeanAbs, AbsLow, AbsHigh, MeanAligned, AlignedLow, AlignedHigh }.Select(CellText.Of),
    ];

    /// <summary>A row from its cells.</summary>
    /// <param name="cells">As many as there are columns.</param>
    /// <exception cref="FormatException">A cell is not what its column holds.</exception>
    public static SummaryRow Parse(IReadOnlyList<string> cells)
    {
        var read = CellText.Begin(Columns, cells);
        var row = new SummaryRow(
            read.Named(), read.Count(), read.Text(), read.Named(), read.Named(), read.Text(), read.Named(), read.Count(), read.Count(),
            read.Number(), read.Number(), read.Number(), read.Number(), read.Number())
        {
            Draws = read.Count(),
            SdDraw = read.Number(),
            SdImage = read.Number(),
            MeanAbs = read.Number(),
            AbsLow = read.Number(),
            AbsHigh = read.Number(),
            MeanAligned = read.Number(),
            AlignedLow = read.Number(),
            AlignedHigh = read.Number(),
        };
        Require((row.Step == 0) == (row.Layer.Length == 0), "layer must be empty at step 0 and named at every other");
        Require(row.N > 0 == row.Mean.HasValue, "mean must be empty where n is 0 and given elsewhere");
        Require(row.CiLow.HasValue == row.CiHigh.HasValue, "ci_low and ci_high must be both given or both empty");
        Require(!row.CiLow.HasValue || row.Mean.HasValue, "an interval needs a mean");
        Require(!(row.CiLow > row.CiHigh), "ci_low is above ci_high");
        return row;
    }

    private static void Require(bool condition, string reason)
    {
        if (!condition)
        {
            throw new FormatException(reason);
        }
    }
}
