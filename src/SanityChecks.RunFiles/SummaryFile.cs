using System.Globalization;

namespace SanityChecks.RunFiles;

/// <summary><c>summary.csv</c> of a run folder, or another file with its columns.</summary>
public static class SummaryFile
{
    /// <summary>The whole text of a file.</summary>
    /// <param name="rows">The rows, in order.</param>
    public static string Text(IEnumerable<SummaryRow> rows) => CsvFile.Text(SummaryRow.Columns, rows.Select(row => row.Cells));

    /// <summary>All rows of a file, in its order.</summary>
    /// <param name="path">The file.</param>
    /// <returns>At least one row; one per randomization, step, method, metric, resolution and reference.</returns>
    /// <exception cref="RunFileException">
    /// The file is missing or unreadable, its header is not the schema's, it has no rows, a cell is not what its column needs,
    /// or two rows contradict each other.
    /// </exception>
    public static IReadOnlyList<SummaryRow> Read(string path)
    {
        var rows = new List<SummaryRow>();
        var seen = new Dictionary<(string, int, string, string, string, string), int>();
        var layers = new Dictionary<(string, int), (string Layer, int Line)>();

        // An empty line is what editors leave at the end.
        foreach ((SummaryRow? row, int line) in CsvFile.Rows(
            path, SummaryRow.Columns, cells =>
                cells is [""] ? null : SummaryRow.Parse(cells), "; a run folder with finished scores has one"))
        {
            if (row is null)
            {
                continue;
            }

            if (!seen.TryAdd((row.Randomization, row.Step, row.Method, row.Metric, row.Resolution, row.Reference), line))
            {
                int first = seen[(row.Randomization, row.Step, row.Method, row.Metric, row.Resolution, row.Reference)];
                throw new RunFileException(
                    path, line,
                    string.Create(
                        CultureInfo.InvariantCulture, $"step {row.Step} of {row.Method}, {row.Metric} stands in line {first} already"));
            }

            layers.TryAdd((row.Randomization, row.Step), (row.Layer, line));
            (string layer, int earlier) = layers[(row.Randomization, row.Step)];
            if (layer != row.Layer)
            {
                throw new RunFileException(path, line, string.Create(
                    CultureInfo.InvariantCulture, $"step {row.Step} randomizes layer '{row.Layer}' here and '{layer}' in line {earlier}"));
            }

            rows.Add(row);
        }

        return rows.Count > 0 ? rows : throw new RunFileException(path, 2, "there are no rows below the header");
    }
}
