using System.Globalization;
using System.Text;
using SanityChecks.RunFiles;

namespace SanityChecks.Experiments.RunFolder;

/// <summary><c>scores.csv</c> of a run: grows by whole images, held open so that no second run writes to it.</summary>
public sealed class ScoresFile : IDisposable
{
    // Outside Windows only None is a lock that a second writer respects, and readers that do not ask for it read on; on Windows None would stop them.
    private static readonly FileShare OtherReaders = OperatingSystem.IsWindows() ? FileShare.Read : FileShare.None;

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
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, OtherReaders);
        }
        catch (IOException error)
        {
            throw new InputException($"{path} is in use: is another run writing to this folder? ({error.Message})", error);
        }

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

    /// <summary>All rows of a finished file.</summary>
    /// <exception cref="InputException">The file cannot be read as one; the message has the line.</exception>
    public static IReadOnlyList<ScoreRow> Read(string path)
    {
        var rows = new List<ScoreRow>();
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        int record = 0;
        foreach ((IReadOnlyList<string> cells, _) in CsvText.Records(bytes))
        {
            record++;
            try
            {
                if (record > 1)
                {
                    rows.Add(ScoreRow.Parse(cells));
                }
            }
            catch (FormatException error)
            {
                throw new InputException(string.Create(CultureInfo.InvariantCulture, $"{path}:{record}: {error.Message}"), error);
            }
        }

        return rows;
    }

    /// <summary>Appends the rows of finished images and flushes them to the disk.</summary>
    /// <param name="rows">All rows of each image, image after image.</param>
    public void Append(IEnumerable<ScoreRow> rows)
    {
        var text = new StringBuilder();
        foreach (ScoreRow row in rows)
        {
            text.Append(CsvText.Record(row.Cells));
        }

        file.Write(Encoding.UTF8.GetBytes(text.ToString()));
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

        foreach ((IReadOnlyList<string> cells, long recordEnd) in CsvText.Records(bytes))
        {
            if (++rows == 0)
            {
                end = recordEnd;
                continue;
            }

            if (cells.Count != ScoreRow.Columns.Count)
            {
                throw new InputException(string.Create(CultureInfo.InvariantCulture, $"{path}:{rows + 1}: a row has {ScoreRow.Columns.Count} cells, not {cells.Count}"));
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
                end = recordEnd;
            }
        }

        return (images, end);
    }
}
