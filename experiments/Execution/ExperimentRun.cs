using SanityChecks.Compute;
using SanityChecks.Reporting.Charts;
using SanityChecks.RunFiles;
using SanityChecks.RunFiles.Statistics;

namespace SanityChecks.Experiments.Execution;

/// <summary>Runs a plan into a run folder, from where an earlier session stopped: scores, then summary, then charts, grids and report, with
/// the manifest beside them.</summary>
/// <param name="plan">What to compute.</param>
/// <param name="engine">Computes it.</param>
/// <param name="folder">Where to; claimed for the plan's configuration already.</param>
/// <param name="described">What the manifest says, where that is known already; null: it is found out.</param>
public sealed class ExperimentRun(Plan plan, IEngine engine, RunFolder folder, Manifest? described = null)
{
    private readonly ScoringSession scoring = new(plan, engine, folder, folder.MapsPath, described);

    private Manifest WithThisSession => scoring.Manifest;

    /// <summary>Computes what is missing, then writes summary, charts, grids and report.</summary>
    /// <param name="begun">The manifest of the run that is in the folder, or null.</param>
    /// <param name="progress">Told after each network.</param>
    /// <param name="cancel">Stops between two networks; finished batches stay.</param>
    /// <exception cref="InputException">Weights or images changed since the run was begun; an image cannot be read and the configuration is
    /// strict; or none can.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public RunResult Run(Manifest? begun, IProgress<RunProgress> progress, CancellationToken cancel)
    {
        scoring.GoOnWith(begun);
        if (begun is { Complete: true } && folder.HasResults && CorrelationCharts.AreThere(folder.Path) && File.Exists(folder.ReportPath))
        {
            return new RunResult(
                folder.Path, true, 0, begun.Skipped, StatisticsOf(ScoresFile.Read(folder.ScoresPath)), folder.Charts, folder.Grids,
                folder.ReportPath);
        }

        scoring.Score(progress, cancel);
        IReadOnlyList<ScoreRow> rows = ScoresFile.Read(folder.ScoresPath);
        if (rows.Count == 0)
        {
            WithThisSession.Write(folder.Path);
            SkippedImage first = scoring.Skipped[0];
            throw new InputException(
                $"None of the {plan.Selection.Images.Count} images could be read; the first: {first.Name}: {first.Reason}");
        }

        RunStatistics statistics = StatisticsOf(rows);
        statistics.Write(folder);
        IReadOnlyList<ClassRecord> classes = ClassesOf(rows);
        (WithThisSession with { Classes = classes }).Write(folder.Path); // Charts, grids and the report take their words from it.
        (IReadOnlyList<string> charts, IReadOnlyList<string> grids) = new RunPictures(plan, folder).Write(rows);
        string report = RunPictures.WriteReport(folder);
        (WithThisSession with { Classes = classes, Complete = true }).Write(folder.Path);
        return new RunResult(folder.Path, false, scoring.Scored, scoring.Skipped, statistics, charts, grids, report);
    }

    // A label may lie outside of a network with fewer classes.
    private IReadOnlyList<ClassRecord> ClassesOf(IReadOnlyList<ScoreRow> rows) => !plan.Classes.HaveNames ? [] :
    [
        .. rows.SelectMany(row => new[] { row.Label, row.Target }).OfType<int>().Distinct().Order()
            .Where(index => index < plan.Classes.Count).Select(index => new ClassRecord(index, plan.Classes[index])),
    ];

    private RunStatistics StatisticsOf(IReadOnlyList<ScoreRow> rows) => RunStatistics.Of(
        rows, plan.Experiment.Words, plan.Methods.ToDictionary(method => method.Id, method => method.Title),
        [.. plan.Experiment.Measures.Select(measure => measure.Name)]);
}
