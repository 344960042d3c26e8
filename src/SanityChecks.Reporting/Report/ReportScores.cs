using SanityChecks.RunFiles;

namespace SanityChecks.Reporting.Report;

/// <summary>The scores of single images that the page shows: those of the first draw, of as many images as fit.</summary>
/// <param name="Images">The images, in the file's order.</param>
/// <param name="Labels">Their class indices; null where not known.</param>
/// <param name="Targets">The classes that were explained, of the trained network.</param>
/// <param name="All">How many images the file has.</param>
/// <param name="Draws">How many draws the file has.</param>
/// <param name="Methods">What the column <c>method</c> says.</param>
/// <param name="Measures">What was computed.</param>
/// <param name="Steps">The steps' numbers.</param>
/// <param name="Values">The value, or the status of a score without one; null where the file has no row.
/// [image, method, measure, step], the last fastest.</param>
internal sealed record ReportScores(
    IReadOnlyList<string> Images, IReadOnlyList<int?> Labels, IReadOnlyList<int> Targets, int All, int Draws,
    IReadOnlyList<string> Methods, IReadOnlyList<ReportMeasure> Measures, IReadOnlyList<int> Steps, IReadOnlyList<object?> Values)
{
    // A page of a hundred methods and images is no longer read; scores.csv is.
    private const int MostValues = 250_000, MostImages = 200;

    /// <summary>Takes the scores that fit.</summary>
    /// <param name="rows">The rows of <c>scores.csv</c>.</param>
    /// <param name="withMaps">Images whose scores stand beside their maps.</param>
    public static ReportScores Of(IReadOnlyList<ScoreRow> rows, IReadOnlyCollection<string> withMaps)
    {
        ScoreRow[] shown = [.. rows.Where(row => row.Method != ScoreRow.Network && row.Draw <= 1
            && row.Reference is ScoreRow.Original or ScoreRow.Network)];
        string[] methods = [.. shown.Select(row => row.Method).Distinct()];
        ReportMeasure[] measures =
            [.. shown.Select(row => new ReportMeasure(row.Metric, row.Resolution, row.Reference)).Distinct()];
        int[] steps = [.. shown.Select(row => row.Step).Distinct().Order()];
        ScoreRow[] all = [.. shown.DistinctBy(row => row.Image)];
        int fit = Math.Min(MostImages, MostValues / Math.Max(1, methods.Length * measures.Length * steps.Length));
        ScoreRow[] images = [.. all.Where((row, i) => i < fit || withMaps.Contains(row.Image))];
        var places = images.Select((row, i) => (row.Image, i)).ToDictionary(one => one.Image, one => one.i);
        var methodAt = methods.Select((method, i) => (method, i)).ToDictionary(one => one.method, one => one.i);
        var measureAt = measures.Select((measure, i) => (measure, i)).ToDictionary(one => one.measure, one => one.i);
        var stepAt = steps.Select((step, i) => (step, i)).ToDictionary(one => one.step, one => one.i);
        object?[] values = new object?[images.Length * methods.Length * measures.Length * steps.Length];
        foreach (ScoreRow row in shown.Where(row => places.ContainsKey(row.Image)))
        {
            int measure = measureAt[new ReportMeasure(row.Metric, row.Resolution, row.Reference)];
            int at = (((places[row.Image] * methods.Length) + methodAt[row.Method]) * measures.Length) + measure;
            values[(at * steps.Length) + stepAt[row.Step]] = row.Status == ScoreRow.Ok ? row.Value : row.Status;
        }

        return new ReportScores(
            [.. images.Select(row => row.Image)], [.. images.Select(row => row.Label)], [.. images.Select(row => row.Target)], all.Length,
            rows.Max(row => row.Draw), methods, measures, steps, values);
    }
}

/// <summary>What was computed of a map.</summary>
/// <param name="Metric">What the column <c>metric</c> says.</param>
/// <param name="Resolution">What the column <c>resolution</c> says.</param>
/// <param name="Reference">What the column <c>reference</c> says.</param>
internal sealed record ReportMeasure(string Metric, string Resolution, string Reference);
