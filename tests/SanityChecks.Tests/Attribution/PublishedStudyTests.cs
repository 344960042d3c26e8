using SanityChecks.Compute;
using SanityChecks.Experiments;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Images;
using SanityChecks.Networks;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Saliency.Randomization;
using SanityChecks.Saliency.Similarity;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.Attribution;

/// <summary>A published study on digits: the LeNet and 50 pictures of MetaQuantus (Hedström et al. 2023), all layers random.</summary>
/// <remarks>The expected means and deviations over pictures were computed with PyTorch 1.13, one draw of the layers.</remarks>
public class PublishedStudyTests(ITestOutputHelper output)
{
    private const int Draws = 10;
    private const double Rounding = 0.0005;

    [Fact]
    public void The_published_network_knows_its_digits()
    {
        (Network network, Weights weights, HostTensor images, int[] labels) = Study();
        using IEngine engine = Engines.Create("cpu");
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
        float[] logits = SmallNetworks.Download(engine, pass.Logits);
        Assert.Equal(
            labels, Enumerable.Range(0, labels.Length).Select(n => (int)TargetRule.LargestLogit(logits[(10 * n)..(10 * (n + 1))])!));
    }

    /// <summary>The table of the model parameter randomization test with all layers random: Input x Gradient and Integrated Gradients look
    /// the same without signs, since the picture is in them; with signs nothing is left.</summary>
    [Theory]
    [InlineData("input_x_gradient", 0.994, -0.013)]
    [InlineData("integrated_gradients", 0.994, -0.017)]
    [InlineData("gradient", 0.346, 0.003)]
    [InlineData("guided_backprop", 0.449, 0.141)]
    public void Random_layers_leave_the_published_similarities(string name, double magnitudes, double signed)
    {
        (Network network, Weights weights, HostTensor images, int[] labels) = Study();
        using IEngine engine = Engines.Create("cpu");
        AttributionMethod method = AttributionMethods.All.Single(one => one.Name == name);
        ConfiguredMethod configured = name == "integrated_gradients"
            ? ConfiguredMethod.Of(method, new Dictionary<string, IReadOnlyList<string>> { ["steps"] = ["20"] })
            : method;
        SaliencyMap[] original = Maps(weights);
        var randomizer = new Randomizer(weights, Initializers.Find("pytorch_default"), seed: 1);
        SaliencyMap[][] random =
            [.. Enumerable.Range(0, Draws).Select(draw => Maps(randomizer.Randomize(network.WeightLayers, draw)))];
        AssertOneOfThese(Spearman.Absolute, magnitudes);
        AssertOneOfThese(Spearman.Signed, signed);

        // The published network is another draw: it lies where ours do.
        void AssertOneOfThese(Metric metric, double published)
        {
            double[] means = [.. random.Select(maps => original.Zip(
                maps, (a, b) => metric.Score(new MapFeatures(a), new MapFeatures(b)).Value!.Value).Average())];
            double mean = means.Average(), deviation = Math.Sqrt(means.Sum(value => (value - mean) * (value - mean)) / (Draws - 1));
            Assert.True(
                Math.Abs(published - mean) <= (3 * deviation) + Rounding,
                $"{metric}: {published}, ours {mean:F4} with deviation {deviation:F4}");
        }

        SaliencyMap[] Maps(Weights used)
        {
            using ForwardPass pass = ForwardPass.Run(engine, network, used, images);
            var black = new RgbImage(1, 1, [0, 0, 0]);
            var space = new InputSpace(
                1, [.. labels.Select((_, n) => $"{n}")], [.. labels.Select(_ => black)], Normalization.Standard([0, 0, 0], [1, 1, 1]));
            using var explanation = new Explanation(pass, labels, network.Explained, [configured], space);
            return explanation.Download(configured);
        }
    }

    /// <summary>The same table as protocol <c>quantus_revisited</c> has it: SSIM of the maps as vectors, and the rise of entropy (efficient
    /// MPRT). The numbers were computed with Quantus' functions and PyTorch 1.13 on one draw; it also takes Grad-CAM before its
    /// ReLU.</summary>
    [Theory]
    [InlineData("input_x_gradient", 0.766, 0.070, 0.0167, 0.0436)]
    [InlineData("integrated_gradients", 0.768, 0.069, 0.0051, 0.0520)]
    [InlineData("grad_cam", 0.040, 0.083, 0.0211, 0.0398)]
    [InlineData("gradient", double.NaN, 0, 0.1984, 0.0957)]
    public void Random_layers_give_the_table_of_smooth_and_efficient_MPRT(
        string name, double ssim, double ssimDeviation, double rise, double riseDeviation)
    {
        ExperimentConfig config = ExperimentConfig.Parse(
            $"protocol: quantus_revisited\nmethods: [{{name: {name}{(name == "integrated_gradients" ? ", steps: 20" : name == "grad_cam" ? ", relu: false" : "")}}}]",
            "study.yaml", [], Catalogue.Vocabulary);
        double[][] scores = Scores(config);
        Assert.Equal(["ssim", "entropy_rise"], config.Metrics.Select(metric => metric.Id));
        AssertPublished(0, ssim, ssimDeviation);
        AssertPublished(1, rise, riseDeviation);

        // Means of 50 pictures; draws of the layers differ, too, and the published network is one of them.
        void AssertPublished(int metric, double published, double deviation)
        {
            double[] means = [.. scores.Select(draw => draw.Where((_, i) => i % 2 == metric).Average())];
            double mean = means.Average(), between = Math.Sqrt(means.Sum(value => (value - mean) * (value - mean)) / (Draws - 1));
            double error = Math.Sqrt((between * between) + (deviation * deviation / 50));
            output.WriteLine(FormattableString.Invariant($"{name} {config.Metrics[metric]}: {published}, ours {mean:F4}, deviation of draws {between:F4}, standard error {error:F4}"));
            Assert.True(
                double.IsNaN(published) || Math.Abs(published - mean) <= 2 * error,
                $"{published}, ours {mean:F4} with standard error {error:F4}");
        }
    }

    /// <summary>Of each draw the scores of each picture, metric by metric.</summary>
    private static double[][] Scores(ExperimentConfig config)
    {
        (Network network, Weights weights, HostTensor images, int[] labels) = Study();
        using IEngine engine = Engines.Create("cpu");
        SaliencyMap[] original = Maps(weights);
        var randomizer = new Randomizer(weights, Initializers.Find(config.Randomization.Initializer), seed: 1);
        return [.. Enumerable.Range(0, Draws).Select(draw => original
            .Zip(Maps(randomizer.Randomize(network.WeightLayers, draw)))
            .SelectMany(pair =>
            {
                using MapFeatures a = Features(pair.First), b = Features(pair.Second);
                return (double[])[.. config.Metrics.Select(metric => metric.Score(a, b).Value!.Value)];
            }).ToArray())];

        MapFeatures Features(SaliencyMap map) => new(config.Maps.Reduction.Of(map));

        SaliencyMap[] Maps(Weights used)
        {
            Layer layer = config.Methods[0].Method == GradCam.Instance ? network.Find("conv2") : network.Explained;
            using ForwardPass pass = ForwardPass.Run(engine, network, used, images, layer);
            var black = new RgbImage(1, 1, [0, 0, 0]);
            var space = new InputSpace(
                1, [.. labels.Select((_, n) => $"{n}")], [.. labels.Select(_ => black)], Normalization.Standard([0, 0, 0], [1, 1, 1]));
            using var explanation = new Explanation(pass, labels, layer, config.Methods, space);
            return explanation.Download(explanation.NativeMap(config.Methods[0]));
        }
    }

    private static (Network Network, Weights Weights, HostTensor Images, int[] Labels) Study()
    {
        TrainedNetwork trained = TrainedNetwork.Load("lenet", SharedFolder.PathOrSkip("data/metaquantus/mnist_lenet.pth"));
        (Shape shape, float[] values) = NpyFile.Read(SharedFolder.PathOrSkip("data/metaquantus/images.npy"));
        (_, double[] labels, _) = NpyFile.ReadDoubles(SharedFolder.PathOrSkip("data/metaquantus/labels.npy"));
        return (trained.Network, trained.Weights, new HostTensor(shape, values), Array.ConvertAll(labels, label => (int)label));
    }
}
