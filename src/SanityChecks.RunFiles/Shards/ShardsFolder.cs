namespace SanityChecks.RunFiles.Shards;

/// <summary>How a run was dealt out: <c>shards/shards.json</c> of a run folder.</summary>
/// <param name="Count">Shards.</param>
/// <param name="Images">Images of the run, the unreadable ones too.</param>
/// <param name="Draws">Draws of each.</param>
public sealed record DealRecord(int Count, int Images, int Draws)
{
    /// <summary>Refuses more shards than there are units.</summary>
    /// <exception cref="InputException">There are more.</exception>
    public void RequireEnough()
    {
        if (Count > Images * Draws)
        {
            throw new InputException(FormattableString.Invariant(
                $"{Count} shards are too many for {Images * Draws} units (images times draws): each needs one."));
        }
    }
}

/// <summary>The part of a run folder where shards write: <c>shards</c>.</summary>
/// <param name="run">The run folder.</param>
public sealed class ShardsFolder(string run)
{
    private readonly string path = System.IO.Path.Combine(run, "shards");

    /// <summary>The folder.</summary>
    public string Path => path;

    /// <summary>The script that submits the shards to Slurm, where one was written.</summary>
    public string SlurmPath => In("slurm.sh");

    /// <summary>The job for Kubernetes, where one was written.</summary>
    public string KubernetesPath => In("kubernetes.yaml");

    /// <summary>What Slurm's jobs print.</summary>
    public string LogsPath => In("logs");

    private string DealPath => In("shards.json");

    /// <summary>A shard's folder: a run folder without all that follows from the scores.</summary>
    public RunFolder Of(Shard shard) => new(In(shard.FolderName));

    /// <summary>How the run was dealt out; null where it was not.</summary>
    public DealRecord? ReadDeal() => RecordFile.Read<DealRecord>(DealPath);

    /// <summary>Deals a run out, or makes sure that it was dealt out so.</summary>
    /// <param name="deal">How.</param>
    /// <exception cref="InputException">It was dealt out otherwise, is computed as a whole, or has fewer units than shards.</exception>
    public void Deal(DealRecord deal)
    {
        ArgumentNullException.ThrowIfNull(deal);
        deal.RequireEnough();
        if (ReadDeal() is null)
        {
            if (File.Exists(new RunFolder(run).ScoresPath))
            {
                throw new InputException(
                    $"The run in {run} was begun as a whole: go on with it without shards, or give another folder with --out.");
            }

            WholeFile.MakeFolderIn(run, path);
            RecordFile.WriteFirst(DealPath, deal);
        }

        DealRecord there = ReadDeal() ?? throw new RunFileException(DealPath, null, "cannot be read as one");
        if (there != deal)
        {
            throw new InputException(FormattableString.Invariant(
                $"The run in {run} is dealt out to {there.Count} shards ({there.Images} images, {there.Draws} draws), not to {deal.Count} ({deal.Images}, {deal.Draws}): give that count, or another folder with --out."));
        }
    }

    /// <summary>Holds the folder for a merge as long as the result is open.</summary>
    /// <exception cref="InputException">Another process merges it.</exception>
    public IDisposable HoldForMerge() => HeldFile.Open(In("merge.lock"), "merge");

    /// <summary>The last line that is not empty of what a shard printed as a job of Slurm; null where there is none.</summary>
    public string? LastLogLine(Shard shard)
    {
        string log = System.IO.Path.Combine(LogsPath, FormattableString.Invariant($"{shard.Number}.log"));
        try
        {
            return File.Exists(log) ? File.ReadLines(log).LastOrDefault(line => !string.IsNullOrWhiteSpace(line)) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private string In(string name) => System.IO.Path.Combine(path, name);
}
