namespace SanityChecks.RunFiles.Shards;

/// <summary>What the files say of a shard.</summary>
public enum ShardState
{
    /// <summary>Nobody began it.</summary>
    Missing,

    /// <summary>A process computes it, and was heard of a moment ago.</summary>
    Running,

    /// <summary>A process was asked to stop, or has not been heard of for so long that it must be dead.</summary>
    Stopped,

    /// <summary>A process ended with an error.</summary>
    Failed,

    /// <summary>All units are scored.</summary>
    Done,
}

/// <summary>How far a shard is, from its files alone: no scheduler is asked.</summary>
/// <param name="Shard">Which.</param>
/// <param name="State">How it is.</param>
/// <param name="Finished">Units that are scored, as the process said last.</param>
/// <param name="Units">Units that it has.</param>
/// <param name="Note">Who computes it, why it stopped, or its last line; empty for nothing.</param>
public sealed record ShardStatus(Shard Shard, ShardState State, int Finished, int Units, string Note)
{
    /// <summary>How long after its last sign of life a process is given up. File servers show a change after up to a minute.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(2);

    /// <summary>The state of every shard of a run.</summary>
    /// <param name="folder">The shards of the run.</param>
    /// <param name="deal">How it was dealt out.</param>
    public static IReadOnlyList<ShardStatus> Of(ShardsFolder folder, DealRecord deal)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(deal);
        DateTime now = WholeFile.ClockOf(folder.Path);
        return [.. Shard.All(deal.Count).Select(shard => Of(folder, shard, shard.Units(deal.Images, deal.Draws), now))];
    }

    private static ShardStatus Of(ShardsFolder folder, Shard shard, int units, DateTime now)
    {
        string path = folder.Of(shard).Path;
        if (ShardRecord.Read(path) is not { } record)
        {
            return new ShardStatus(shard, ShardState.Missing, 0, units, "");
        }

        TimeSpan silent = now - File.GetLastWriteTimeUtc(Path.Combine(path, ShardRecord.FileName));
        return record.Phase switch
        {
            ShardPhase.Done => new ShardStatus(shard, ShardState.Done, record.Finished, units, ""),
            ShardPhase.Failed => new ShardStatus(shard, ShardState.Failed, record.Finished, units, record.Message ?? ""),
            ShardPhase.Stopped => new ShardStatus(shard, ShardState.Stopped, record.Finished, units, "was asked to stop"),
            _ when silent.Duration() < Silence => new ShardStatus(shard, ShardState.Running, record.Finished, units, record.Who),
            _ => new ShardStatus(
                shard, ShardState.Stopped, record.Finished, units,
                $"{record.Who} has not been heard of {Since(silent)}{(folder.LastLogLine(shard) is { } line ? "; its last line: " + line.Trim() : "")}"),
        };
    }

    /// <summary>A sign of life from the future is from before the clock was set back: who lives gives another within seconds.</summary>
    private static string Since(TimeSpan silent) =>
        silent < TimeSpan.Zero ? "since the clock was set back" : FormattableString.Invariant($"for {(int)silent.TotalMinutes} minutes");
}
