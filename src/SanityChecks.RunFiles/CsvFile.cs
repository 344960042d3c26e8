namespace SanityChecks.RunFiles;

/// <summary>Files of rows below a header. People edit and merge them, so each row is checked, and a fault is named with its line.</summary>
public static class CsvFile
{
    /// <summary>The whole text of a file.</summary>
    /// <param name="columns">The header.</param>
    /// <param name="rows">The cells of each row.</param>
    public static string Text(IEnumerable<string> columns, IEnumerable<IEnumerable<string>> rows) =>
        string.Concat(rows.Prepend(columns).Select(CsvText.Record));

    /// <summary>The first record of a file; empty where there is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="hint">Said behind <c>no such file</c>.</param>
    /// <exception cref="RunFileException">The file is missing or cannot be read.</exception>
    public static IReadOnlyList<string> Header(string path, string hint = "") =>
        CsvText.Records(Bytes(path, hint)).FirstOrDefault()?.Cells ?? [];

    /// <summary>The rows of a file, each with the line on which it begins, as they are asked for.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">What its header must be.</param>
    /// <param name="parse">Makes a row of its cells; a <see cref="FormatException"/> or <see cref="OverflowException"/> says what is wrong
    /// with them.</param>
    /// <param name="hint">Said behind <c>no such file</c>.</param>
    /// <exception cref="RunFileException">The file is missing or cannot be read, its header is another, a quote is misplaced, a row is
    /// wrong, or the last one has no end.</exception>
    public static IEnumerable<(TRow Row, int Line)> Rows<TRow>(
        string path, IReadOnlyList<string> columns, Func<IReadOnlyList<string>, TRow> parse, string hint = "")
    {
        byte[] bytes = Bytes(path, hint);
        long end = 0;
        foreach (CsvRecord record in CsvText.Records(bytes))
        {
            if (!record.IsSound)
            {
                throw new RunFileException(path, record.Line, "a quote is misplaced; cells are quoted as in RFC 4180");
            }

            if (end > 0)
            {
                yield return (Parse(record), record.Line);
            }
            else if (!record.Cells.SequenceEqual(columns))
            {
                throw new RunFileException(path, 1, $"the header must be {string.Join(',', columns)}");
            }

            end = record.End;
        }

        if (end < bytes.Length)
        {
            throw new RunFileException(
                path, 1 + bytes.AsSpan(0, (int)end).Count((byte)'\n'), "the last row has no end: the file is not whole");
        }

        TRow Parse(CsvRecord record)
        {
            try
            {
                return parse(record.Cells);
            }
            catch (Exception error) when (error is FormatException or OverflowException)
            {
                throw new RunFileException(path, record.Line, error.Message, error);
            }
        }
    }

    private static byte[] Bytes(string path, string hint)
    {
        try
        {
            return RegularFile.ReadAllBytes(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new RunFileException(path, null, $"no such file{hint}.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new RunFileException(path, null, $"cannot be read: {error.Message}", error);
        }
    }
}
