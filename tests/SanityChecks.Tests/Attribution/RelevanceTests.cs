using System.Text.Json;
using SanityChecks.Compute;
using SanityChecks.Networks;
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
        double[] expected = [.. Reference.GetProperty(network).GetProperty(method).EnumerateArray().Select(value => value.GetDouble())];
        Assert.True(expected.Max(Math.Abs) > 1e-4);
        foreach (string engine in new[] { "cpu", "reference" })
        {
            float[] values = [.. Compute(engine, network, AttributionMethods.Find(method)).Where((_, i) => i % Stride == 0)];
            Assert.Equal(expected.Length, values.Length);
            double tolerance = 1e-4 * expected.Max(Math.Abs);
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
    public void A_network_with_batch_normalizations_is_refused_by_name()
    {
        (Network network, _) = SmallNetworks.Narrow("vgg16_bn");
        Assert.StartsWith(
            "LRP z+ needs a network whose batch normalizations are merged into its convolutions; vgg16_bn has ",
            LrpZPlus.Instance.Obstacle(network), StringComparison.Ordinal);
        Assert.Null(LrpZPlus.Instance.Obstacle(SmallNetworks.Narrow("vgg16").Network));
    }

    private static float[] Compute(string engineName, string name, ConfiguredMethod method)
    {
        (Network network, Weights weights) = SmallNetworks.Narrow(name);
        using IEngine engine = Engines.Create(engineName);
        using HostTensor images = SmallNetworks.Images(11, 2, Size, Size);
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
        using var explanation = new Explanation(pass, Targets, network.Explained, [method]);
        return [.. explanation.Download(method).SelectMany(map => map.Values.ToArray())];
    }
}
