using System.Text.Json;
using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.Attribution;

/// <summary>FullGrad against its authors' code on narrow networks (make_paths.py), and its parts against the logit.</summary>
public class FullGradTests
{
    private const int Size = 64, MapStride = 31;

    private static readonly int[] Targets = [3, 1];

    private static readonly JsonElement Reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(
        SharedFolder.RepositoryRoot, "tests", "SanityChecks.Tests", "Attribution", "paths.json"))).RootElement;

    public static TheoryData<string, string> Cases =>
        [.. new[] { "vgg16", "vgg16_bn", "squeezenet1_1" }
            .SelectMany(_ => new[] { "cpu", "reference" }, (network, engine) => (network, engine))];

    [Theory, MemberData(nameof(Cases))]
    public void A_map_is_that_of_the_authors(string network, string engine)
    {
        double[] expected =
            [.. Reference.GetProperty(network).GetProperty("maps").GetProperty("full_grad").EnumerateArray()
                .Select(value => value.GetDouble())];
        float[] values = [.. Compute(engine, network, SmallNetworks.Images(11, 2, Size, Size)).Where((_, i) => i % MapStride == 0)];
        Assert.Equal(expected.Length, values.Length);
        Assert.All(expected.Zip(values), pair => Assert.Equal(pair.First, pair.Second, 5e-6 * expected.Max()));
    }

    /// <summary>A network of convolutions, ReLUs and maxima is affine around an image: the completeness of full gradients.</summary>
    [Theory, MemberData(nameof(Cases))]
    public void The_image_and_all_biases_times_their_gradients_add_up_to_the_logit(string name, string engineName)
    {
        (Network network, Weights weights) = SmallNetworks.Narrow(name);
        using IEngine engine = Engines.Create(engineName);
        using HostTensor images = SmallNetworks.Images(11, 2, Size, Size);
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
        using var explanation = new Explanation(pass, Targets, network.Explained, []);
        Dictionary<Layer, double[]> biases = FullGrad.Biases(network, weights);
        Assert.Equal(network.WeightLayers, biases.Keys);
        double[] sums = new double[2];
        explanation.ForEachLayerGradient([network.Input, .. network.WeightLayers], (layer, gradient) =>
        {
            float[] values = SmallNetworks.Download(engine, gradient);
            int size = values.Length / 2, positions = size / gradient.Shape[1];
            for (int i = 0; i < values.Length; i++)
            {
                sums[i / size] += values[i] * (layer == network.Input ? images.Values[i] : biases[layer][i % size / positions]);
            }
        });
        Assert.All(explanation.TargetLogits().Zip(sums), pair => Assert.Equal(1, pair.Second / pair.First, 1e-4));
    }

    [Fact]
    public void A_layer_without_contrast_adds_nothing()
    {
        using var black = new HostTensor(new Shape(1, 3, Size, Size), new float[3 * Size * Size]);
        float[] values = Compute("cpu", "vgg16", black);
        Assert.All(values, value => Assert.True(float.IsFinite(value) && value >= 0));
        Assert.NotEqual(values[0], values[Size * Size / 2]);
    }

    [Fact]
    public void Gradients_shown_are_those_kept_and_all_are_released()
    {
        (Network network, Weights weights) = SmallNetworks.Narrow("squeezenet1_1", width: 4);
        using var engine = new PoisoningEngine();
        using HostTensor images = SmallNetworks.Images(8, 1, 40, 33);
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
        int before = engine.Live;
        using (var explanation = new Explanation(pass, [2], network.Explained, []))
        {
            var shown = new Dictionary<Layer, float[]>();
            explanation.ForEachLayerGradient(
                [.. network.Layers], (layer, gradient) => shown.Add(layer, SmallNetworks.Download(engine, gradient)));
            Assert.Equal(network.Layers.Reverse(), shown.Keys);
            Assert.All(network.Layers, layer => Assert.Equal(
                SmallNetworks.Download(engine, explanation.Gradient(BackwardRule.Derivative, layer)), shown[layer]));
        }

        Assert.Equal(before, engine.Live);
        var stray = new Layer(0, "stray", "stray", "stray", null, []);
        using Tensor seed = engine.Upload(pass.Logits.Shape, new float[network.Classes]);
        Assert.StartsWith(
            "The logits do not depend on stray.",
            Assert.Throws<ArgumentException>(() => BackwardPass.Show(pass, seed, BackwardRule.Derivative, [stray], (_, _) => { })).Message,
            StringComparison.Ordinal);
    }

    private static float[] Compute(string engineName, string name, HostTensor images)
    {
        (Network network, Weights weights) = SmallNetworks.Narrow(name);
        using IEngine engine = Engines.Create(engineName);
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
        using var explanation = new Explanation(pass, Targets[..images.Shape[0]], network.Explained, [FullGrad.Instance]);
        return [.. explanation.Download(FullGrad.Instance).SelectMany(map => map.Values.ToArray())];
    }
}
