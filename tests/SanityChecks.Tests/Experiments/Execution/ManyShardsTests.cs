using System.Diagnostics;
using System.Text;
using SanityChecks.Experiments;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Experiments.Execution;
using SanityChecks.Networks;
using SanityChecks.Networks.WeightFiles;
using SanityChecks.RunFiles;
using SanityChecks.RunFiles.Shards;
using SanityChecks.RunFiles.Statistics;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.Experiments.Execution;

/// <summary>As many units as ImageNet's validation images in five draws of four networks: planned, dealt out, and merged from rows that no
/// network made.</summary>
public sealed class ManyShardsTests(ITestOutputHelper output)
{
    /// <summary>The slow case is the one whose seconds and memory CONTRIBUTING tells; it runs in a process of its own there.</summary>
    [Theory]
    [InlineData(400, 5, 7)]
    [SlowInlineData(200_000, 5, 1000)]
    public void Synthetic_units_are_planned_dealt_out_and_merged(int images, int draws, int count)
    {
        using var folder = new TemporaryFolder();
        var watch = Stopwatch.StartNew();
        Plan plan = PlanOf(images, draws);
        var shards = new ShardsFolder(folder.Of("run"));
        Directory.CreateDirectory(folder.Of("run"));
        shards.Deal(new DealRecord(count, images, draws));
        ShardScores[] scores =
        [
            .. Shard.All(count).Select(shard => new ShardScores(
                shard, shards.Of(shard).ScoresPath, (plan with { Shard = shard }).Units.Select(one => one.Unit))),
        ];
        Assert.Equal(images * draws, scores.Sum(shard => shard.Units.Count()));
        TimeSpan planned = watch.Elapsed;
        foreach (ShardScores shard in scores)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(shard.Path)!);
            File.WriteAllText(shard.Path, Text(plan, shard.Units));
        }

        TimeSpan written = watch.Elapsed;
        string merged = folder.Of("run", "scores.csv");
        MergedScores.Write(merged, scores, plan.RowsOf);
        TimeSpan done = watch.Elapsed;
        using (var file = new StreamReader(merged))
        {
            Assert.Equal(Encoding.UTF8.GetString(ScoresFile.Header).TrimEnd(), file.ReadLine());
            foreach ((Unit unit, _) in plan.Units)
            {
                foreach (string row in Rows(plan, unit))
                {
                    Assert.Equal(row, file.ReadLine());
                }
            }

            Assert.True(file.EndOfStream);
        }

        long merging = Process.GetCurrentProcess().PeakWorkingSet64;
        watch.Restart();
        IReadOnlyList<ScoreRow> rows = ScoresFile.Read(merged);
        RunStatistics statistics = RunStatistics.Of(
            rows, plan.Experiment.Words, new Dictionary<string, string> { ["grad_cam"] = "Grad-CAM" }, []);
        Assert.Equal(images * draws, Assert.Single(statistics.Summary).N);

        // A test beside others says nothing of their memory: what the process took at most is printed, not asserted.
        output.WriteLine(FormattableString.Invariant(
            $"{images * draws} units, {count} shards, {new FileInfo(merged).Length / 1e6:0} MB: planned and dealt out in {planned.TotalSeconds:0.0} s, rows made in {(written - planned).TotalSeconds:0.0} s, merged in {(done - written).TotalSeconds:0.0} s; {merging / 1e6:0} MB. Statistics of {rows.Count} rows in {watch.Elapsed.TotalSeconds:0.0} s; {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:0} MB"));
    }

    private static Plan PlanOf(int images, int draws)
    {
        ExperimentConfig config = ExperimentConfig.Parse(
            $$"""
            model: { architecture: vgg16, weights: shapes }
            images: { source: shapes, synset: all, count: {{images}} }
            preprocessing: squash
            randomization: { layers: [fc8], draws: {{draws}} }
            methods: [grad_cam]
            metrics: [spearman]
            references: [original]
            """, "many.yaml", [], Catalogue.Vocabulary);
        return Plan.Of(config, Plan.SelectImages(config), TrainedNetwork.Load("vgg16", BundledWeights.Find("vgg16", "shapes")!));
    }

    private static string Text(Plan plan, IEnumerable<Unit> units)
    {
        var text = new StringBuilder(Encoding.UTF8.GetString(ScoresFile.Header));
        foreach (Unit unit in units)
        {
            foreach (string row in Rows(plan, unit))
            {
                text.Append(row).Append(CsvText.NewLine);
            }
        }

        return text.ToString();
    }

    private static IEnumerable<string> Rows(Plan plan, Unit unit) =>
        Enumerable.Range(0, plan.RowsOf(unit)).Select(row => FormattableString.Invariant(
            $"{unit.Image},3,3,{row + 0.25},7.5,cascading,1,fc8,{unit.Draw},grad_cam,spearman,input,original,0.{unit.Image.GetHashCode(StringComparison.Ordinal) & 0xFFFF}1,ok"));
}
