using System.Text.Json.Serialization;

namespace SanityChecks.RunFiles.Shards;

/// <summary>What a process last said of the shard that it computes.</summary>
public enum ShardPhase
{
    /// <summary>It computes.</summary>
    Running,

    /// <summary>It was asked to stop, and did; the same command goes on.</summary>
    Stopped,

    /// <summary>It ended with an error.</summary>
    Failed,

    /// <summary>All units are scored.</summary>
    Done,
}

/// <summary>Who computes a shard, and how far it is: <c>shard.json</c> in the shard's folder, written anew every few seconds.</summary>
/// <param name="Phase">What the process said last; one that was killed said nothing more.</param>
/// <param name="Machine">Its machine.</param>
/// <param name="Process">Its number there.</param>
/// <param name="Job">The scheduler's name for it; null where no scheduler is known.</param>
/// <param name="Token">Of this process alone.</param>
/// <param name="Beat">Grows as long as the process lives.</param>
/// <param name="Finished">Units that are scored.</param>
/// <param name="Message">What went wrong, on one line; null where nothing did.</param>
public sealed record ShardRecord(
    ShardPhase Phase, string Machine, int Process, string? Job, string Token, long Beat, int Finished, string? Message = null)
{
    /// <summary>The file's name.</summary>
    public const string FileName = "shard.json";

    /// <summary>For people: <c>process 4711 on node3 (job 12_3)</c>.</summary>
    [JsonIgnore]
    public string Who => FormattableString.Invariant($"process {Process} on {Machine}{(Job is null ? "" : $" (job {Job})")}");

    /// <summary>Reads a shard folder's record; null where there is none, or it cannot be read as one.</summary>
    public static ShardRecord? Read(string folder) => RecordFile.Read<ShardRecord>(Path.Combine(folder, FileName));

    /// <summary>Writes it.</summary>
    public void Write(string folder) => RecordFile.Write(Path.Combine(folder, FileName), this);
}
