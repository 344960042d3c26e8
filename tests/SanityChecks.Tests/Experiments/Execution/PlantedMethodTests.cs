using SanityChecks.Compute;
using SanityChecks.Experiments.Execution;
using SanityChecks.Networks.WeightFiles;
using SanityChecks.RunFiles;
using SanityChecks.RunFiles.Statistics;
using SanityChecks.Saliency.Attribution;

namespace SanityChecks.Tests.Experiments.Execution;

/// <summary>Methods whose fault is known go through a whole run, and the verdict names each for what it is; one without fault is not
/// blamed.</summary>
public sealed class PlantedMethodTests(PlantedMethodTests.Study study) : IClassFixture<PlantedMethodTests.Study>
{
    /// <summary>The bundled network, eight images, three draws of five steps, down to a network of which nothing trained is left.</summary>
    public sealed class Study : IDisposable
    {
        private readonly SmallRun small = new();

        public Study()
        {
            Plan plan = small.Plan(
                $"model.weights='{BundledWeights.Find("vgg16", "shapes")}'", "images.source=shapes", "images.count=8",
                "preprocessing=squash", "metrics=[spearman,spearman_abs]",
                "randomization.draws=3", "randomization.layers=[fc8,conv5,conv4,conv3,conv2,conv1]",
                "randomization.initializer=pytorch_default", "methods=[gradient,sobel,random_map,input]",
                "references=[original,other_image]");
            Plan = plan with
            {
                Methods =
                [
                    .. plan.Methods, new Planted("weights_noise", WeightsNoise),
                    new Planted("turned", explanation => Turned(explanation, Coin)),
                    new Planted("follows_logit", explanation => Turned(explanation, LogitSign)),
                ],
            };
            small.Run("planted", Plan);
            Folder = new RunFolder(small.Of("planted"));
        }

        public RunFolder Folder { get; }

        internal Plan Plan { get; }

        public void Dispose() => small.Dispose();
    }

    private Outcome OutcomeOf(string method) => VerdictRecord.Read(study.Folder.Path)!.Methods.Single(one => one.Method == method).Outcome;

    [Theory]
    [InlineData("gradient", Outcome.Changes)]
    [InlineData("sobel", Outcome.IgnoresWeights)]
    [InlineData("input", Outcome.IgnoresWeights)]
    [InlineData("random_map", Outcome.Noise)]
    [InlineData("weights_noise", Outcome.IgnoresImage)]
    [InlineData("turned", Outcome.IgnoresWeightsUpToSign)]
    [InlineData("follows_logit", Outcome.IgnoresWeightsUpToSign)]
    public void The_verdict_names_each_for_what_it_is(string method, Outcome outcome) => Assert.Equal(outcome, OutcomeOf(method));

    /// <summary>The mean of a map that follows the logit's sign is near 0; times that sign it is the original.</summary>
    [Fact]
    public void A_map_that_follows_the_logit_is_the_original_once_its_sign_is_taken_off()
    {
        MetricVerdict[] metrics = [.. VerdictRecord.Read(study.Folder.Path)!.Methods
            .Single(one => one.Method == "follows_logit").Metrics.Where(one => one.Metric == "spearman")];
        Assert.Equal(1, Assert.Single(metrics).Aligned.Mean!.Value, 1e-12);
        Assert.InRange(metrics[0].Original.Mean!.Value, -0.9, 0.9);
    }

    /// <summary>Nobody has to believe the verdict: it is made of three tables, and their numbers are all that it has.</summary>
    [Fact]
    public void The_verdict_follows_from_the_tables_alone()
    {
        VerdictRecord again = Verdicts.Of(
            SummaryFile.Read(study.Folder.SummaryPath),
            [.. CsvFile.Rows(study.Folder.ContrastsPath, ContrastRow.Columns, ContrastRow.Parse).Select(one => one.Row)],
            [.. CsvFile.Rows(study.Folder.CurvesPath, CurveRow.Columns, CurveRow.Parse).Select(one => one.Row)],
            study.Folder.ReadExperiment(), study.Folder.ReadMethods().ToDictionary(one => one.Key, one => one.Value.Title));
        byte[] written = File.ReadAllBytes(study.Folder.VerdictPath);
        again.Write(study.Folder.Path);
        Assert.Equal(written, File.ReadAllBytes(study.Folder.VerdictPath));
        Assert.Equal(study.Plan.Methods.Select(method => method.Id), again.Methods.Select(method => method.Method));
    }

    /// <summary>A run of one draw says in every sentence that nothing is known of other draws.</summary>
    [Fact]
    public void One_draw_is_called_one_draw()
    {
        using var small = new SmallRun();
        Assert.All(
            small.Run("one draw").Statistics.Verdict.Methods,
            verdict => Assert.Contains("1 draw: no interval over draws", verdict.Sentence, StringComparison.Ordinal));
    }

    /// <summary>The same map for every image, other numbers for other weights.</summary>
    private static float[] WeightsNoise(Explanation explanation)
    {
        (int height, int width) = explanation.InputSize;
        var stream = new RandomStream(1, 0, explanation.Weights.Fingerprint);
        float[] map = [.. Enumerable.Range(0, height * width).Select(i => (float)stream.Uniform(i) - 0.5f)];
        return [.. Enumerable.Range(0, explanation.Targets.Count).SelectMany(_ => map)];
    }

    /// <summary>The image's edges, with a sign that the network decides.</summary>
    private static float[] Turned(Explanation explanation, Func<Explanation, int, int> sign)
    {
        (int height, int width) = explanation.InputSize;
        float[] edges = new float[explanation.Targets.Count * height * width];
        explanation.Engine.Download(explanation.Map(SobelEdges.Instance), edges);
        int[] signs = [.. Enumerable.Range(0, explanation.Targets.Count).Select(image => sign(explanation, image))];
        return [.. edges.Select((value, i) => (value - 0.1f) * signs[i / (height * width)])];
    }

    private static int Coin(Explanation explanation, int image) =>
        new RandomStream(1, image, explanation.Weights.Fingerprint).Uniform(0) < 0.5 ? -1 : 1;

    private static int LogitSign(Explanation explanation, int image) => explanation.TargetLogits()[image] < 0 ? -1 : 1;

    private sealed class Planted(string name, Func<Explanation, float[]> maps)
        : AttributionMethod(name, name, "planted", MethodFamily.Controls, "planted")
    {
        public override Tensor Compute(Explanation explanation, ConfiguredMethod configured)
        {
            (int height, int width) = explanation.InputSize;
            return explanation.Keep(explanation.Engine.Upload(new Shape(explanation.Targets.Count, 1, height, width), maps(explanation)));
        }
    }
}
