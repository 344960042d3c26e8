using System.Text.Json;
using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.Attribution;

/// <summary>DeepLIFT against captum's on narrow networks (make_deep_lift.py), and its axiom.</summary>
public class DeepLiftTests
{
    private const int Size = 64, Stride = 197;

    private static readonly int[] Targets = [3, 1];

    private static readonly JsonElement Reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(
        SharedFolder.RepositoryRoot, "tests", "SanityChecks.Tests", "Attribution", "deep_lift.json"))).RootElement;

    public static TheoryData<string, string> Maps =>
        [.. Reference.EnumerateObject().SelectMany(network => network.Value.EnumerateObject().Select(map => (network.Name, map.Name)))];

    [Theory, MemberData(nameof(Maps))]
    public void A_map_is_that_of_captum_and_adds_up_to_what_the_logit_gains(string name, string baseline)
    {
        JsonElement reference = Reference.GetProperty(name).GetProperty(baseline);
        double[] expected = [.. reference.GetProperty("values").EnumerateArray().Select(value => value.GetDouble())];
        double largest = reference.GetProperty("largest").GetDouble();
        Assert.True(expected.Max(Math.Abs) > 0.1 * largest);
        foreach (string engineName in new[] { "cpu", "reference" })
        {
            (Network network, Weights weights) = SmallNetworks.Narrow(name);
            using IEngine engine = Engines.Create(engineName);
            using HostTensor images = SmallNetworks.Images(11, 2, Size, Size);
            using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
            ConfiguredMethod method = ConfiguredMethod.Of(
                DeepLift.Instance, new Dictionary<string, IReadOnlyList<string>> { ["baseline"] = [baseline] });
            using var explanation = new Explanation(pass, Targets, network.Explained, [method], EveryMethod.Space(images));
            float[] map = [.. explanation.Download(method).SelectMany(one => one.Values.ToArray())];
            Assert.All(
                expected.Zip(map.Where((_, i) => i % Stride == 0)),
                pair => Assert.Equal(pair.First, pair.Second, 1e-4 * largest));
            MethodFact fact = Assert.Single(explanation.Facts);
            Assert.Equal("completeness_error", fact.Name);
            Assert.All(fact.Values, error => Assert.Equal(0, error, 1e-5));
        }
    }
}
