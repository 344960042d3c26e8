using SanityChecks.Compute;
using SanityChecks.Experiments.Configuration;
using SanityChecks.RunFiles;
using SanityChecks.RunFiles.Shards;

namespace SanityChecks.Experiments.Execution;

/// <summary>What a start on a shard has done.</summary>
/// <param name="Folder">The shard's folder.</param>
/// <param name="AlreadyComplete">Whether there was nothing to do.</param>
/// <param name="Scored">Images scored in this session, each once for each draw.</param>
/// <param name="Skipped">Images that could not be used.</param>
public sealed record ShardResult(string Folder, bool AlreadyComplete, int Scored, IReadOnlyList<SkippedImage> Skipped);

/// <summary>Computes one shard of a run into the shard's own folder, from where an earlier session stopped. Maps alone go to the run's own
/// folder: those of an image are one shard's.</summary>
/// <param name="plan">The plan of the whole run.</param>
/// <param name="shard">Which part of it.</param>
/// <param name="engine">Computes it.</param>
/// <param name="run">The run folder.</param>
/// <param name="vocabulary">To read the configurations that are there.</param>
public sealed class ShardRun(Plan plan, Shard shard, IEngine engine, RunFolder run, ConfigVocabulary vocabulary)
{
    private readonly RunFolder folder = new ShardsFolder(run.Path).Of(shard);
    private int finished;

    /// <summary>Computes what is missing.</summary>
    /// <param name="job">The scheduler's name for this process, or null.</param>
    /// <param name="progress">Told after each network.</param>
    /// <param name="cancel">Stops between two networks; finished batches stay.</param>
    /// <param name="afterBatch">Stops between two batches.</param>
    /// <exception cref="InputException">The run is dealt out otherwise or has another configuration; the shard was begun with other files
    /// or by another version; an image cannot be read and the configuration is strict.</exception>
    /// <exception cref="IOException">Another process computes the shard, or the disk fails.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public ShardResult Run(string? job, IProgress<RunProgress> progress, CancellationToken cancel, CancellationToken afterBatch = default)
    {
        var deal = new DealRecord(shard.Count, plan.Selection.Images.Count, plan.Config.Randomization.Draws);
        deal.RequireEnough();
        run.Claim(plan.Config, vocabulary);
        var shards = new ShardsFolder(run.Path);
        shards.Deal(deal);
        Manifest? begun = folder.Claim(plan.Config, vocabulary, shards.Path);
        using var claim = ShardClaim.Take(folder.Path, job, cancel: cancel);
        try
        {
            ShardResult result = Score(begun, claim, progress, cancel, afterBatch);
            claim.End(ShardPhase.Done, finished);
            return result;
        }
        catch (OperationCanceledException)
        {
            claim.End(ShardPhase.Stopped, finished);
            throw;
        }
        catch (Exception error)
        {
            claim.End(ShardPhase.Failed, finished, error.Message.ReplaceLineEndings(" "));
            throw;
        }
    }

    private ShardResult Score(
        Manifest? begun, ShardClaim claim, IProgress<RunProgress> progress, CancellationToken cancel, CancellationToken afterBatch)
    {
        var session = new ScoringSession(plan with { Shard = shard }, engine, folder, run.MapsPath);
        if (begun is not null && (begun.Version, begun.Commit) != Provenance.Program)
        {
            throw new InputException(
                $"The shard in {folder.Path} was begun by {Manifest.ProgramOf(begun.Version, begun.Commit)}, this is {Manifest.ProgramOf(Provenance.Program.Version, Provenance.Program.Commit)}: go on with that one, or delete the shard's folder.");
        }

        session.GoOnWith(begun);
        bool complete = begun is { Complete: true };
        session.Score(progress, cancel, Told, afterBatch);
        if (complete && session.Scored == 0)
        {
            return new ShardResult(folder.Path, true, 0, session.Skipped);
        }

        (session.Manifest with { Complete = true }).Write(folder.Path);
        return new ShardResult(folder.Path, false, session.Scored, session.Skipped);

        void Told(int units)
        {
            finished = units;
            claim.Require(units);
        }
    }
}
