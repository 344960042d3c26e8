using SanityChecks.Compute;
using SanityChecks.Compute.Cpu;
using SanityChecks.Experiments.Execution;
using SanityChecks.Images;
using SanityChecks.Networks;
using SanityChecks.RunFiles.Statistics;
using SanityChecks.RunFiles;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Tests.Experiments.Execution;

/// <summary>Whole runs, and what stands in <c>scores.csv</c> afterwards.</summary>
public sealed class ExperimentRunTests(ExperimentRunTests.Cascade cascade) : IClassFixture<ExperimentRunTests.Cascade>
{
    private static readonly string[] Layers = ["", "fc8", "conv5_3", "conv2_1"];

    private static readonly string[] TwoMethods = ["methods=[grad_cam,guided_grad_cam]"];

    private static readonly string[] AllReferences = [.. TwoMethods, "references=[original,other_image,shuffled,random]"];

    private static readonly string[] Pairs = ["grad_cam spearman", "grad_cam ssim", "guided_grad_cam spearman", "guided_grad_cam ssim"];

    private readonly SmallRun small = cascade.Small;

    /// <summary>One cascade for all of these tests.</summary>
    public sealed class Cascade : IDisposable
    {
        public Cascade()
        {
            Result = Small.Run("cascade");
            Small.Run("two methods", TwoMethods);
            Small.Run("all references", AllReferences);
        }

        internal SmallRun Small { get; } = new();

        public RunResult Result { get; }

        public void Dispose() => Small.Dispose();
    }

    private IReadOnlyList<ScoreRow> Rows(params string[] overrides)
    {
        string name = "run" + Guid.NewGuid().ToString("N");
        small.Run(name, overrides);
        return small.Scores(name);
    }

    private static Dictionary<(string, int, string, string), double?> Values(IEnumerable<ScoreRow> rows) =>
        rows.ToDictionary(row => (row.Image, row.Step, row.Method, row.Metric), row => row.Value);

    /// <summary>The largest logit of each image, for a network with these weights.</summary>
    private static int[] Predictions(Plan plan, Weights weights) =>
        [.. Logits(plan, weights).Select(image => TargetRule.LargestLogit(image)!.Value)];

    private static float[][] Logits(Plan plan, Weights weights)
    {
        using var engine = new CpuEngine(1);
        using Tensor input = Preprocessing.ImageNet.ToTensor(
            [.. plan.Selection.Images.Select(image => Preprocessing.ImageNet.Fit(image.Load()))], engine);
        using ForwardPass pass = ForwardPass.Run(engine, plan.Trained.Network, weights, input);
        float[] logits = new float[pass.Logits.Shape.Count];
        engine.Download(pass.Logits, logits);
        return [.. logits.Chunk(plan.Trained.Network.Classes)];
    }

    [Fact]
    public void There_is_a_row_for_each_image_step_method_and_metric_in_this_order()
    {
        IEnumerable<string> expected = SmallRun.Images.SelectMany((image, i) => Layers.SelectMany((layer, step) => Pairs.Select(pair =>
            $"{image} {(i < 2 ? 0 : i - 1)} cascading {step} {layer} {(step == 0 ? 0 : 1)} {pair} input")));
        Assert.Equal(expected, small.Scores("two methods").Select(row =>
            $"{row.Image} {row.Label} {row.Randomization} {row.Step} {row.Layer} {row.Draw} {row.Method} {row.Metric} {row.Resolution}"));

        // Beside them two measures of each map, two of the network's answers, and the scales of 16 layers.
        int all = Layers.Length * (Pairs.Length + (2 * 2) + 2 + 16);
        Assert.Equal(all, small.Plan(TwoMethods).RowsOf(new Unit(SmallRun.Images[0], 1)));
        Assert.Equal(all * SmallRun.Images.Length, small.AllScores("two methods").Count);
        Assert.Equal((false, SmallRun.Images.Length), (cascade.Result.AlreadyComplete, cascade.Result.Scored));
    }

    [Fact]
    public void The_untouched_network_scores_exactly_1_and_every_other_less()
    {
        IReadOnlyList<ScoreRow> rows = [.. small.Scores("two methods"), .. Rows("metrics=[spearman_abs,hog]", "images.count=1")];
        Assert.All(rows, row => Assert.Equal("ok", row.Status));
        Assert.All(rows.Where(row => row.Step == 0), row => Assert.Equal(1.0, row.Value));
        Assert.All(rows.Where(row => row.Step > 0), row => Assert.InRange(row.Value!.Value, -1, 0.999));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 5)]
    [InlineData(5, 2)]
    public void Scores_are_the_same_bytes_for_any_batch_and_any_number_of_threads(int batch, int threads)
    {
        string name = $"batch{batch}-threads{threads}";
        small.Run(name, new CpuEngine(threads), null, CancellationToken.None, [$"images.batch={batch}", .. AllReferences]);
        Assert.Equal(small.ScoreBytes("all references"), small.ScoreBytes(name));
    }

    [Fact]
    public void The_first_step_is_the_same_in_a_cascade_and_alone_and_later_ones_are_not()
    {
        IReadOnlyList<ScoreRow> alone = Rows("experiment=independent_randomization");
        Assert.All(alone, row => Assert.Equal("independent", row.Randomization));
        Dictionary<(string, int, string, string), double?> one = Values(small.Scores("cascade")), other = Values(alone);
        Assert.Equal(one.Keys, other.Keys);
        Assert.All(one.Keys, key => Assert.Equal(key.Item2 <= 1, one[key] == other[key]));
    }

    [Fact]
    public void A_shuffled_reference_has_rows_of_its_own_and_changes_no_other()
    {
        IReadOnlyList<ScoreRow> rows = Rows("references=[original,shuffled]");
        Assert.Equal(small.Scores("cascade"), rows.Where(row => row.Reference == ScoreRow.Original));
        ScoreRow[] shuffled = [.. rows.Where(row => row.Reference == "shuffled")];
        Assert.Equal(rows.Count, 2 * shuffled.Length);

        // Some 50000 pixels in random order: a rank correlation has the standard deviation 1 / sqrt(50000) = .0045, of blocks of equal
        // values more.
        Assert.All(shuffled.Where(row => row.Metric == "spearman"), row => Assert.InRange(row.Value!.Value, -0.03, 0.03));
        Assert.Equal(shuffled.Length / 2, shuffled.Where(row => row.Metric == "spearman").Select(row => row.Value).Distinct().Count());
        Assert.Equal(shuffled, Rows("references=[shuffled,original]", "images.batch=1").Where(row => row.Reference == "shuffled"));
    }

    /// <summary>The next image's original stands for an unrelated map, at step 0 as at every other; the last image's is the
    /// first's.</summary>
    [Fact]
    public void The_other_image_is_the_next_one_and_the_first_behind_the_last()
    {
        small.Run("npy", "output={maps: npy, maps_for_images: 4}", "references=[original,other_image]", "metrics=[spearman]");
        string[] folders = ["n01440764-a", "n01440764-b, c", "n01443537-=d", "n01484850-e"];
        Assert.All(small.Scores("npy").Where(row => row.Reference == ScoreRow.OtherImage), row =>
        {
            int image = Array.IndexOf(SmallRun.Images, row.Image);
            MapFeatures other = Map(folders[(image + 1) % folders.Length], "00-original");
            string step = row.Step == 0 ? "00-original" : $"0{row.Step}-{row.Layer}";
            Assert.Equal(Spearman.Signed.Score(other, Map(folders[image], step)).Value, row.Value);
        });

        MapFeatures Map(string image, string step)
        {
            (Shape shape, float[] values) = NpyFile.Read(small.Of("npy", "maps", image, "grad_cam", step + ".npy"));
            return new MapFeatures(new SaliencyMap(shape, values));
        }
    }

    [Fact]
    public void A_run_of_one_image_has_no_other()
    {
        IReadOnlyList<ScoreRow> rows = Rows("references=[original,other_image]", "images.count=1");
        Assert.All(
            rows.Where(row => row.Reference == ScoreRow.OtherImage),
            row => Assert.Equal((null, ScoreStatus.NoOtherImage), (row.Value, row.Status)));
        Assert.Equal(
            small.Scores("cascade").Where(row => row.Image == rows[0].Image), rows.Where(row => row.Reference == ScoreRow.Original));
    }

    /// <summary>The logit of the explained class, of the step's network and of the trained one.</summary>
    [Fact]
    public void Rows_have_the_logits_of_the_explained_class()
    {
        Plan plan = small.Plan("target=2");
        IReadOnlyList<ScoreRow> rows = Rows("target=2");
        float[][][] logits =
            [Logits(plan, plan.Trained.Weights), .. plan.Steps.Select(step => Logits(plan, step.Weights(plan.Randomizer(), 0)))];
        Assert.All(rows, row =>
        {
            int image = Array.IndexOf(SmallRun.Images, row.Image);
            Assert.Equal((logits[row.Step][image][2], logits[0][image][2]), (row.Logit, row.OriginalLogit));
        });
        Assert.Contains(rows, row => row.Sign < 0);
        Assert.Contains(rows, row => row is { Step: > 0, Sign: > 0 });
    }

    [Fact]
    public void Each_draw_has_its_rows_and_the_first_does_not_depend_on_how_many_there_are()
    {
        IReadOnlyList<ScoreRow> rows = Rows("randomization.draws=2", "images.count=2");
        Assert.Equal([.. Enumerable.Repeat(1, 2 * 8), .. Enumerable.Repeat(2, 2 * 6)], rows.Select(row => Math.Max(1, row.Draw)));
        Assert.Equal(
            ["0 0", "1 1", "2 1", "3 1", "1 2", "2 2", "3 2"],
            rows.Where(row => row.Metric == "ssim" && row.Image == rows[0].Image).Select(row => $"{row.Step} {row.Draw}"));
        Dictionary<(string, int, string, string), double?> single = Values(small.Scores("cascade"));
        Assert.All(rows, row => Assert.Equal(row.Draw <= 1, single[(row.Image, row.Step, row.Method, row.Metric)] == row.Value));
    }

    [Fact]
    public void Another_seed_gives_other_scores_but_for_the_untouched_network()
    {
        Dictionary<(string, int, string, string), double?> one = Values(small.Scores("cascade")), other = Values(Rows("seed=4"));
        Assert.All(one.Keys, key => Assert.Equal(key.Item2 == 0, one[key] == other[key]));
    }

    [Fact]
    public void The_predicted_class_is_kept_for_every_step()
    {
        Plan plan = small.Plan();
        int[] predicted = Predictions(plan, plan.Trained.Weights);
        Assert.All(small.Scores("cascade"), row => Assert.Equal(predicted[Array.IndexOf(SmallRun.Images, row.Image)], row.Target));
    }

    [Fact]
    public void A_repredicted_class_is_that_of_each_network()
    {
        Plan plan = small.Plan("target=repredicted");
        int[][] predicted =
            [Predictions(plan, plan.Trained.Weights), .. plan.Steps.Select(step => Predictions(plan, step.Weights(plan.Randomizer(), 0)))];
        IReadOnlyList<ScoreRow> rows = Rows("target=repredicted");
        Assert.All(rows, row => Assert.Equal(predicted[row.Step][Array.IndexOf(SmallRun.Images, row.Image)], row.Target));
        Assert.NotEqual(predicted[0], predicted[1]);
    }

    [Fact]
    public void A_label_or_one_class_for_all_images_can_be_explained()
    {
        Assert.All(Rows("target=label", "metrics=[spearman]"), row => Assert.Equal(row.Label, row.Target));
        Assert.All(Rows("target=7", "metrics=[spearman]"), row => Assert.Equal(7, row.Target));
    }

    [Fact]
    public void A_map_that_died_has_no_value_and_is_counted()
    {
        using var dead = new SmallRun(dead: true);
        RunResult result = dead.Run(
            "dead", "experiment=independent_randomization", "metrics=[spearman,spearman_abs,ssim,hog]", "images.count=2");
        Assert.All(dead.Scores("dead"), row => Assert.Equal((null, "constant_both"), (row.Value, row.Status)));
        Assert.All(
            result.Statistics.Summary.Where(row => row.Method == "grad_cam" && row.Reference == ScoreRow.Original),
            row => Assert.Equal((0, 2, null), (row.N, row.Undefined, row.Mean)));
        Assert.Equal(
            [.. Enumerable.Repeat(2.0, Layers.Length)],
            result.Statistics.Health.Where(row => row.Measure == Health.DeadMaps).Select(row => row.Value!.Value));
        Assert.Equal(Outcome.TooFew, Assert.Single(result.Statistics.Verdict.Methods).Outcome);
        Assert.Contains(
            "\r\nindependent,1,fc8,grad_cam,ssim,input,original,0,2,,,,,,0,,,,,,,,\r\n", File.ReadAllText(dead.Of("dead", "summary.csv")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_summary_is_that_of_the_scores()
    {
        IReadOnlyList<SummaryRow> summary = Summary.Of(small.AllScores("cascade"));
        Assert.Equal(SummaryFile.Text(summary), File.ReadAllText(small.Of("cascade", "summary.csv")));
        Assert.Equal(summary, cascade.Result.Statistics.Summary);
        Assert.Equal(Layers.Length * (2 + 2 + 2 + 16), summary.Count);
        Assert.All(summary, row => Assert.Equal((4, 0), (row.N, row.Undefined)));
    }
}
