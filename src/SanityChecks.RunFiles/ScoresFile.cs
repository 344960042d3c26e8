using System.Globalization;
using System.Text;

namespace SanityChecks.RunFiles;

/// <summary><c>scores.csv</c> of a run: grows by whole units, held open so that no second run writes to it.</summary>
public sealed class ScoresFile : IDisposable
{
    private readonly string path;
    private readonly FileStream file;

    private ScoresFile(string path, FileStream file, IReadOnlyList<Unit> finished)
    {
        (this.path, this.file) = (path, file);
        Finished = finished;
    }

    /// <summary>The header, as bytes.</summary>
    public static byte[] Header { get; } = Encoding.UTF8.GetBytes(CsvText.Record(ScoreRow.Columns));

    /// <summary>The units whose rows are all there, in the file's order.</summary>
    public IReadOnlyList<Unit> Finished { get; }

    /// <summary>Opens the file for appending. What an interruption left behind the last finished unit is cut off.</summary>
    /// <param name="path">Made, with its header, where it is missing.</param>
    /// <param name="rowsOf">How many rows a finished unit has.</param>
    /// <exception cref="InputException">Another run holds the file, or it is not a file of such a run.</exception>
    public static ScoresFile Open(string path, Func<Unit, int> rowsOf)
    {
        FileStream file = HeldFile.Open(path, "run");
        try
        {
            byte[] bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            (IReadOnlyList<FinishedUnit> finished, long end) = FinishedIn(path, bytes, rowsOf);
            file.SetLength(end);
            file.Position = end;
            if (end == 0)
            {
                file.Write(Header);
            }

            file.Flush(flushToDisk: true);
            return new ScoresFile(path, file, [.. finished.Select(one => one.Unit)]);
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

    /// <summary>Appends the rows of finished units and flushes them to the disk.</summary>
    /// <param name="rows">All rows of each unit, unit after unit.</param>
    /// <exception cref="IOException">The disk is full, or the file is not where it was.</exception>
    public void Append(IEnumerable<ScoreRow> rows)
    {
        file.Write(Encoding.UTF8.GetBytes(string.Concat(rows.Select(row => CsvText.Record(row.Cells)))));
        file.Flush(flushToDisk: true);
        RequireInPlace();
    }

    /// <summary>Makes sure that the file is still found where it was opened: outside Windows a file that was deleted takes rows that
    /// nobody will see, for as long as a run lasts.</summary>
    /// <exception cref="IOException">It is not.</exception>
    public void RequireInPlace()
    {
        var there = new FileInfo(path);
        if (!there.Exists || there.Length != file.Length)
        {
            throw new IOException($"{path} is not the file any more that rows were written to: was the folder deleted, or its disk taken away? The same command goes on from what is there.");
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => file.Dispose();

    /// <summary>The finished units of a file's bytes, and where the last of them ends.</summary>
    /// <param name="path">What the file is called in messages.</param>
    /// <param name="bytes">The file, or what is there of it.</param>
    /// <param name="rowsOf">How many rows a finished unit has.</param>
    /// <exception cref="InputException">It is not a file of such a run.</exception>
    internal static (IReadOnlyList<FinishedUnit> Units, long End) FinishedIn(string path, byte[] bytes, Func<Unit, int> rowsOf)
    {
        if (!bytes.AsSpan().StartsWith(Header.AsSpan(0, Math.Min(Header.Length, bytes.Length))))
        {
            throw new InputException($"{path} does not begin with the header {string.Join(',', ScoreRow.Columns)}.");
        }

        var units = new List<FinishedUnit>();
        var seen = new HashSet<Unit>();
        Unit current = default;
        int missing = 0;
        long end = 0;
        foreach (CsvRecord record in CsvText.Records(bytes))
        {
            if (end == 0)
            {
                end = record.End; // The header's.
                continue;
            }

            Unit unit = UnitOf(path, record);
            bool first = missing == 0;
            if (first ? !seen.Add(unit) : unit != current)
            {
                Unit wrong = first ? unit : current;
                throw new InputException($"{path} has {(first ? "more" : "fewer")} rows for the image {wrong} than the {rowsOf(wrong)} of this run; it belongs to another run.");
            }

            (current, missing) = (unit, first ? rowsOf(unit) - 1 : missing - 1);
            if (missing == 0)
            {
                units.Add(new FinishedUnit(unit, record.End));
                end = record.End;
            }
        }

        return (units, end);
    }

    private static Unit UnitOf(string path, CsvRecord record)
    {
        IReadOnlyList<string> cells = record.Cells;
        return cells.Count != ScoreRow.Columns.Count ? throw new RunFileException(
            path, record.Line, $"a row has {ScoreRow.Columns.Count} cells, not {cells.Count}")
            : int.TryParse(cells[ScoreRow.DrawColumn], NumberStyles.None, CultureInfo.InvariantCulture, out int draw) ? Unit.OfRow(
                cells[0], draw)
            : throw new RunFileException(path, record.Line, $"draw is '{cells[ScoreRow.DrawColumn]}'; it must be a whole number from 0 on");
    }
}

/// <summary>A unit whose rows are all there.</summary>
/// <param name="Unit">Which.</param>
/// <param name="End">The offset of the byte behind its last row.</param>
internal readonly record struct FinishedUnit(Unit Unit, long End);
