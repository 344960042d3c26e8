using SanityChecks.Compute;
using SanityChecks.Compute.Cpu;
using SanityChecks.Experiments.Execution;
using SanityChecks.Images;
using SanityChecks.Networks;
using SanityChecks.RunFiles.Statistics;
using SanityChecks.RunFiles;
using SanityChecks.Saliency.Attribution;

namespace SanityChecks.Tests.Experiments.Execution;

/// <summary>Whole runs, and what stands in <c>scores.csv</c> afterwards.</summary>
public sealed class ExperimentRunTests(ExperimentRunTests.Cascade cascade) : IClassFixture<ExperimentRunTests.Cascade>
{
    private static readonly string[] Layers = ["", "fc8", "conv5_3", "conv2_1"];

    private static readonly string[] TwoMethods = ["methods=[grad_cam,guided_grad_cam]"];

    private static readonly string[] Pairs = ["grad_cam spearman", "grad_cam ssim", "guided_grad_cam spearman", "guided_grad_cam ssim"];

    private readonly SmallRun small = cascade.Small;

    /// <summary>One cascade for all of these tests.</summary>
    public sealed class Cascade : IDisposable
    {
        public Cascade()
        {
            Result = Small.Run("cascade");
            Small.Run("two methods", TwoMethods);
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
    private static int[] Predictions(Plan plan, Weights weights)
    {
        using var engine = new CpuEngine(1);
        using Tensor input = Preprocessing.ImageNet.ToTensor(
            [.. plan.Selection.Images.Select(image => Preprocessing.ImageNet.Fit(image.Load()))], engine);
        using ForwardPass pass = ForwardPass.Run(engine, plan.Trained.Network, weights, input);
        float[] logits = new float[pass.Logits.Shape.Count];
        engine.Download(pass.Logits, logits);
        return [.. logits.Chunk(plan.Trained.Network.Classes).Select(image => TargetRule.LargestLogit(image)!.Value)];
    }

    [Fact]
    public void There_is_a_row_for_each_image_step_method_and_metric_in_this_order()
    {
        IEnumerable<string> expected = SmallRun.Images.SelectMany((image, i) => Layers.SelectMany((layer, step) => Pairs.Select(pair =>
            $"{image} {(i < 2 ? 0 : i - 1)} cascading {step} {layer} {(step == 0 ? 0 : 1)} {pair} input")));
        Assert.Equal(expected, small.Scores("two methods").Select(row =>
            $"{row.Image} {row.Label} {row.Randomization} {row.Step} {row.Layer} {row.Draw} {row.Method} {row.Metric} {row.Resolution}"));
        Assert.Equal(Layers.Length * Pairs.Length, small.Plan(TwoMethods).RowsOf(new Unit(SmallRun.Images[0], 1)));
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
        small.Run(name, new CpuEngine(threads), null, CancellationToken.None, [$"images.batch={batch}", .. TwoMethods]);
        Assert.Equal(small.ScoreBytes("two methods"), small.ScoreBytes(name));
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
        Assert.All(result.Summary, row => Assert.Equal((0, 2, null), (row.N, row.Undefined, row.Mean)));
        Assert.Contains(
            "\r\nindependent,1,fc8,grad_cam,ssim,input,original,0,2,,,,,\r\n", File.ReadAllText(dead.Of("dead", "summary.csv")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_summary_is_that_of_the_scores()
    {
        IReadOnlyList<SummaryRow> summary = Summary.Of(small.Scores("cascade"));
        Assert.Equal(SummaryFile.Text(summary), File.ReadAllText(small.Of("cascade", "summary.csv")));
        Assert.Equal(summary, cascade.Result.Summary);
        Assert.Equal(Layers.Length * 2, summary.Count);
        Assert.All(summary, row => Assert.Equal((4, 0), (row.N, row.Undefined)));
    }
}
