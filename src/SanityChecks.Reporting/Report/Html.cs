using System.Globalization;
using System.Text.Encodings.Web;

namespace SanityChecks.Reporting.Report;

/// <summary>Pieces of the page. Names come from files, folders and classes that anybody called as they liked: all of it is
/// encoded.</summary>
internal static class Html
{
    /// <summary>Text between tags or in an attribute.</summary>
    public static string Text(string? text) => HtmlEncoder.Default.Encode(text ?? "");

    /// <summary>A link to a file of the run folder, by its name.</summary>
    public static string Link(string file) => $"<a href=\"{string.Join('/', file.Split('/').Select(Uri.EscapeDataString))}\">{Text(file)}</a>";

    /// <summary>Where the numbers of a section stand.</summary>
    /// <param name="sources">Files of the run folder and their columns.</param>
    public static string Source(params (string File, string Columns)[] sources) =>
        $"<p class=\"source\">Numbers: {string.Join("; ", sources.Select(one => $"{Link(one.File)} ({one.Columns})"))}.</p>";

    /// <summary>A table that can be sorted by each column.</summary>
    /// <param name="caption">What it is of; encoded here.</param>
    /// <param name="columns">What stands above the columns; encoded here.</param>
    /// <param name="rows">Cells that <see cref="Cell(string)"/> and its like made; the first of a row heads it.</param>
    public static string Table(string caption, IEnumerable<string> columns, IEnumerable<IEnumerable<string>> rows) =>
        $"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{Text(caption)}\"><table class=\"sortable\"><caption>{Text(caption)}</caption><thead><tr>"
        + string.Concat(columns.Select(column => $"<th scope=\"col\">{Text(column)}</th>"))
        + "</tr></thead><tbody>\n"
        + string.Concat(rows.Select(row => $"<tr>{string.Concat(row)}</tr>\n"))
        + "</tbody></table></div>";

    /// <summary>A cell of text.</summary>
    public static string Cell(string? text) => $"<td>{Text(text)}</td>";

    /// <summary>A cell of text that says more than its value to sort by.</summary>
    public static string Cell(string text, double? value) =>
        $"<td class=\"number\" data-value=\"{value?.ToString("R", CultureInfo.InvariantCulture)}\">{Text(text)}</td>";

    /// <summary>A number, to three decimals where it has some.</summary>
    public static string Cell(double? value) => Cell(Number(value), value);

    /// <summary>A mean with its interval, sorted by the mean.</summary>
    public static string Cell(RunFiles.Statistics.Estimate estimate) => Cell(
        estimate.Low is null ? Number(estimate.Mean) : string.Create(
            CultureInfo.InvariantCulture,
            $"{Number(estimate.Mean, Size(estimate))} [{Number(estimate.Low, Size(estimate))}, {Number(estimate.High, Size(estimate))}]"),
        estimate.Mean);

    /// <summary>A number for people: three decimals, but for what is much larger or smaller.</summary>
    /// <param name="value">The number.</param>
    /// <param name="size">Decides that; by default its own magnitude.</param>
    public static string Number(double? value, double? size = null) => value switch
    {
        null => "–",
        { } number when number == Math.Round(number) && Math.Abs(number) < 1e15 => number.ToString("0", CultureInfo.InvariantCulture),
        { } number when (size ?? Math.Abs(number)) is >= 1e5 or < 0.0005 => number.ToString("0.00e0", CultureInfo.InvariantCulture),
        { } number => number.ToString("0.000;-0.000;0.000", CultureInfo.InvariantCulture),
    };

    private static double Size(RunFiles.Statistics.Estimate estimate) =>
        new[] { estimate.Mean, estimate.Low, estimate.High }.Max(value => Math.Abs(value ?? 0));
}
