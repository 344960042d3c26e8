using System.Text.Json;
using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Tests.Networks;
using SanityChecks.Training;

namespace SanityChecks.Tests.Training;

/// <summary>A narrow VGG16 with batch normalisation in training, against PyTorch's numbers in small_networks.json; and without it
/// afterwards.</summary>
public class BatchNormTrainingTests
{
    private const int Side = 64, WeightStride = 23, Target = 3;

    private static readonly JsonElement Reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(
        SharedFolder.RepositoryRoot, "tests", "SanityChecks.Tests", "Networks", "small_networks.json"))).RootElement.GetProperty(
            "vgg16_bn")[0].GetProperty("training");

    private readonly Network network;
    private readonly Weights weights;

    public BatchNormTrainingTests() => (network, weights) = SmallNetworks.Narrow("vgg16_bn");

    [Fact]
    public void Logits_gradients_and_running_statistics_equal_pytorch()
    {
        using IEngine engine = Engines.Create("cpu");
        var graph = new TrainingGraph(network, network.WeightLayers);
        using HostTensor images = SmallNetworks.Images(1000 + Side, 2, Side, Side);
        using ForwardPass pass = ForwardPass.Run(engine, graph.Network, weights, images);
        AssertClose("logits", SmallNetworks.Download(engine, pass.Logits));
        float[] first =
            [.. SmallNetworks.OneHot(network.Classes, Target, Target).Values.ToArray()
                .Select((value, i) => i < network.Classes ? value : 0)];
        using Tensor seed = engine.Upload(pass.Logits.Shape, first);
        IReadOnlyDictionary<string, Tensor> gradients = BackwardPass.ParameterGradients(pass, seed, graph.Layers);
        AssertClose(
            "gradients",
            [.. network.Tensors.Where(tensor => gradients.ContainsKey(tensor.Name))
                .SelectMany(tensor => SmallNetworks.Download(engine, gradients[tensor.Name]))
            .Where((_, i) => i % WeightStride == 0)]);
        Weights followed = graph.Follow(weights, pass);
        AssertClose(
            "running",
            [.. network.Tensors.Where(tensor => tensor.Name.Contains("running", StringComparison.Ordinal))
                .SelectMany(tensor => followed[tensor.Name].Values.ToArray())]);
        Assert.Same(weights["features.0.weight"], followed["features.0.weight"]);
    }

    [Fact]
    public void A_normalisation_that_is_not_trained_keeps_its_statistics()
    {
        using IEngine engine = Engines.Create("cpu");
        var graph = new TrainingGraph(network, [network.Find("fc8")]);
        using HostTensor images = SmallNetworks.Images(5, 2, Side, Side);
        using ForwardPass training = ForwardPass.Run(engine, graph.Network, weights, images),
            plain = ForwardPass.Run(engine, network, weights, images);
        Assert.Equal(SmallNetworks.Download(engine, plain.Logits), SmallNetworks.Download(engine, training.Logits));
        Assert.Same(weights, graph.Follow(weights, training));
    }

    [Fact]
    public void Folded_into_the_convolutions_the_logits_stay()
    {
        using IEngine engine = Engines.Create("cpu");
        (Network folded, Weights without) = MergedNetwork.AsArchitecture(network, weights);
        Assert.Equal("vgg16", folded.Architecture);
        Assert.Equal(
            folded.Tensors.Select(tensor => (tensor.Name, tensor.Shape)), without.Select(tensor => (tensor.Key, tensor.Value.Shape)));
        using HostTensor images = SmallNetworks.Images(5, 2, Side, Side);
        using ForwardPass before = ForwardPass.Run(engine, network, weights, images),
            after = ForwardPass.Run(engine, folded, without, images);
        float[] expected = SmallNetworks.Download(engine, before.Logits), actual = SmallNetworks.Download(engine, after.Logits);
        Assert.True(expected.Max(Math.Abs) > 0.1);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5f * expected.Max(Math.Abs)));
    }

    [Theory]
    [InlineData("vgg16_bn", true)]
    [InlineData("vgg16", false)]
    [InlineData("squeezenet1_1", false)]
    public void Only_what_also_exists_without_normalisation_can_be_folded(string architecture, bool can) =>
        Assert.Equal(can, MergedNetwork.HasArchitecture(architecture));

    private static void AssertClose(string what, float[] actual)
    {
        float[] expected = [.. Reference.GetProperty(what).EnumerateArray().Select(value => value.GetSingle())];
        Assert.Equal(expected.Length, actual.Length);
        float largest = expected.Max(Math.Abs), difference = expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max();
        Assert.True(
            largest > 0 && difference <= 5e-5f * largest, $"{what}: largest difference {difference:E2}, largest magnitude {largest:E2}");
    }
}
