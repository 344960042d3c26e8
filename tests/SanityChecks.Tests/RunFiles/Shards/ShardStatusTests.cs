using SanityChecks.RunFiles;
using SanityChecks.RunFiles.Shards;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.RunFiles.Shards;

public sealed class ShardStatusTests : IDisposable
{
    private static readonly DealRecord Deal = new(5, 10, 1);

    private readonly TemporaryFolder folder = new();
    private readonly ShardsFolder shards;

    public ShardStatusTests()
    {
        shards = new ShardsFolder(folder.Of("run"));
        Directory.CreateDirectory(folder.Of("run"));
        shards.Deal(Deal);
    }

    public void Dispose() => folder.Dispose();

    private string Write(int number, ShardPhase phase, string? message = null)
    {
        string path = shards.Of(new Shard(number, 5)).Path;
        Directory.CreateDirectory(path);
        new ShardRecord(phase, "node3", 4711, null, "t", 1, 1, message).Write(path);
        return Path.Combine(path, ShardRecord.FileName);
    }

    [Fact]
    public void Each_state_is_told_from_the_files()
    {
        Write(1, ShardPhase.Done);
        Write(2, ShardPhase.Failed, "There is not enough space on the disk");
        Write(3, ShardPhase.Running);
        File.SetLastWriteTimeUtc(Write(4, ShardPhase.Running), File.GetLastWriteTimeUtc(Write(3, ShardPhase.Running)).AddMinutes(-14));
        folder.Write("run/shards/logs/4.log", "2/2 images\nslurmstepd: error: Exceeded memory limit\n\n");
        Assert.Equal(
            [
                (ShardState.Done, 1, ""), (ShardState.Failed, 1, "There is not enough space on the disk"),
                (ShardState.Running, 1, "process 4711 on node3"),
                (ShardState.Stopped, 1, "process 4711 on node3 has not been heard of for 14 minutes; its last line: slurmstepd: error: Exceeded memory limit"),
                (ShardState.Missing, 0, ""),
            ],
            ShardStatus.Of(shards, Deal).Select(one => (one.State, one.Finished, one.Note)));
    }

    [Fact]
    public void A_sign_of_life_from_before_the_clock_was_set_back_is_none()
    {
        File.SetLastWriteTimeUtc(Write(1, ShardPhase.Running), DateTime.UtcNow.AddDays(1));
        ShardStatus first = ShardStatus.Of(shards, Deal)[0];
        Assert.Equal(
            (ShardState.Stopped, "process 4711 on node3 has not been heard of since the clock was set back"), (first.State, first.Note));
    }

    [Fact]
    public void A_run_is_dealt_out_once()
    {
        shards.Deal(Deal);
        Assert.Equal(
            $"The run in {folder.Of("run")} is dealt out to 5 shards (10 images, 1 draws), not to 4 (10, 1): give that count, or another folder with --out.",
            Assert.Throws<InputException>(() => shards.Deal(Deal with { Count = 4 })).Message);
        Assert.Equal(
            "11 shards are too many for 10 units (images times draws): each needs one.",
            Assert.Throws<InputException>(() => shards.Deal(Deal with { Count = 11 })).Message);
    }

    [Fact]
    public void Of_many_that_begin_at_once_one_configuration_wins_and_all_see_it()
    {
        string run = folder.Of("claimed");
        int free = Enumerable.Range(0, 64).AsParallel().WithDegreeOfParallelism(16)
            .Count(_ => FolderClaim.Take(run, "run", "config.yaml", "seed: 1\n", path => File.ReadAllText(path) == "seed: 1\n" ? [] : ["torn"]));
        Assert.Equal(1, free);
        Assert.Equal(["config.yaml"], Directory.EnumerateFileSystemEntries(run).Select(Path.GetFileName));
    }
}
