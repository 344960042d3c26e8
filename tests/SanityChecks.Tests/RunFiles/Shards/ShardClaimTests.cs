using SanityChecks.RunFiles.Shards;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.RunFiles.Shards;

public sealed class ShardClaimTests : IDisposable
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(300);

    private readonly TemporaryFolder folder = new();

    public ShardClaimTests() => Directory.CreateDirectory(Path);

    private string Path => folder.Of("0001-of-0002");

    public void Dispose() => folder.Dispose();

    private ShardClaim Take(string? job, TimeSpan? watched = null) =>
        ShardClaim.Take(Path, job, watched, TestContext.Current.CancellationToken);

    private void WriteForeign(long beat = 4) =>
        new ShardRecord(ShardPhase.Running, "elsewhere", 4711, "12_3", "theirs", beat, 5).Write(Path);

    [Fact]
    public void The_second_process_in_a_shard_refuses_and_says_who_is_there()
    {
        using (Take("12_3"))
        {
            string message = Assert.Throws<IOException>(() => Take(null)).Message;
            Assert.Equal(
                $"The shard in {Path} is being computed by process {Environment.ProcessId} on {Environment.MachineName} (job 12_3): one is enough.",
                message);
        }

        Take(null).Dispose();
    }

    [Fact]
    public void Its_last_word_stays()
    {
        using (ShardClaim claim = Take(null))
        {
            Assert.Equal((ShardPhase.Running, 0), Said());
            claim.Require(3);
            claim.End(ShardPhase.Failed, 3, "disk full");
        }

        Assert.Equal((ShardPhase.Failed, 3), Said());
        Assert.Equal("disk full", ShardRecord.Read(Path)!.Message);

        (ShardPhase, int) Said() => (ShardRecord.Read(Path)!.Phase, ShardRecord.Read(Path)!.Finished);
    }

    [Fact]
    public async Task Where_a_disk_keeps_no_locks_a_claim_of_another_machine_that_beats_is_respected()
    {
        WriteForeign();
        Task beat = Task.Run(
            async () =>
            {
                await Task.Delay(Moment / 2, TestContext.Current.CancellationToken);
                WriteForeign(5);
            },
            TestContext.Current.CancellationToken);
        string message = Assert.Throws<IOException>(() => Take(null, TimeSpan.FromMinutes(1))).Message;
        await beat;
        Assert.Contains("process 4711 on elsewhere (job 12_3)", message, StringComparison.Ordinal);
        Assert.Equal("theirs", ShardRecord.Read(Path)!.Token);
    }

    [Fact]
    public void A_claim_of_another_machine_that_is_silent_is_taken_over_and_its_process_writes_no_more()
    {
        WriteForeign();
        using ShardClaim second = Take(null, Moment);
        second.Require(1);
        WriteForeign();
        Assert.Contains("process 4711 on elsewhere", Assert.Throws<IOException>(() => second.Require(2)).Message, StringComparison.Ordinal);
        second.End(ShardPhase.Done, 2);
        Assert.Equal("theirs", ShardRecord.Read(Path)!.Token);
    }

    [Fact]
    public void A_claim_of_a_process_that_died_here_is_taken_over_at_once()
    {
        new ShardRecord(ShardPhase.Running, Environment.MachineName, int.MaxValue, null, "dead", 4, 5).Write(Path);
        using ShardClaim claim = Take(null, TimeSpan.FromDays(1));
        claim.Require(5);
    }

    [Fact]
    public void A_folder_that_was_taken_away_is_said_to_be()
    {
        using ShardClaim claim = Take(null);
        File.Delete(System.IO.Path.Combine(Path, ShardRecord.FileName));
        Assert.Contains("is gone: was the disk taken away?", Assert.Throws<IOException>(() => claim.Require(2)).Message, StringComparison.Ordinal);
    }
}
