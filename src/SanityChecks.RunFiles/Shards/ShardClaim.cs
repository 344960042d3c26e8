using System.Diagnostics;

namespace SanityChecks.RunFiles.Shards;

/// <summary>The right of one process to compute a shard. It lasts as long as the process, which says every few seconds that it is
/// alive.</summary>
/// <remarks>
/// Two things keep a second process away: a lock on <c>shard.lock</c>, which the system drops when a process dies however it dies, and,
/// where the file system keeps no locks between machines, the beats of <c>shard.json</c>. Whoever finds the shard claimed from another
/// machine without a lock watches for three beats, and takes it over only if it hears none. A process that was given up for dead and comes
/// back (a lost mount) finds another token in <c>shard.json</c> and writes no more.
/// </remarks>
public sealed class ShardClaim : IDisposable
{
    /// <summary>Between two signs of life.</summary>
    public static readonly TimeSpan BetweenBeats = TimeSpan.FromSeconds(10);

    private readonly string folder;
    private readonly FileStream held;
    private readonly Lock writing = new();
    private readonly ManualResetEventSlim ended = new();
    private readonly Thread beating;
    private ShardRecord record;

    private ShardClaim(string folder, FileStream held, ShardRecord record)
    {
        (this.folder, this.held, this.record) = (folder, held, record);
        record.Write(folder);

        // Not of the pool, whose threads a network may keep for longer than a beat.
        beating = new Thread(Live) { IsBackground = true, Name = "signs of life" };
        beating.Start();
    }

    /// <summary>Claims a shard.</summary>
    /// <param name="folder">The shard's folder.</param>
    /// <param name="job">The scheduler's name for this process, or null.</param>
    /// <param name="watched">How long to watch one that another machine claims: three beats.</param>
    /// <param name="cancel">Stops watching.</param>
    /// <exception cref="IOException">Another process computes the shard; the message says which.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static ShardClaim Take(string folder, string? job, TimeSpan? watched = null, CancellationToken cancel = default)
    {
        FileStream held;
        try
        {
            held = HeldFile.Open(Path.Combine(folder, "shard.lock"), "shard");
        }
        catch (InputException error)
        {
            throw Taken(folder, ShardRecord.Read(folder), error);
        }

        try
        {
            if (ShardRecord.Read(folder) is { Phase: ShardPhase.Running } there && MayLive(there))
            {
                Watch(folder, there, watched ?? 3 * BetweenBeats, cancel);
            }

            return new ShardClaim(folder, held, new ShardRecord(
                ShardPhase.Running, Environment.MachineName, Environment.ProcessId, job, Guid.NewGuid().ToString("N"), 0, 0));
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Makes sure that no other process took the shard over, and says how far it is.</summary>
    /// <param name="finished">Units that are scored.</param>
    /// <exception cref="IOException">One did, or the folder is gone.</exception>
    public void Require(int finished)
    {
        lock (writing)
        {
            ShardRecord? there = ShardRecord.Read(folder);
            if (there?.Token != record.Token)
            {
                throw there is null
                    ? new IOException($"{Path.Combine(folder, ShardRecord.FileName)} is gone: was the disk taken away? What was finished is kept; the same command goes on from there.")
                    : Taken(folder, there, null);
            }

            record = record with { Finished = finished };
        }
    }

    /// <summary>Ends the claim with a last word.</summary>
    /// <param name="phase">How it ended.</param>
    /// <param name="finished">Units that are scored.</param>
    /// <param name="message">What went wrong, or null.</param>
    public void End(ShardPhase phase, int finished, string? message = null)
    {
        StopBeating();
        record = record with { Phase = phase, Finished = finished, Message = message };
        WriteIfOurs();
    }

    /// <summary>Gives the lock back. Without a last word the shard looks like that of a process that was killed.</summary>
    public void Dispose()
    {
        StopBeating();
        ended.Dispose();
        held.Dispose();
    }

    private static IOException Taken(string folder, ShardRecord? by, Exception? inner) => new(
        $"The shard in {folder} is being computed by {by?.Who ?? "another process"}: one is enough.", inner);

    /// <summary>Whether the claim may be that of a living process although nothing is locked.</summary>
    private static bool MayLive(ShardRecord there)
    {
        if (there.Machine != Environment.MachineName)
        {
            return true;
        }

        try
        {
            using var process = Process.GetProcessById(there.Process);
            return there.Process != Environment.ProcessId;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static void Watch(string folder, ShardRecord there, TimeSpan time, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < time)
        {
            cancel.WaitHandle.WaitOne(TimeSpan.FromSeconds(Math.Min(1, time.TotalSeconds / 3)));
            cancel.ThrowIfCancellationRequested();
            ShardRecord? now = ShardRecord.Read(folder);
            if (now is { Phase: ShardPhase.Running } && now != there)
            {
                throw Taken(folder, now, null);
            }
        }
    }

    private void Live()
    {
        while (!ended.Wait(BetweenBeats))
        {
            lock (writing)
            {
                record = record with { Beat = record.Beat + 1 };
                WriteIfOurs();
            }
        }
    }

    /// <summary>A sign of life that cannot be given is none; whoever writes scores meets the same disk.</summary>
    private void WriteIfOurs()
    {
        try
        {
            if (ShardRecord.Read(folder)?.Token == record.Token)
            {
                record.Write(folder);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
        }
    }

    private void StopBeating()
    {
        if (beating.IsAlive)
        {
            ended.Set();
            beating.Join();
        }
    }
}
