using SanityChecks.Compute.Cpu;
using SanityChecks.Experiments;
using SanityChecks.Experiments.Execution;
using SanityChecks.RunFiles;
using SanityChecks.RunFiles.Shards;

namespace SanityChecks.Tests.Experiments.Execution;

/// <summary>Runs that are computed in parts and merged.</summary>
public sealed class ShardRunTests : IDisposable
{
    private static readonly string[] Study =
        ["randomization.draws=2", "randomization.layers=[fc8,conv5_3]", "metrics=[spearman]", "references=[original,other_image]"];

    private static readonly string[] WithMaps = [.. Study, "output.maps=both", "output.maps_for_images=2"];

    private readonly SmallRun small = new();

    public void Dispose() => small.Dispose();

    private ShardResult Compute(Shard shard, string[] overrides, CancellationTokenSource? afterBatch = null, Action? told = null)
    {
        using var engine = new CpuEngine(2);
        return new ShardRun(small.Plan(overrides), shard, engine, new RunFolder(small.Of("run")), Catalogue.Vocabulary)
            .Run("12_3", new Told(told ?? (() => { })), CancellationToken.None, afterBatch?.Token ?? CancellationToken.None);
    }

    private RunResult Merge(params string[] overrides) =>
        new ShardMerge(small.Plan(overrides), new RunFolder(small.Of("run")), Catalogue.Vocabulary)
            .Run(new Told(() => { }), CancellationToken.None);

    private string Refused(params string[] overrides)
    {
        string message = Assert.ThrowsAny<InputException>(() => Merge(overrides)).Message;
        Assert.False(File.Exists(small.Of("run", "scores.csv")));
        return message;
    }

    /// <summary>The bytes of each file, the manifest and the shards left out.</summary>
    private Dictionary<string, string> Contents(string name) => Directory
        .EnumerateFiles(small.Of(name), "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(small.Of(name), file))
        .Where(file => file != Manifest.FileName && !file.StartsWith("shards", StringComparison.Ordinal))
        .ToDictionary(file => file, file => Convert.ToHexString(File.ReadAllBytes(small.Of(name, file))));

    private void Change(int number, Func<Manifest, Manifest> change)
    {
        string folder = new ShardsFolder(small.Of("run")).Of(new Shard(number, 2)).Path;
        change(Manifest.Read(folder)!).Write(folder);
    }

    [Theory]
    [InlineData(1, "images.batch=2")]
    [InlineData(3, "images.batch=2")]
    [InlineData(8, "images.batch=3")]
    public void Merged_shards_are_the_run_that_was_never_divided_to_the_byte(int count, string batch)
    {
        // An image that cannot be read: the maps are those of the next, which may be another shard's.
        File.WriteAllBytes(small.ImagePath(0), File.ReadAllBytes(small.ImagePath(0))[..100]);
        string[] study = [.. WithMaps, batch];
        small.Run("whole", study);
        Assert.Equal(6, Shard.All(count).Reverse().Sum(shard => Compute(shard, study).Scored));
        RunResult merged = Merge(study);
        Assert.Equal((false, 0), (merged.AlreadyComplete, merged.Scored));
        Assert.Equal(Contents("whole"), Contents("run"));
        Manifest whole = Manifest.Read(small.Of("whole"))!, run = Manifest.Read(small.Of("run"))!;
        Assert.Equal(Facts(whole), Facts(run));
        Assert.Equal(count + 1, run.Sessions.Count);
        Assert.Equal(6, run.Sessions.Sum(session => session.Images));

        // Both commands given again do nothing, and so does the plain one.
        Assert.True(Compute(new Shard(1, count), study).AlreadyComplete);
        Assert.True(Merge(study).AlreadyComplete);
        Assert.True(small.Run("run", study).AlreadyComplete);

        static string Facts(Manifest manifest) =>
            System.Text.Json.JsonSerializer.Serialize(manifest with { Sessions = [] }, RecordFile.Options);
    }

    [Fact]
    public void Shards_of_a_run_with_a_ceiling_merge_and_other_weights_of_it_are_refused()
    {
        string twin = small.Of("twin.safetensors");
        File.Copy(small.WeightsPath, twin);
        string[] study = [.. Study, $"ceiling='{twin}'"];
        small.Run("whole", study);
        Compute(new Shard(1, 2), study);
        Compute(new Shard(2, 2), study);
        Change(2, manifest => manifest with { WeightParts = [new FileRecord("twin.safetensors", "0")] });
        Assert.Contains("shard 2/2 has other weights", Refused(study), StringComparison.Ordinal);
        Change(2, manifest => manifest with { WeightParts = small.Plan(study).WeightParts });
        Merge(study);
        Assert.Equal(Contents("whole"), Contents("run"));
    }

    [Fact]
    public void A_merge_names_the_shards_that_are_not_finished_and_writes_nothing()
    {
        Compute(new Shard(2, 3), Study);
        var error = Assert.Throws<UnfinishedShardsException>(() => Merge(Study));
        Assert.Equal("2 shards are not finished: 1/3, 3/3", error.Message);
        Assert.All(error.Shards, one => Assert.Equal(ShardState.Missing, one.State));
        Assert.False(File.Exists(small.Of("run", "scores.csv")));
    }

    [Fact]
    public void A_merge_refuses_what_does_not_belong_to_the_run()
    {
        Compute(new Shard(1, 2), Study);
        Compute(new Shard(2, 2), Study);
        Change(1, manifest => manifest with { Weights = manifest.Weights with { Sha256 = "0" } });
        Change(2, manifest => manifest with { Version = "0.0.9", Commit = null });
        Assert.Equal(
            $"The shards in {small.Of("run", "shards")} cannot be merged: shard 1/2 has other weights (narrow.safetensors); shard 2/2 was computed by version 0.0.9, this is {Manifest.ProgramOf(Provenance.Program.Version, Provenance.Program.Commit)}. Compute those again, after deleting their folders.",
            Refused(Study));
        Change(1, manifest => manifest with { Weights = new FileRecord("narrow.safetensors", small.Plan(Study).Trained.Sha256) });
        Change(2, manifest => manifest with
        {
            Version = Provenance.Program.Version,
            Commit = Provenance.Program.Commit,
            Engine = manifest.Engine with { Name = "torch:cuda:0" },
            Images = [manifest.Images[0]],
        });
        Assert.Matches(
            "shard 2/2 was computed by the engine torch:cuda:0, shard 1 by cpu, which round otherwise; shard 2/2 does not know the image n",
            Refused(Study));
        string config = new ShardsFolder(small.Of("run")).Of(new Shard(2, 2)).ConfigPath;
        File.WriteAllText(config, File.ReadAllText(config).Replace("seed: 3", "seed: 4", StringComparison.Ordinal));
        Assert.Contains("shard 2/2 has another configuration (seed: 3, other 4 there)", Refused(Study), StringComparison.Ordinal);
    }

    [Fact]
    public void A_merge_refuses_shards_between_which_an_image_changed()
    {
        foreach (Shard shard in Shard.All(3))
        {
            Compute(shard, Study);
        }

        string folder = new ShardsFolder(small.Of("run")).Of(new Shard(3, 3)).Path;
        Manifest third = Manifest.Read(folder)!;
        Assert.Equal(SmallRun.Images[2], third.Images[0].Name);
        (third with { Images = [third.Images[0] with { Sha256 = "other" }, third.Images[1]] }).Write(folder);
        Assert.Contains(
            $"cannot be merged: shard 3/3 saw another image {SmallRun.Images[2]} than shard 2/3. ", Refused(Study), StringComparison.Ordinal);
    }

    [Fact]
    public void A_merge_refuses_scores_that_are_not_whole_or_another_shards()
    {
        Compute(new Shard(1, 2), Study);
        Compute(new Shard(2, 2), Study);
        string scores = new ShardsFolder(small.Of("run")).Of(new Shard(1, 2)).ScoresPath;
        byte[] whole = File.ReadAllBytes(scores);
        File.WriteAllBytes(scores, whole[..^10]);
        Assert.Matches(@"^Shard 1/2 is not whole: .* ends before .*, draw 2\. Its own command scores what is missing\.$", Refused(Study));
        Assert.Equal(1, Compute(new Shard(1, 2), Study).Scored);
        Assert.Equal(whole, File.ReadAllBytes(scores));
        File.Copy(new ShardsFolder(small.Of("run")).Of(new Shard(2, 2)).ScoresPath, scores, overwrite: true);
        Assert.Contains("Shard 1/2 belongs to another run, or its images changed", Refused(Study), StringComparison.Ordinal);
    }

    [Fact]
    public void A_shard_that_is_asked_to_stops_after_its_batch_and_goes_on()
    {
        using var stop = new CancellationTokenSource();
        string[] study = [.. Study, "images.batch=1"];
        Assert.Throws<OperationCanceledException>(() => Compute(new Shard(1, 2), study, stop, stop.Cancel));
        ShardStatus status = ShardStatus.Of(new ShardsFolder(small.Of("run")), new DealRecord(2, 4, 2))[0];
        Assert.Equal((ShardState.Stopped, 1, 4, "was asked to stop"), (status.State, status.Finished, status.Units, status.Note));
        Assert.Equal(3, Compute(new Shard(1, 2), study).Scored);
    }

    [Fact]
    public void A_run_is_divided_or_whole_and_shards_are_one_configurations()
    {
        Compute(new Shard(1, 2), Study);
        Assert.Contains("is dealt out to 2 shards", Assert.Throws<InputException>(() => Compute(new Shard(1, 3), Study)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "holds a run with another configuration (seed: 4, other 3 there)",
            Assert.Throws<InputException>(() => Compute(new Shard(2, 2), [.. Study, "seed=4"])).Message, StringComparison.Ordinal);
        Assert.Contains("9 shards are too many for 8 units", Assert.Throws<InputException>(() => Compute(new Shard(1, 9), Study)).Message, StringComparison.Ordinal);
        Directory.Delete(small.Of("run"), recursive: true);
        small.Run("run", Study);
        Assert.Contains("was begun as a whole", Assert.Throws<InputException>(() => Compute(new Shard(1, 2), Study)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shard_that_another_version_began_is_refused()
    {
        Compute(new Shard(1, 2), Study);
        Change(1, manifest => manifest with { Version = "0.0.9" });
        Assert.Contains("was begun by version 0.0.9", Assert.Throws<InputException>(() => Compute(new Shard(1, 2), Study)).Message, StringComparison.Ordinal);
        Assert.Equal(ShardPhase.Failed, ShardRecord.Read(small.Of("run", "shards", "0001-of-0002"))!.Phase);
    }

    private sealed class Told(Action tell) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => tell();
    }
}
