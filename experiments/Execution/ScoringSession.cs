using System.Diagnostics;
using SanityChecks.Compute;
using SanityChecks.RunFiles;

namespace SanityChecks.Experiments.Execution;

/// <summary>One start of the program on a run folder, or on a shard's: <c>scores.csv</c> grows by what is missing, with the manifest beside
/// it.</summary>
/// <param name="plan">What to compute.</param>
/// <param name="engine">Computes it.</param>
/// <param name="folder">Where the files are.</param>
/// <param name="maps">Where maps go.</param>
/// <param name="described">What the manifest says, where that is known already; null: it is found out.</param>
internal sealed class ScoringSession(Plan plan, IEngine engine, RunFolder folder, string maps, Manifest? described = null)
{
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly DateTime started = DateTime.UtcNow;
    private readonly UnitScoring scoring = new(plan, engine, maps);

    // Hashes of many images take as long as a network does: they are made beside the first batch, and are written before its scores.
    private readonly Task<Manifest> describing =
        described is null ? Task.Run(() => Provenance.Of(plan, engine)) : Task.FromResult(described);

    private IReadOnlyList<SessionRecord> sessions = [];

    /// <summary>Units scored in this session.</summary>
    public int Scored => scoring.Scored;

    /// <summary>Images that could not be read.</summary>
    public IReadOnlyList<SkippedImage> Skipped => scoring.Skipped;

    /// <summary>What the manifest says before this session has scored anything.</summary>
    public Manifest Described => describing.GetAwaiter().GetResult() with { Sessions = sessions };

    /// <summary>The same with this session.</summary>
    public Manifest Manifest => Described with
    {
        Skipped = scoring.Skipped,
        Sessions = [.. sessions, new SessionRecord(started, Math.Round(watch.Elapsed.TotalSeconds, 3), scoring.Scored)],
    };

    /// <summary>Goes on with what an earlier session began.</summary>
    /// <param name="begun">Its manifest, or null.</param>
    /// <exception cref="InputException">Weights or images changed since.</exception>
    public void GoOnWith(Manifest? begun)
    {
        sessions = begun?.Sessions ?? [];
        if (begun is not null)
        {
            folder.RequireSameInputs(begun, Described);
        }
    }

    /// <summary>Scores what is missing.</summary>
    /// <param name="progress">Told after each network.</param>
    /// <param name="cancel">Stops between two networks; finished batches stay.</param>
    /// <param name="finished">Told how many units are finished, at first and before and after the rows of each batch are written; may
    /// refuse them.</param>
    /// <param name="afterBatch">Stops between two batches.</param>
    public void Score(
        IProgress<RunProgress> progress, CancellationToken cancel, Action<int>? finished = null, CancellationToken afterBatch = default)
    {
        using ScoresFile scores = ScoresFile.Open(folder.ScoresPath, plan.RowsOf);
        bool ours = false;
        Tell();
        try
        {
            scoring.Run(scores.Finished, Append, progress, cancel, afterBatch);
        }
        catch when (ours)
        {
            KeepManifest();
            throw;
        }

        Tell();

        void Tell(int written = 0)
        {
            ours = false;
            finished?.Invoke(scores.Finished.Count + scoring.Scored + written);
            ours = true;
        }

        // Beside what ended the session, that its manifest could not be written either is no news.
        void KeepManifest()
        {
            try
            {
                Manifest.Write(folder.Path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
            }
        }

        void Append(IReadOnlyList<ScoreRow> rows)
        {
            Tell();
            scores.RequireInPlace();
            if (scoring.Scored == 0)
            {
                Described.Write(folder.Path);
            }

            scores.Append(rows);
            Tell(rows.Select(row => row.Image).Distinct().Count());
        }
    }
}
