using SanityChecks.Compute;
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
public class PublishedStudyTests
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

    private static (Network Network, Weights Weights, HostTensor Images, int[] Labels) Study()
    {
        TrainedNetwork trained = TrainedNetwork.Load("lenet", SharedFolder.PathOrSkip("data/metaquantus/mnist_lenet.pth"));
        (Shape shape, float[] values) = NpyFile.Read(SharedFolder.PathOrSkip("data/metaquantus/images.npy"));
        (_, double[] labels, _) = NpyFile.ReadDoubles(SharedFolder.PathOrSkip("data/metaquantus/labels.npy"));
        return (trained.Network, trained.Weights, new HostTensor(shape, values), Array.ConvertAll(labels, label => (int)label));
    }
}
