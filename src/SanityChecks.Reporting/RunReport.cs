using System.Globalization;
using System.Text;
using SanityChecks.Images;
using SanityChecks.Reporting.Charts;
using SanityChecks.Reporting.Report;
using SanityChecks.RunFiles;

namespace SanityChecks.Reporting;

/// <summary>The page of a run, <c>report.html</c>: its question and verdict, charts, maps, tables and where the numbers come from, in one
/// file that needs no other.</summary>
/// <remarks>Made from the run folder's files alone; the same files give the same bytes. Links lead to the files beside it.</remarks>
public static class RunReport
{
    private static readonly string[] Scripts = ["page.js", "chart.js", "maps.js", "tables.js", "start.js"];

    /// <summary>Writes the page into the run folder; one that is there is replaced, as a whole.</summary>
    /// <param name="runFolder">A run folder with scores and all that follows from them.</param>
    /// <returns>The page's path.</returns>
    /// <exception cref="RunFileException">A file is missing or malformed; nothing was written.</exception>
    /// <exception cref="IOException">The page cannot be written.</exception>
    public static string Write(string runFolder)
    {
        var run = new RunFolder(runFolder);
        WholeFile.Write(run.ReportPath, Page(run));
        return run.ReportPath;
    }

    private static string Page(RunFolder run)
    {
        // The summary first: it is what an unfinished run lacks.
        IReadOnlyList<SummaryRow> summary = SummaryFile.Read(run.SummaryPath);
        ExperimentRecord experiment = run.ReadExperiment();
        Manifest manifest = Manifest.Read(run.Path)!;
        VerdictRecord verdict = VerdictRecord.Read(run.Path)
            ?? throw new RunFileException(run.VerdictPath, null, "is missing or malformed; a finished run has one");
        IReadOnlyList<HealthRow> health =
            [.. CsvFile.Rows(run.HealthPath, HealthRow.Columns, HealthRow.Parse, "; a finished run has one").Select(one => one.Row)];
        IReadOnlyList<ScoreRow> rows = ScoresFile.Read(run.ScoresPath);
        var maps = ReportMaps.Of(run, [.. manifest.Images.Select(image => image.Name)]);
        var scores = ReportScores.Of(rows, [.. maps.Images.Select(image => image.Name)]);
        (int Step, string Layer)[] steps = [.. rows.Select(row => (row.Step, row.Layer)).Distinct().OrderBy(step => step.Step)];
        IReadOnlyDictionary<string, MethodRecord> methods = run.ReadMethods();
        var data = new ReportData(
            scores.Methods, [.. scores.Methods.Select(id => methods.GetValueOrDefault(id)?.Title ?? id)], experiment.StepHeader,
            [.. steps.Select(step => step.Step)], [.. steps.Select(step => experiment.StepName(step.Step, step.Layer))],
            [.. CorrelationChart.Of(run).Select(ReportChart.Of)], ReportSummary.Of(summary, health, scores.Methods), scores,
            manifest.Classes.DistinctBy(one => one.Index).ToDictionary(one => one.Index, one => one.Name),
            [.. maps.Images.Select(image => image with { Maps = [] })], Table(ColorMap.Viridis), Table(ColorMap.Diverging));
        var sections = new ReportSections(manifest, experiment);
        return Filled(Resource("report.html"), new Dictionary<string, string>
        {
            ["title"] = Html.Text(experiment.Title),
            ["question"] = Html.Text(experiment.Question),
            ["extent"] = sections.Extent(scores),
            ["style"] = Resource("report.css"),
            ["verdict"] = ReportSections.Verdicts(verdict),
            ["charts"] = string.Concat(run.Charts.Select(chart => $"<li>{Html.Link("charts/" + Path.GetFileName(chart))}</li>")),
            ["specification-link"] = ReportSpecifications.Anchor(run),
            ["specifications"] = ReportSpecifications.Section(run, methods),
            ["maps"] = maps.Images.Count > 0 ? Resource("maps.html") : NoMaps(run),
            ["size"] = Html.Text(maps.Factor == 1
                ? "as large as the methods make them"
                : string.Create(CultureInfo.InvariantCulture, $"smaller, so that the page opens at once: of each square of {maps.Factor} × {maps.Factor} values of a large map the one of the largest magnitude is shown")),
            ["health"] = sections.HealthOf(health),
            ["provenance"] = sections.Provenance(Encoding.UTF8.GetString(Bytes(run.ConfigPath))),
            ["data"] = ReportData.Json(data),
            ["values"] = string.Concat(maps.Images.Select((image, i) => string.Create(
                CultureInfo.InvariantCulture,
                $"<script type=\"application/json\" id=\"maps-{i}\">{ReportData.Json(image.Maps)}</script>\n"))),
            ["script"] = string.Concat(Scripts.Select(Resource)),
        });
    }

    private static string NoMaps(RunFolder run)
    {
        bool older = Directory.Exists(run.MapsPath);
        return "<p>" + (older
            ? "The pictures of this run's maps lie in the folder <code>maps</code>, each with a scale of its own; their values, which this part needs, were not kept by the version that wrote them."
            : "This run wrote no maps.")
            + " A run with <code>output.maps: png</code> and <code>output.maps_for_images: 3</code> in its configuration writes those of its first three images, and this page then shows them.</p>";
    }

    /// <summary>The template with its places filled, each once: what is filled in is not looked at again.</summary>
    private static string Filled(string template, Dictionary<string, string> places)
    {
        string[] parts = template.Split("{{");
        var page = new StringBuilder(parts[0]);
        foreach (string part in parts[1..])
        {
            int end = part.IndexOf("}}", StringComparison.Ordinal);
            string place = places[part[..end]];
            page.Append(place == "" ? "" : part[..end] == "maps" ? Filled(place, places) : place).Append(part, end + 2, part.Length - end - 2);
        }

        return page.ToString();
    }

    private static string Table(ColorMap colors)
    {
        byte[] table = new byte[3 * 256];
        for (int i = 0; i < 256; i++)
        {
            colors[i].WriteTo(table.AsSpan(3 * i));
        }

        return Convert.ToBase64String(table);
    }

    private static byte[] Bytes(string path)
    {
        try
        {
            return RegularFile.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new RunFileException(path, null, $"cannot be read ({error.Message})", error);
        }
    }

    private static string Resource(string name)
    {
        using Stream stream = typeof(RunReport).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is missing.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
