using System.Globalization;
using System.Text;
using System.Xml.Linq;
using SanityChecks.RunFiles;

namespace SanityChecks.Reporting.Report;

/// <summary>The part of the page about other ways to make the test; nothing where the run tried none.</summary>
internal static class ReportSpecifications
{
    private const string Question =
        "Would the answer be another with another metric, order of layers, initializer, target or treatment of the maps? A point is one way to make the test, with its interval; below it stands which choices it made.";

    private const string Svg = "{http://www.w3.org/2000/svg}", Link = "{http://www.w3.org/1999/xlink}";

    /// <summary>The way to the part, for the list of parts.</summary>
    /// <param name="run">The run folder.</param>
    public static string Anchor(RunFolder run) => Exist(run) ? " <a href=\"#specifications\">Other ways</a>" : "";

    /// <summary>The whole section.</summary>
    /// <param name="run">The run folder.</param>
    /// <param name="titles">The methods' titles by their names.</param>
    /// <exception cref="RunFileException">A file of it is malformed.</exception>
    public static string Section(RunFolder run, IReadOnlyDictionary<string, MethodRecord> titles)
    {
        if (!Exist(run))
        {
            return "";
        }

        ChoiceShareRow[] shares =
            [.. CsvFile.Rows(run.SpecificationSharesPath, ChoiceShareRow.Columns, ChoiceShareRow.Parse).Select(one => one.Row)];
        string table = Html.Table(
            "How much of what the ways differ in each choice makes, in percent of the variance",
            ["method", "choice", "options", "ways with a score", "share (%)"],
            shares.Select(row => (IEnumerable<string>)
            [
                $"<th scope=\"row\">{Html.Text(TitleOf(row.Method))}</th>",
                Html.Cell(row.Choice == ChoiceShareRow.Together ? "several choices together" : row.Choice),
                Html.Cell(row.Options == 0 ? null : row.Options), Html.Cell(row.N), Html.Cell(Percent(row.Share)),
            ]));
        return $"""
            <section id="specifications" aria-labelledby="specifications-title">
            <h2 id="specifications-title">Other ways to make the test</h2>
            <p>{Html.Text(Question)}</p>
            {string.Concat(run.Charts.Where(IsCurve).Select((path, i) => Chart(path, i)))}{table}
            {Html.Source(("specifications.csv", "part, low, high, n"), ("specification_shares.csv", "share"))}</section>

            """;

        string TitleOf(string method) => titles.GetValueOrDefault(method)?.Title ?? method;
    }

    private static bool Exist(RunFolder run) => File.Exists(run.SpecificationsPath) && File.Exists(run.SpecificationSharesPath);

    private static bool IsCurve(string path) => Path.GetFileName(path).StartsWith("specifications.", StringComparison.Ordinal);

    private static double? Percent(double? share) => share is null ? null : Math.Round(100 * share.Value, 1);

    /// <summary>A chart's file as a part of the page: charts share the ids of their letters, which a page may hold once.</summary>
    private static string Chart(string path, int place)
    {
        XElement root;
        try
        {
            root = XDocument.Parse(Encoding.UTF8.GetString(RegularFile.ReadAllBytes(path))).Root!;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or System.Xml.XmlException)
        {
            throw new RunFileException(path, null, $"cannot be read as a chart ({error.Message})", error);
        }

        string prefix = string.Create(CultureInfo.InvariantCulture, $"s{place}-");
        foreach (XAttribute attribute in root.DescendantsAndSelf().Attributes())
        {
            attribute.Value = attribute.Name.ToString() switch
            {
                "id" => prefix + attribute.Value,
                "href" or Link + "href" => attribute.Value.Replace("#", "#" + prefix, StringComparison.Ordinal),
                "aria-labelledby" => string.Join(' ', attribute.Value.Split(' ').Select(id => prefix + id)),
                _ => attribute.Value.Replace("url(#", "url(#" + prefix, StringComparison.Ordinal),
            };
        }

        return $"<figure class=\"curve\" tabindex=\"0\" role=\"group\" aria-label=\"{Html.Text(root.Element(Svg + "title")?.Value)}\">{root.ToString(SaveOptions.DisableFormatting)}</figure>\n";
    }
}
