using System.Globalization;
using CsvHelper;
using SanityChecks.RunFiles;

namespace SanityChecks.Reporting;

/// <summary>Reads <c>summary.csv</c> of a run folder and checks it against its schema.</summary>
public static class SummaryFile
{
    /// <summary>The name of the file in a run folder.</summary>
    public const string Name = "summary.csv";

    private static readonly string[] Columns =
    [
        "randomization", "step", "layer", "method", "metric", "resolution",
        "n", "undefined", "mean", "sd", "ci_low", "ci_high", "median",
    ];

    private static readonly CsvReaderOptions Options = new()
    {
        Separator = ',',
        HasHeader = false,
        TrackLineNumbers = true,
        MalformedData = CsvMalformedDataHandling.Throw,
    };

    /// <summary>All rows of a run folder's summary, in the file's order.</summary>
    /// <param name="runFolder">The run folder.</param>
    /// <returns>As <see cref="ReadFile"/>.</returns>
    /// <exception cref="RunFolderException">As for <see cref="ReadFile"/>.</exception>
    public static IReadOnlyList<SummaryRow> Read(string runFolder) => ReadFile(Path.Combine(runFolder, Name));

    /// <summary>All rows of a file with this schema, whatever its name, in the file's order.</summary>
    /// <param name="path">The file.</param>
    /// <returns>At least one row; one per randomization, step, method, metric and resolution.</returns>
    /// <exception cref="RunFolderException">
    /// The file is missing or unreadable, its header is not the schema's, it has no rows, a cell is not what its column needs,
    /// or two rows contradict each other.
    /// </exception>
    public static IReadOnlyList<SummaryRow> ReadFile(string path)
    {
        var rows = new List<SummaryRow>();
        try
        {
            using CsvReader reader = CsvReader.Create(RegularFile.OpenRead(path), Options);
            if (!reader.Read() || !reader.Current.ToArray().SequenceEqual(Columns))
            {
                throw new RunFolderException(path, 1, $"the header must be {string.Join(',', Columns)}");
            }

            while (reader.Read())
            {
                rows.Add(new SummaryCells(path, (int)reader.LineNumber, Columns, reader.Current.ToArray()).ToRow());
            }
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new RunFolderException(path, null, "there is no such file; a run folder with finished scores has one", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new RunFolderException(path, null, $"cannot be read ({error.Message})", error);
        }
        catch (CsvFormatException error)
        {
            throw new RunFolderException(path, (int)error.LineNumber, "a quote is misplaced; cells are quoted as in RFC 4180", error);
        }

        CheckTogether(path, rows);
        return rows;
    }

    private static void CheckTogether(string path, List<SummaryRow> rows)
    {
        if (rows.Count == 0)
        {
            throw new RunFolderException(path, 1, "there are no rows below the header; did the run finish a batch?");
        }

        var seen = new Dictionary<(string, int, string, string, string), int>();
        var layers = new Dictionary<(string, int), SummaryRow>();
        foreach (SummaryRow row in rows)
        {
            if (!seen.TryAdd((row.Randomization, row.Step, row.Method, row.Metric, row.Resolution), row.Line))
            {
                int first = seen[(row.Randomization, row.Step, row.Method, row.Metric, row.Resolution)];
                throw new RunFolderException(path, row.Line, string.Create(
                    CultureInfo.InvariantCulture, $"step {row.Step} of {row.Method}, {row.Metric} stands in line {first} already"));
            }

            layers.TryAdd((row.Randomization, row.Step), row);
            SummaryRow earlier = layers[(row.Randomization, row.Step)];
            if (earlier.Layer != row.Layer)
            {
                throw new RunFolderException(path, row.Line, string.Create(
                    CultureInfo.InvariantCulture,
                    $"step {row.Step} randomizes layer '{row.Layer}' here and '{earlier.Layer}' in line {earlier.Line}"));
            }
        }
    }
}
