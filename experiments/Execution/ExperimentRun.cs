using System.Diagnostics;
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
public sealed class ExperimentRun(Plan plan, IEngine engine, RunFolder folder)
{
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly DateTime started = DateTime.UtcNow;
    private readonly UnitScoring scoring = new(plan, engine, folder.MapsPath);

    // Hashes of many images take as long as a network does: they are made beside the first batch, and are written before its scores.
    private readonly Task<Manifest> describing = Task.Run(() => Provenance.Of(plan, engine));
    private IReadOnlyList<SessionRecord> sessions = [];

    private Manifest Described => describing.GetAwaiter().GetResult() with { Sessions = sessions };

    private Manifest WithThisSession => Described with
    {
        Skipped = scoring.Skipped,
        Sessions = [.. sessions, new SessionRecord(started, Math.Round(watch.Elapsed.TotalSeconds, 3), scoring.Scored)],
    };

    /// <summary>Computes what is missing, then writes summary, charts, grids and report.</summary>
    /// <param name="begun">The manifest of the run that is in the folder, or null.</param>
    /// <param name="progress">Told after each network.</param>
    /// <param name="cancel">Stops between two networks; finished batches stay.</param>
    /// <exception cref="InputException">Weights or images changed since the run was begun; an image cannot be read and the configuration is
    /// strict; or none can.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public RunResult Run(Manifest? begun, IProgress<RunProgress> progress, CancellationToken cancel)
    {
        sessions = begun?.Sessions ?? [];
        if (begun is not null)
        {
            folder.RequireSameInputs(begun, Described);
            if (begun.Complete && folder.HasResults && CorrelationCharts.AreThere(folder.Path) && File.Exists(folder.ReportPath))
            {
                return new RunResult(
                    folder.Path, true, 0, begun.Skipped, StatisticsOf(ScoresFile.Read(folder.ScoresPath)), folder.Charts, folder.Grids,
                    folder.ReportPath);
            }
        }

        Score(progress, cancel);
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
        WithThisSession.Write(folder.Path); // Charts and grids take their words from it.
        (IReadOnlyList<string> charts, IReadOnlyList<string> grids) = new RunPictures(plan, folder).Write(rows);

        // The report shows the manifest: what it says of this session must be its last word, so that a report made again is the same.
        Manifest manifest = WithThisSession;
        manifest.Write(folder.Path);
        string report = RunPictures.WriteReport(folder);
        (manifest with { Complete = true }).Write(folder.Path);
        return new RunResult(folder.Path, false, scoring.Scored, scoring.Skipped, statistics, charts, grids, report);
    }

    private RunStatistics StatisticsOf(IReadOnlyList<ScoreRow> rows) => RunStatistics.Of(
        rows, plan.Experiment.Words, plan.Methods.ToDictionary(method => method.Id, method => method.Title),
        [.. plan.Experiment.Measures.Select(measure => measure.Name)]);

    private void Score(IProgress<RunProgress> progress, CancellationToken cancel)
    {
        using ScoresFile scores = ScoresFile.Open(folder.ScoresPath, plan.RowsOf);
        try
        {
            scoring.Run(scores.Finished, Append, progress, cancel);
        }
        catch
        {
            WithThisSession.Write(folder.Path);
            throw;
        }

        void Append(IEnumerable<ScoreRow> rows)
        {
            if (scoring.Scored == 0)
            {
                Described.Write(folder.Path);
            }

            scores.Append(rows);
        }
    }
}
