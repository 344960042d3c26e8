using System.Text;

namespace SanityChecks.RunFiles;

/// <summary><c>scores.csv</c> of a run: grows by whole images, held open so that no second run writes to it.</summary>
public sealed class ScoresFile : IDisposable
{
    private readonly FileStream file;

    private ScoresFile(FileStream file, IReadOnlyList<string> finished)
    {
        this.file = file;
        FinishedImages = finished;
    }

    /// <summary>Ids of the images whose rows are all there, in the file's order.</summary>
    public IReadOnlyList<string> FinishedImages { get; }

    /// <summary>Opens the file for appending. What an interruption left behind the last finished image is cut off.</summary>
    /// <param name="path">Made, with its header, where it is missing.</param>
    /// <param name="rowsPerImage">How many rows a finished image has.</param>
    /// <exception cref="InputException">Another run holds the file, or it is not a file of such a run.</exception>
    public static ScoresFile Open(string path, int rowsPerImage)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        FileStream file = HeldFile.Open(path, "run");
        try
        {
            byte[] bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            (IReadOnlyList<string> finished, long end) = Finished(path, bytes, rowsPerImage);
            file.SetLength(end);
            file.Position = end;
            if (end == 0)
            {
                file.Write(Encoding.UTF8.GetBytes(CsvText.Record(ScoreRow.Columns)));
            }

            file.Flush(flushToDisk: true);
            return new ScoresFile(file, finished);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The whole text of a file.</summary>
    /// <param name="rows">The rows, in order.</param>
    public static string Text(IEnumerable<ScoreRow> rows) => CsvFile.Text(ScoreRow.Columns, rows.Select(row => row.Cells));

    /// <summary>The rows of a file, each with the line on which it begins, as they are asked for.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="RunFileException">The file is missing or cannot be read as one; the message has the line.</exception>
    public static IEnumerable<(ScoreRow Row, int Line)> Rows(string path) => CsvFile.Rows(path, ScoreRow.Columns, ScoreRow.Parse);

    /// <summary>All rows of a file.</summary>
    /// <inheritdoc cref="Rows"/>
    public static IReadOnlyList<ScoreRow> Read(string path) => [.. Rows(path).Select(line => line.Row)];

    /// <summary>Appends the rows of finished images and flushes them to the disk.</summary>
    /// <param name="rows">All rows of each image, image after image.</param>
    public void Append(IEnumerable<ScoreRow> rows)
    {
        file.Write(Encoding.UTF8.GetBytes(string.Concat(rows.Select(row => CsvText.Record(row.Cells)))));
        file.Flush(flushToDisk: true);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => file.Dispose();

    private static (IReadOnlyList<string> Images, long End) Finished(string path, byte[] bytes, int rowsPerImage)
    {
        var images = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        long end = 0;
        int rows = -1;
        string current = "";
        byte[] header = Encoding.UTF8.GetBytes(CsvText.Record(ScoreRow.Columns));
        if (!bytes.AsSpan().StartsWith(header.AsSpan(0, Math.Min(header.Length, bytes.Length))))
        {
            throw new InputException($"{path} does not begin with the header {string.Join(',', ScoreRow.Columns)}.");
        }

        foreach (CsvRecord record in CsvText.Records(bytes))
        {
            IReadOnlyList<string> cells = record.Cells;
            if (++rows == 0)
            {
                end = record.End;
                continue;
            }

            if (cells.Count != ScoreRow.Columns.Count)
            {
                throw new RunFileException(path, record.Line, $"a row has {ScoreRow.Columns.Count} cells, not {cells.Count}");
            }

            bool first = (rows - 1) % rowsPerImage == 0;
            if (first ? !seen.Add(cells[0]) : cells[0] != current)
            {
                throw new InputException($"{path} has {(first ? "more" : "fewer")} rows for the image {(first ? cells[0] : current)} than the {rowsPerImage} of this run; it belongs to another run.");
            }

            current = cells[0];

            if (rows % rowsPerImage == 0)
            {
                images.Add(current);
                end = record.End;
            }
        }

        return (images, end);
    }
}
