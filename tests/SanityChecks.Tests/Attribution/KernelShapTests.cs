using System.Text.Json;
using SanityChecks.Compute;
using SanityChecks.Images;
using SanityChecks.Networks;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.Attribution;

/// <summary>KernelSHAP against Shapley values by their definition and least squares by NumPy on narrow networks (make_shap.py).</summary>
public class KernelShapTests
{
    private const int Size = 64;
    private const ulong Seed = 7;

    private static readonly string[] Ids = ["first.png", "second.png"];
    private static readonly int[] Targets = [3, 1];

    private static readonly JsonElement Reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(
        SharedFolder.RepositoryRoot, "tests", "SanityChecks.Tests", "Attribution", "shap.json"))).RootElement;

    public static TheoryData<string, string> Maps =>
        [.. Reference.EnumerateObject().SelectMany(network => network.Value.EnumerateObject().Select(map => (network.Name, map.Name)))];

    [Theory, MemberData(nameof(Maps))]
    public void A_map_has_the_cells_of_the_reference(string network, string map)
    {
        (int grid, ConfiguredMethod method) = map.Split('/') switch
        {
            ["exact", var cells] => (cells[0] - '0', With(cells, "510", "black")), // 2^9 - 2 coalitions
            [_, var samples] => (4, With("4", samples, "mean")),
            _ => throw new InvalidOperationException(map),
        };
        double[] expected = [.. Reference.GetProperty(network).GetProperty(map).EnumerateArray().Select(value => value.GetDouble())];
        double tolerance = 5e-6 * expected.Max(Math.Abs);
        foreach (string engine in map is "exact/2" or "sampled/9" ? new[] { "cpu", "reference" } : ["cpu"])
        {
            (float[] values, double[] falls) = Compute(engine, network, method);
            for (int i = 0; i < values.Length; i++)
            {
                (int n, int y, int x) = (i / (Size * Size), i / Size % Size, i % Size);
                Assert.Equal(expected[(((n * grid) + (y * grid / Size)) * grid) + (x * grid / Size)], values[i], tolerance);
            }

            Assert.All(
                expected.Chunk(grid * grid).Zip(falls), pair => Assert.Equal(pair.Second, pair.First.Sum(), grid * grid * tolerance));
        }
    }

    [Fact]
    public void One_cell_has_all_of_the_difference()
    {
        (float[] values, double[] falls) = Compute("cpu", "vgg16", With("1", "5", "white"));
        Assert.All(values.Index(), one => Assert.Equal(falls[one.Index / (Size * Size)], one.Item, 1e-6));
    }

    [Fact]
    public void Samples_beyond_all_coalitions_change_nothing() => Assert.Equal(
        Compute("cpu", "vgg16", With("2", "14", "black")).Values, Compute("cpu", "vgg16", With("2", "1000", "black")).Values);

    /// <summary>The batch: noise, the mean color, gray, and noise in one color.</summary>
    [Fact]
    public void Pictures_without_a_picture_have_empty_maps_and_change_no_other()
    {
        float[] noise = SmallNetworks.Images(11, 1, Size, Size).Values.ToArray();
        float[] partial = [.. noise.Select((value, i) => i < Size * Size ? value : 0.25f)];
        float[][] pictures = [noise, new float[noise.Length], [.. noise.Select(_ => 0.25f)], partial];
        float[][] together = Of(pictures);
        Assert.All(together.SelectMany(map => map), value => Assert.True(float.IsFinite(value)));
        Assert.All(together[1].Concat(together[2]), value => Assert.Equal(0, value));
        Assert.All(new[] { together[0], together[3] }, map => Assert.InRange(map.Distinct().Count(), 10, 49));
        Assert.All(pictures.Zip(together), pair => Assert.Equal(Of([pair.First])[0], pair.Second));

        static float[][] Of(float[][] batch)
        {
            (Network network, Weights weights) = SmallNetworks.Narrow("vgg16");
            using IEngine engine = Engines.Create("cpu");
            using var images = new HostTensor(new Shape(batch.Length, 3, Size, Size), [.. batch.SelectMany(one => one)]);
            using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
            using var explanation = new Explanation(
                pass, [.. batch.Select(_ => 3)], network.Explained, [], EveryMethod.Space(images));
            return [.. explanation.Download(With("7", "20", "mean")).Select(map => map.Values.ToArray())];
        }
    }

    private static ConfiguredMethod With(string grid, string samples, string baseline) => ConfiguredMethod.Of(
        KernelShap.Instance,
        new Dictionary<string, IReadOnlyList<string>> { ["grid"] = [grid], ["samples"] = [samples], ["baseline"] = [baseline] });

    /// <summary>The maps, and how far each image's logit lies above that of its baseline.</summary>
    private static (float[] Values, double[] Falls) Compute(string engineName, string name, ConfiguredMethod method)
    {
        (Network network, Weights weights) = SmallNetworks.Narrow(name);
        using IEngine engine = Engines.Create(engineName);
        using HostTensor images = SmallNetworks.Images(11, 2, Size, Size);
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
        var space = new InputSpace(
            Seed, Ids, [.. Ids.Select(_ => new RgbImage(Size, Size, new byte[3 * Size * Size]))], Normalization.ImageNet);
        using var explanation = new Explanation(pass, Targets, network.Explained, [method], space);
        float[] values = [.. explanation.Download(method).SelectMany(map => map.Values.ToArray())];
        using Explanation none = explanation.Of(Baseline.Of(method.Values["baseline"], explanation));
        return (values, [.. explanation.TargetLogits().Zip(none.TargetLogits(), (all, covered) => all - (double)covered)]);
    }
}
