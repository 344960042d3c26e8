using System.Text.Json;
using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Networks.Operations;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.Attribution;

/// <summary>Layer-wise relevance against zennit's on narrow networks (make_relevance.py).</summary>
public class RelevanceTests
{
    private const int Size = 64, Stride = 197;

    private static readonly int[] Targets = [3, 1];

    private static readonly JsonElement Reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(
        SharedFolder.RepositoryRoot, "tests", "SanityChecks.Tests", "Attribution", "relevance.json"))).RootElement;

    public static TheoryData<string, string> Maps =>
        [.. Reference.EnumerateObject().SelectMany(network => network.Value.EnumerateObject().Select(map => (network.Name, map.Name)))];

    [Theory, MemberData(nameof(Maps))]
    public void Relevance_is_that_of_zennit(string network, string method)
    {
        JsonElement reference = Reference.GetProperty(network).GetProperty(method);
        double[] expected = [.. reference.GetProperty("values").EnumerateArray().Select(value => value.GetDouble())];
        double tolerance = 1e-4 * reference.GetProperty("largest").GetDouble();
        Assert.True(expected.Max(Math.Abs) > 1000 * tolerance);
        foreach (string engine in new[] { "cpu", "reference" })
        {
            float[] values = [.. Compute(engine, network, Configured(method)).Where((_, i) => i % Stride == 0)];
            Assert.Equal(expected.Length, values.Length);
            Assert.All(expected.Zip(values), pair => Assert.Equal(pair.First, pair.Second, tolerance));
        }
    }

    /// <summary>Each pixel of a convolution's window counts alike: where every window is whole, all colors of a pixel do.</summary>
    [Fact]
    public void The_flat_rule_gives_all_channels_of_a_pixel_the_same()
    {
        float[] values = Compute("cpu", "vgg16", LrpEpsilonPlusFlat.Instance);
        Assert.All(
            Enumerable.Range(0, Size * Size), i => Assert.Equal(values[i], values[i + (2 * Size * Size)], 1e-5f * values.Max(Math.Abs)));
        Assert.True(values.Distinct().Count() > 1000);
    }

    [Fact]
    public void A_normalization_that_follows_no_convolution_is_refused_by_name()
    {
        Layer input = new(0, "input", "input", "input", null, []);
        Layer normalization = new(1, "norm0", "norm0", "", new BatchNormOperation(3), [input]);
        Layer pooling = new(2, "pool", "pool", "", new AdaptiveAveragePoolOperation(1, 1), [normalization]);
        Layer flatten = new(3, "flatten", "flatten", "", new FlattenOperation(), [pooling]);
        var network = new Network("odd", [input, normalization, pooling, flatten], normalization);
        Assert.Equal(
            "LRP z+ needs a network whose batch normalizations can be merged into convolutions; norm0 of odd can not",
            LrpZPlus.Instance.Obstacle(network));
        Assert.All(
            AttributionMethods.All.OfType<RelevanceMethod>(), method =>
                Assert.Null(method.Obstacle(SmallNetworks.Narrow("vgg16_bn").Network)));
    }

    /// <summary>A walk never gets lost, but where a unit is excited by nothing: the probabilities are at most 1 together.</summary>
    [Fact]
    public void Excitation_Backprop_hands_probabilities_down()
    {
        float[] values = Compute("cpu", "vgg16", ExcitationBackprop.Instance);
        Assert.All(values, value => Assert.InRange(value, 0, 1));
        Assert.All(values.Chunk(values.Length / 2), image => Assert.InRange(image.Sum(), 0.5, 1));
    }

    /// <summary>The epsilon rule with an epsilon at which single precision suffices.</summary>
    private static ConfiguredMethod Configured(string method) => ConfiguredMethod.Of(
        AttributionMethods.Find(method),
        new Dictionary<string, IReadOnlyList<string>> { ["epsilon"] = ["0.05"] }.Where(_ => method == LrpEpsilon.Instance.Name)
            .ToDictionary());

    private static float[] Compute(string engineName, string name, ConfiguredMethod method)
    {
        (Network network, Weights weights) = SmallNetworks.Narrow(name);
        using IEngine engine = Engines.Create(engineName);
        using HostTensor images = SmallNetworks.Images(11, 2, Size, Size);
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
        using var explanation = new Explanation(pass, Targets, network.Explained, [method], EveryMethod.Space(images));
        return [.. explanation.Download(method).SelectMany(map => map.Values.ToArray())];
    }
}
