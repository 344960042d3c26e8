namespace SanityChecks.RunFiles;

/// <summary>Something about the state of the networks of a step, or of a method's maps of them: a row of <c>health.csv</c>.</summary>
/// <param name="Randomization">The kind of randomization.</param>
/// <param name="Step">0 for the untouched network.</param>
/// <param name="Layer">What the step randomizes.</param>
/// <param name="Subject"><see cref="ScoreRow.Network"/>, a layer, or a method.</param>
/// <param name="Measure">What was measured or counted.</param>
/// <param name="N">Images and draws that it is over.</param>
/// <param name="Value">The mean, or the count; null where nothing is defined.</param>
public sealed record HealthRow(string Randomization, int Step, string Layer, string Subject, string Measure, int N, double? Value)
{
    /// <summary>The header of the file.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["randomization", "step", "layer", "subject", "measure", "n", "value"];

    /// <summary>The row as text, in the order of the columns.</summary>
    public IEnumerable<string> Cells =>
        [Randomization, CellText.Of(Step), Layer, Subject, Measure, CellText.Of(N), CellText.Of(Value)];

    /// <summary>A row from its cells.</summary>
    /// <exception cref="FormatException">A cell is not what its column holds.</exception>
    public static HealthRow Parse(IReadOnlyList<string> cells)
    {
        var read = CellText.Begin(Columns, cells);
        return new HealthRow(read.Named(), read.Count(), read.Text(), read.Named(), read.Named(), read.Count(), read.Number());
    }
}
