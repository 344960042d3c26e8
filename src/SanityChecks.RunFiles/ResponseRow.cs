namespace SanityChecks.RunFiles;

/// <summary>How a method's maps follow what is measured of the networks that they explain: a row of <c>responses.csv</c>.</summary>
/// <param name="Randomization">The kind of randomization.</param>
/// <param name="Method">The attribution method.</param>
/// <param name="Metric">The similarity; a map's change is what it lacks of 1.</param>
/// <param name="Resolution">At which size the maps were compared.</param>
/// <param name="Measure">What is measured of the networks: <c>logit_distance</c>.</param>
/// <param name="Over"><see cref="Steps"/>: of each image and draw over the steps; <see cref="Images"/>: of each draw and step over the
/// images.</param>
/// <param name="N">Correlations that the mean is over.</param>
/// <param name="Mean">The mean of Pearson's correlations; null where none is defined.</param>
/// <param name="Low">Lower end of its 95 % interval, over draws and images, or over draws; null where there is one of them.</param>
/// <param name="High">Its upper end.</param>
public sealed record ResponseRow(
    string Randomization, string Method, string Metric, string Resolution, string Measure, string Over, int N, double? Mean, double? Low,
    double? High)
{
    /// <summary>Correlated over the steps.</summary>
    public const string Steps = "steps";

    /// <summary>Correlated over the images.</summary>
    public const string Images = "images";

    /// <summary>The header of the file.</summary>
    public static IReadOnlyList<string> Columns { get; } =
        ["randomization", "method", "metric", "resolution", "measure", "over", "n", "mean", "low", "high"];

    /// <summary>The row as text, in the order of the columns.</summary>
    public IEnumerable<string> Cells =>
    [
        Randomization, Method, Metric, Resolution, Measure, Over, CellText.Of(N), CellText.Of(Mean), CellText.Of(Low), CellText.Of(High),
    ];
}
