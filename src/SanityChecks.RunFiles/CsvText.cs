using System.Globalization;
using System.Text;

namespace SanityChecks.RunFiles;

/// <summary>Rows of comma-separated values by RFC 4180: CRLF between records, quotes where a cell needs them.</summary>
public static class CsvText
{
    /// <summary>Between records.</summary>
    public const string NewLine = "\r\n";

    /// <summary>One record with its line end. A cell that a spreadsheet would take for a formula gets an apostrophe in front.</summary>
    public static string Record(IEnumerable<string> cells) => string.Join(',', cells.Select(Cell)) + NewLine;

    /// <summary>Reads the records of a text and where each ends; a last record without its line end is left out.</summary>
    /// <param name="text">UTF-8; every record ends with CRLF, or with LF alone.</param>
    public static IEnumerable<CsvRecord> Records(byte[] text)
    {
        var cells = new List<string>();
        var cell = new List<byte>();
        bool quoted = false, closed = false, sound = true;
        int line = 1, next = 1;
        var plain = new PlainLine(text);
        for (int i = 0; i < text.Length; i++)
        {
            if (cells.Count == 0 && cell.Count == 0 && !quoted && !closed && plain.TryRead(i, out IReadOnlyList<string> there, out int end))
            {
                yield return new CsvRecord(there, line, end, true);
                (line, next, i) = (line + 1, next + 1, end - 1);
                continue;
            }

            byte at = text[i];
            next += at == '\n' ? 1 : 0;
            bool again = sound && closed && at == '"' && text[i - 1] == '"';
            if (at == '"' && (quoted || again || (cell.Count == 0 && !closed)))
            {
                // Two quotes within quotes stand for one; leaving and entering again adds it.
                if (again)
                {
                    cell.Add(at);
                }

                closed = quoted;
                quoted = !quoted;
            }
            else if (at == ',' && !quoted)
            {
                Finish();
            }
            else if (at == '\n' && !quoted)
            {
                if (cell.Count > 0 && cell[^1] == '\r')
                {
                    cell.RemoveAt(cell.Count - 1);
                }

                Finish();
                yield return new CsvRecord(cells.ToArray(), line, i + 1, sound);
                cells.Clear();
                (line, sound) = (next, true);
            }
            else
            {
                // A misplaced quote is a character like others: the record ends with its line and swallows none below.
                sound &= quoted || (at != '"' && (!closed || at == '\r'));
                cell.Add(at);
            }
        }

        void Finish()
        {
            cells.Add(Value([.. cell]));
            cell.Clear();
            closed = false;
        }
    }

    private static string Value(ReadOnlySpan<byte> cell)
    {
        string value = Encoding.UTF8.GetString(cell);
        return value.StartsWith('\'') && IsFormula(value) ? value[1..] : value;
    }

    private static string Cell(string text)
    {
        string safe = IsFormula(text) ? "'" + text : text;
        return safe.AsSpan().ContainsAny("\",\r\n") ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }

    /// <summary>Whether a spreadsheet would compute it; a plain number is none. Apostrophes in front count for nothing, so that one more
    /// can be told from the text's own.</summary>
    private static bool IsFormula(string text)
    {
        string bare = text.TrimStart('\'');
        return bare.Length > 0 && bare[0] is '=' or '+' or '-' or '@' && !double.TryParse(bare, CultureInfo.InvariantCulture, out _);
    }

    /// <summary>Lines without quotes, which are almost all: split at once, and a cell that is the one above it is the same text.</summary>
    private sealed class PlainLine(byte[] text)
    {
        private readonly List<(int Start, int Length, string Value)> above = [];

        public bool TryRead(int start, out IReadOnlyList<string> cells, out int end)
        {
            ReadOnlySpan<byte> rest = text.AsSpan(start);
            int length = rest.IndexOf((byte)'\n');
            end = start + length + 1;
            cells = [];
            if (length < 0 || rest[..length].Contains((byte)'"'))
            {
                return false;
            }

            length -= length > 0 && rest[length - 1] == '\r' ? 1 : 0;
            var values = new List<string>(above.Count);
            for (int at = 0, column = 0; at <= length; column++)
            {
                int comma = rest[at..length].IndexOf((byte)',');
                int size = comma < 0 ? length - at : comma;
                values.Add(Cell(column, start + at, size));
                at += size + 1;
            }

            cells = values;
            return true;
        }

        private string Cell(int column, int start, int length)
        {
            ReadOnlySpan<byte> bytes = text.AsSpan(start, length);
            if (column < above.Count && bytes.SequenceEqual(text.AsSpan(above[column].Start, above[column].Length)))
            {
                return above[column].Value;
            }

            string value = Value(bytes);
            if (column < above.Count)
            {
                above[column] = (start, length, value);
            }
            else
            {
                above.Add((start, length, value));
            }

            return value;
        }
    }
}
