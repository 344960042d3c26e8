using System.Globalization;

namespace SanityChecks.RunFiles;

/// <summary>Cells of a row, read and written as every file of a run folder has them.</summary>
internal sealed class CellText(IReadOnlyList<string> columns, IReadOnlyList<string> cells)
{
    private int next;

    /// <summary>A number as text that reads back to the last bit; nothing for none.</summary>
    public static string Of(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    /// <summary>A whole number; nothing for none.</summary>
    public static string Of(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";

    /// <summary>Begins to read a row.</summary>
    /// <exception cref="FormatException">It has another number of cells than there are columns.</exception>
    public static CellText Begin(IReadOnlyList<string> columns, IReadOnlyList<string> cells) => cells.Count == columns.Count
        ? new CellText(columns, cells)
        : throw new FormatException($"a row has {columns.Count} cells, not {cells.Count}");

    /// <summary>The next cell.</summary>
    public string Text() => cells[next++];

    /// <summary>The next cell, which must not be empty.</summary>
    /// <exception cref="FormatException">It is.</exception>
    public string Named() => Text() is { Length: > 0 } text ? text : throw new FormatException($"{columns[next - 1]} is empty");

    /// <summary>The next cell, a whole number from 0 on.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public int Count() => int.TryParse(Text(), NumberStyles.None, CultureInfo.InvariantCulture, out int value)
        ? value
        : throw new FormatException($"{columns[next - 1]} is '{cells[next - 1]}'; it must be a whole number from 0 on");

    /// <summary>The next cell, a whole number or nothing.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public int? CountOrNone()
    {
        if (cells[next].Length > 0)
        {
            return Count();
        }

        next++;
        return null;
    }

    /// <summary>The next cell, a finite number or nothing.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public double? Number() => Text() is { Length: > 0 } text
        ? double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value
            : throw new FormatException($"{columns[next - 1]} is '{text}'; it must be a finite number with a decimal point, or empty")
        : null;
}
