using System.Globalization;

namespace SanityChecks.Reporting;

/// <summary>The cells of one line of summary.csv, and the complaints about them.</summary>
internal sealed class SummaryCells(string path, int line, string[] columns, string[] cells)
{
    /// <summary>The row.</summary>
    /// <exception cref="RunFolderException">The number of cells differs from the header's, or a cell is not what its column needs.</exception>
    public SummaryRow ToRow()
    {
        if (cells.Length != columns.Length)
        {
            throw Fault(string.Create(CultureInfo.InvariantCulture, $"{cells.Length} cells where the header has {columns.Length}"));
        }

        var row = new SummaryRow(
            Text("randomization"),
            Count("step"),
            Cell("layer"),
            Text("method"),
            Text("metric"),
            Cell("resolution"),
            Count("n"),
            Count("undefined"),
            Number("mean"),
            Number("sd"),
            Number("ci_low"),
            Number("ci_high"),
            Number("median"),
            line);
        Require((row.Step == 0) == (row.Layer.Length == 0), "layer must be empty at step 0 and named at every other");
        Require(row.N > 0 == row.Mean.HasValue, "mean must be empty where n is 0 and given elsewhere");
        Require(row.CiLow.HasValue == row.CiHigh.HasValue, "ci_low and ci_high must be both given or both empty");
        Require(!row.CiLow.HasValue || row.Mean.HasValue, "an interval needs a mean");
        Require(!(row.CiLow > row.CiHigh), "ci_low is above ci_high");
        return row;
    }

    private string Cell(string column) => cells[Array.IndexOf(columns, column)];

    private string Text(string column)
    {
        Require(Cell(column).Length > 0, $"{column} is empty");
        return Cell(column);
    }

    private int Count(string column) =>
        int.TryParse(Cell(column), NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw Fault($"{column} is '{Cell(column)}'; it must be a whole number from 0 on");

    private double? Number(string column)
    {
        string cell = Cell(column);
        if (cell.Length == 0)
        {
            return null;
        }

        return double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value
            : throw Fault($"{column} is '{cell}'; it must be a finite number with a decimal point, or empty");
    }

    private void Require(bool condition, string reason)
    {
        if (!condition)
        {
            throw Fault(reason);
        }
    }

    private RunFolderException Fault(string reason) => new(path, line, reason);
}
