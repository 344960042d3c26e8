using SanityChecks.Reporting.Charts;
using SanityChecks.RunFiles;
using SanityChecks.RunFiles.Statistics;

namespace SanityChecks.Reporting;

/// <summary>What one run says of a method by a metric, beside what others say: a row of <c>comparison.csv</c>.</summary>
/// <param name="Run">The run, by its folder's name.</param>
/// <param name="Randomization">The kind of randomization.</param>
/// <param name="Method">The attribution method.</param>
/// <param name="Title">As the literature writes it.</param>
/// <param name="Verdict">The verdict, with the numbers of the step that decides.</param>
/// <param name="N">Images and draws that the area is over.</param>
public sealed record ComparedRow(string Run, string Randomization, string Method, string Title, MetricVerdict Verdict, int N);

/// <summary>Several finished runs beside each other, from the files in their folders: other networks, protocols, initializers,
/// seeds.</summary>
public sealed class RunComparison
{
    private static readonly ExperimentRecord Words = new()
    {
        Name = "comparison",
        Randomization = "comparison",
        Title = "Runs compared",
        Question = "Do the maps of these runs change alike?",
        Faithful = "The area under each curve is the mean similarity over all steps: the lower, the sooner a method's maps change.",
        StepAxis = "method",
        StepHeader = "method",
        Connected = false,
        Original = "",
        Step = "{layer}",
        GridStep = "{layer}",
        GridColumns = "",
    };

    /// <summary>Reads runs.</summary>
    /// <param name="folders">Their folders.</param>
    /// <exception cref="InputException">There are fewer than two, one is given twice, or one holds no finished run.</exception>
    public RunComparison(IReadOnlyList<string> folders)
    {
        ArgumentNullException.ThrowIfNull(folders);
        string[] names = [.. folders.Select(folder => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))))];
        Runs = names.Distinct().Count() == names.Length ? names : folders;
        if (folders.Count < 2 || Runs.Distinct().Count() < Runs.Count)
        {
            throw new InputException(folders.Count < 2
                ? "Give two or more run folders to compare."
                : $"The run folder {Runs.GroupBy(run => run).First(same => same.Count() > 1).Key} is given twice.");
        }

        Rows = [.. folders.SelectMany((folder, i) => Read(new RunFolder(folder), Runs[i]))];
    }

    /// <summary>The runs' names: of their folders, or the paths where two have the same name.</summary>
    public IReadOnlyList<string> Runs { get; }

    /// <summary>What each run says of each method and metric, run after run.</summary>
    public IReadOnlyList<ComparedRow> Rows { get; }

    /// <summary>The metrics, in the order in which runs first name them, with the resolution of the maps.</summary>
    public IReadOnlyList<(string Metric, string Resolution)> Metrics =>
        [.. Rows.Select(row => (row.Verdict.Metric, row.Verdict.Resolution)).Distinct()];

    /// <summary>Writes the table and a chart of each metric.</summary>
    /// <param name="folder">Made where it is missing; files of these names are replaced.</param>
    /// <returns>The files: <c>comparison.csv</c>, then <c>METRIC.svg</c> with its PNG beside it.</returns>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public IReadOnlyList<string> Write(string folder)
    {
        WholeFile.MakeFolder(folder);
        string table = Path.Combine(folder, "comparison.csv");
        WholeFile.Write(table, CsvFile.Text(
            [
                "run", "randomization", "method", "metric", "resolution", "outcome", "n", "draws", "area", "area_low", "area_high",
                "collapse_step", "collapse_layer", "step", "layer", "mean", "ci_low", "ci_high", "null", "null_mean",
            ],
            Rows.Select(Cells)));
        return [table, .. CorrelationCharts.Write(
            folder, Metrics.Select(metric => CorrelationChart.Of(Words, [.. Summaries(metric)])), new ChartOptions
            {
                Context = string.Join(", ", Runs),
            })];
    }

    private static IEnumerable<ComparedRow> Read(RunFolder folder, string name)
    {
        (ExperimentRecord experiment, VerdictRecord verdict) = folder.ReadFinished();
        var counts = CsvFile.Rows(folder.CurvesPath, CurveRow.Columns, CurveRow.Parse).Select(one => one.Row)
            .Where(row => row.Statistic == Statistic.Signed)
            .ToDictionary(row => (row.Method, row.Metric, row.Resolution), row => row.N);
        return verdict.Methods.SelectMany(method => method.Metrics.Select(metric => new ComparedRow(
            name, experiment.Randomization, method.Method, method.Title, metric,
            counts.GetValueOrDefault((method.Method, metric.Metric, metric.Resolution)))));
    }

    private static IEnumerable<string> Cells(ComparedRow row) =>
    [
        row.Run, row.Randomization, row.Method, row.Verdict.Metric, row.Verdict.Resolution, row.Verdict.Outcome.Word(), CellText.Of(row.N),
        CellText.Of(row.Verdict.Draws), CellText.Of(row.Verdict.Area.Mean), CellText.Of(row.Verdict.Area.Low),
        CellText.Of(row.Verdict.Area.High), CellText.Of(row.Verdict.CollapseStep), row.Verdict.CollapseLayer, CellText.Of(row.Verdict.Step),
        row.Verdict.Layer, CellText.Of(row.Verdict.Original.Mean), CellText.Of(row.Verdict.Original.Low),
        CellText.Of(row.Verdict.Original.High), row.Verdict.Null ?? "", CellText.Of(row.Verdict.NullLevel.Mean),
    ];

    /// <summary>The areas of a metric as a chart takes them: methods along the x axis, a series for each run.</summary>
    private IEnumerable<SummaryRow> Summaries((string Metric, string Resolution) metric)
    {
        ComparedRow[] rows = [.. Rows.Where(row => (row.Verdict.Metric, row.Verdict.Resolution) == metric)];
        string[] methods = [.. rows.Select(row => row.Title).Distinct()];
        return rows.Select(row => new SummaryRow(
            Words.Randomization, 1 + Array.IndexOf(methods, row.Title), row.Title, row.Run, metric.Metric, metric.Resolution,
            ScoreRow.Original, row.N, 0, row.Verdict.Area.Mean, null, row.Verdict.Area.Low, row.Verdict.Area.High, null));
    }
}
