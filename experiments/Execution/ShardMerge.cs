using SanityChecks.Compute;
using SanityChecks.Experiments.Configuration;
using SanityChecks.RunFiles;
using SanityChecks.RunFiles.Shards;

namespace SanityChecks.Experiments.Execution;

/// <summary>Some shards of a run are not finished.</summary>
/// <param name="shards">How they are.</param>
public sealed class UnfinishedShardsException(IReadOnlyList<ShardStatus> shards)
    : IOException(FormattableString.Invariant($"{shards.Count} shard{(shards.Count == 1 ? " is" : "s are")} not finished: {string.Join(", ", shards.Select(one => one.Shard))}"))
{
    /// <summary>The shards.</summary>
    public IReadOnlyList<ShardStatus> Shards => shards;
}

/// <summary>Makes of the finished shards of a run what a run that was never divided writes: <c>scores.csv</c> in the order of the plan,
/// then summary, charts and all else, as the end of every run.</summary>
/// <param name="plan">The plan of the whole run.</param>
/// <param name="run">The run folder.</param>
/// <param name="vocabulary">To read the shards' configurations.</param>
public sealed class ShardMerge(Plan plan, RunFolder run, ConfigVocabulary vocabulary)
{
    private readonly ShardsFolder folder = new(run.Path);

    /// <summary>Merges them; a merge that was killed begins anew, one that is done does nothing.</summary>
    /// <param name="progress">Told nothing where all images can be read.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="UnfinishedShardsException">Some are not finished.</exception>
    /// <exception cref="InputException">The run was not dealt out; a shard belongs to another configuration, other weights or images, another
    /// version or another engine; another process merges.</exception>
    public RunResult Run(IProgress<RunProgress> progress, CancellationToken cancel)
    {
        DealRecord deal = folder.ReadDeal()
            ?? throw new InputException($"The run in {run.Path} was not dealt out to shards: there is nothing to merge.");
        using IDisposable held = folder.HoldForMerge();
        folder.Deal(new DealRecord(deal.Count, plan.Selection.Images.Count, plan.Config.Randomization.Draws));
        Manifest? there = Manifest.Read(run.Path);
        if (there is not { Complete: true } || !File.Exists(run.ScoresPath))
        {
            there = Merge(deal);
        }

        // Nothing is missing: what is left is the end of every run, with no engine at work. Images that could not be read are tried again.
        using IEngine engine = EngineList.Own.Create("cpu");
        return new ExperimentRun(plan, engine, run, there).Run(there, progress, cancel);
    }

    private Manifest Merge(DealRecord deal)
    {
        (Shard Shard, Manifest? Manifest)[] shards =
            [.. Shard.All(deal.Count).Select(shard => (shard, Manifest.Read(folder.Of(shard).Path)))];
        if (shards.Any(one => one.Manifest is not { Complete: true }))
        {
            var unfinished = shards.Where(one => one.Manifest is not { Complete: true }).Select(one => one.Shard).ToHashSet();
            throw new UnfinishedShardsException(
                [.. ShardStatus.Of(folder, deal).Where(status => unfinished.Contains(status.Shard))]);
        }

        Manifest[] manifests = [.. shards.Select(one => one.Manifest!)];
        var images = new Dictionary<string, (string Sha256, Shard Shard)>(StringComparer.Ordinal);
        string[] obstacles = [.. shards.SelectMany(one => Obstacles(one.Shard, one.Manifest!, manifests[0], images))];
        if (obstacles.Length > 0)
        {
            throw new InputException(
                $"The shards in {folder.Path} cannot be merged: {string.Join("; ", obstacles)}. Compute those again, after deleting their folders.");
        }

        MergedScores.Write(run.ScoresPath, [.. shards.Select(one => Scores(one.Shard, one.Manifest!))], plan.RowsOf);
        return manifests[0] with
        {
            Complete = false,
            Images = [.. plan.Selection.Images.Select(image => new FileRecord(image.Id, images[image.Id].Sha256))],
            Sessions = [.. manifests.SelectMany(manifest => manifest.Sessions).OrderBy(session => session.Started)],
        };
    }

    private ShardScores Scores(Shard shard, Manifest manifest)
    {
        var skipped = manifest.Skipped.Select(image => image.Name).ToHashSet(StringComparer.Ordinal);
        return new ShardScores(
            shard, folder.Of(shard).ScoresPath,
            (plan with { Shard = shard }).Units.Select(one => one.Unit).Where(unit => !skipped.Contains(unit.Image)));
    }

    /// <summary>An engine without its instruction set, which changes no bit, or the number of its card.</summary>
    private static string Kind(EngineRecord engine) =>
        string.Join(':', engine.Name.Split(':').Take(engine.Name.StartsWith("torch", StringComparison.Ordinal) ? 2 : 1));

    /// <summary>What keeps a shard out of this run, in parts of a sentence.</summary>
    private IEnumerable<string> Obstacles(
        Shard shard, Manifest manifest, Manifest first, Dictionary<string, (string Sha256, Shard Shard)> images)
    {
        RunFolder at = folder.Of(shard);
        if (!File.Exists(at.ConfigPath))
        {
            // Its manifest was there a moment ago.
            throw new FileNotFoundException($"{at.ConfigPath} is gone: was the folder deleted, or its disk taken away?");
        }

        IReadOnlyList<string> different = plan.Config.Differences(ExperimentConfig.Load(at.ConfigPath, [], vocabulary));
        if (different.Count > 0)
        {
            yield return $"shard {shard} has another configuration ({string.Join("; ", different)} there)";
        }

        if (manifest.Weights.Sha256 != plan.Trained.Sha256 || !manifest.WeightParts.ToHashSet().SetEquals(plan.WeightParts))
        {
            yield return $"shard {shard} has other weights ({manifest.Weights.Name})";
        }

        if ((manifest.Version, manifest.Commit) != Provenance.Program)
        {
            yield return $"shard {shard} was computed by {Manifest.ProgramOf(manifest.Version, manifest.Commit)}, this is {Manifest.ProgramOf(Provenance.Program.Version, Provenance.Program.Commit)}";
        }

        if (Kind(manifest.Engine) != Kind(first.Engine))
        {
            yield return $"shard {shard} was computed by the engine {manifest.Engine.Name}, shard 1 by {first.Engine.Name}, which round otherwise";
        }

        foreach (FileRecord image in manifest.Images)
        {
            if (!images.TryAdd(image.Name, (image.Sha256, shard)) && images[image.Name].Sha256 != image.Sha256)
            {
                yield return $"shard {shard} saw another image {image.Name} than shard {images[image.Name].Shard}";
            }
        }

        // Every image is in the first draw of one shard: of all shards together none is left out.
        IEnumerable<string> own = (plan with { Shard = shard }).Images.Select(image => image.Id);
        if (own.Except(manifest.Images.Select(image => image.Name)).FirstOrDefault() is { } missing)
        {
            yield return $"shard {shard} does not know the image {missing}";
        }
    }
}
