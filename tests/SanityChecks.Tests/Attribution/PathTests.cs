using System.Text.Json;
using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.Attribution;

/// <summary>Guided IG and Blur IG against PAIR's code on narrow networks (make_paths.py), and what holds of them by definition.</summary>
public class PathTests
{
    private const int Size = 64, Stride = 197;

    private static readonly int[] Targets = [3, 1];

    private static readonly JsonElement Reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(
        SharedFolder.RepositoryRoot, "tests", "SanityChecks.Tests", "Attribution", "paths.json"))).RootElement;

    public static TheoryData<string, string> Maps =>
        [.. Reference.EnumerateObject()
            .SelectMany(network => network.Value.GetProperty("errors").EnumerateObject().Select(map => (network.Name, map.Name)))];

    public static TheoryData<string> Methods => ["guided_ig", "blur_ig"];

    [Theory, MemberData(nameof(Maps))]
    public void A_map_is_that_of_PAIR(string network, string map)
    {
        ConfiguredMethod method = map switch
        {
            "guided_ig/black" => With(GuidedIntegratedGradients.Instance, ("steps", "12"), ("max_dist", "0.1")),
            "guided_ig/mean" => With(
                GuidedIntegratedGradients.Instance, ("steps", "5"), ("fraction", "0.1"), ("max_dist", "1"), ("baseline", "mean")),
            _ => With(BlurIntegratedGradients.Instance, ("steps", "6"), ("max_sigma", "11")),
        };
        double[] expected = Numbers("maps"), errors = Numbers("errors");
        foreach (string engine in new[] { "cpu", "reference" })
        {
            (float[] all, double[] lacking) = Compute(engine, network, method);
            float[] values = [.. all.Where((_, i) => i % Stride == 0)];
            Assert.Equal(expected.Length, values.Length);
            Assert.All(errors.Zip(lacking), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
            double tolerance = 5e-6 * expected.Max(Math.Abs);
            Assert.All(expected.Zip(values), pair => Assert.Equal(pair.First, pair.Second, tolerance));
        }

        double[] Numbers(string kind) =>
            [.. Reference.GetProperty(network).GetProperty(kind).GetProperty(map).EnumerateArray().Select(value => value.GetDouble())];
    }

    [Theory]
    [InlineData("vgg16")]
    [InlineData("squeezenet1_1")]
    public void Without_a_corridor_Guided_IG_is_Integrated_Gradients_from_the_lower_ends_of_its_steps(string name)
    {
        const int Steps = 7;
        (Network network, Weights weights) = SmallNetworks.Narrow(name);
        using IEngine engine = Engines.Create("cpu");
        using HostTensor images = SmallNetworks.Images(11, 2, Size, Size);
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
        using var explanation = new Explanation(pass, Targets, network.Explained, [], EveryMethod.Space(images));
        float[] guided = Values(With(
            GuidedIntegratedGradients.Instance, ("steps", $"{Steps}"), ("max_dist", "0"), ("baseline", "white")));
        float[] start = SmallNetworks.Download(engine, Baseline.Of("white", explanation));
        double[] way = [.. images.Values.ToArray().Zip(start, (to, from) => to - (double)from)];
        float[] mean = SmallNetworks.Download(engine, explanation.MeanGradient(Steps, step => engine.Upload(
            images.Shape, [.. start.Zip(way, (from, length) => (float)(from + (length * step / Steps)))])));
        double largest = guided.Max(Math.Abs);
        Assert.InRange(largest, 1e-3, 10);
        Assert.All(guided.Index(), one => Assert.Equal(way[one.Index] * mean[one.Index], one.Item, 1e-6 * largest));

        float[] Values(ConfiguredMethod method) => [.. explanation.Download(method).SelectMany(map => map.Values.ToArray())];
    }

    /// <summary>Also where the processor's lanes do not go into the width, and where the window is wider than the plane.</summary>
    [Theory]
    [InlineData(9, 23, 1.3)]
    [InlineData(21, 5, 0.4)]
    [InlineData(3, 70, 40)]
    [InlineData(1, 1, 0.1)]
    public void A_blur_is_the_weighted_sum_of_all_pixels_in_the_window(int height, int width, double sigma)
    {
        float[] planes = SmallNetworks.Values(3, 2 * height * width, 1);
        double[] blurred = GaussianBlur.Of(planes, (height, width), sigma);
        int radius = (int)((4 * sigma) + 0.5), plane = height * width;
        double[] window = [.. Enumerable.Range(-radius, (2 * radius) + 1).Select(x => Math.Exp(-0.5 * x * x / (sigma * sigma)))];
        for (int i = 0; i < planes.Length; i++)
        {
            double sum = 0;
            for (int j = i / plane * plane; j < ((i / plane) + 1) * plane; j++)
            {
                (int down, int across) = ((j % plane / width) - (i % plane / width), (j % width) - (i % width));
                if (Math.Abs(down) <= radius && Math.Abs(across) <= radius)
                {
                    sum += window[down + radius] * window[across + radius] * planes[j];
                }
            }

            Assert.Equal(sum / window.Sum() / window.Sum(), blurred[i], 1e-12);
        }
    }

    [Fact]
    public void More_widths_make_Blur_IG_more_complete()
    {
        double[] errors =
            [.. new[] { "4", "40", "400" }.Select(steps => Math.Abs(Compute(
                "cpu", "vgg16", With(BlurIntegratedGradients.Instance, ("steps", steps), ("max_sigma", "3"))).Error[0]))];
        Assert.True(errors[2] < errors[1] / 2 && errors[1] < errors[0] / 2, string.Join(", ", errors));
    }

    /// <summary>The batch: noise, the mean color, gray, and noise in one color.</summary>
    [Theory, MemberData(nameof(Methods))]
    public void Pictures_without_a_picture_have_empty_maps_and_change_no_other(string name)
    {
        float[] noise = SmallNetworks.Images(11, 1, Size, Size).Values.ToArray();
        float[] flat = [.. noise.Select((value, i) => i < Size * Size ? value : 0.25f)];
        float[][] pictures = [noise, new float[noise.Length], [.. noise.Select(_ => 0.25f)], flat];
        ConfiguredMethod method = With(AttributionMethods.Find(name), ("steps", "3"));
        method = name == "guided_ig" ? With(method.Method, ("steps", "3"), ("baseline", "mean")) : method;
        float[][] together = Of(pictures);
        Assert.All(together.SelectMany(map => map), value => Assert.True(float.IsFinite(value)));
        Assert.All(together[1], value => Assert.Equal(0, value));
        Assert.Equal(name != "guided_ig", together[2].Any(value => value != 0)); // Beyond the border Blur IG sees the mean color.
        Assert.Contains(together[3], value => value != 0);
        Assert.All(pictures.Zip(together), pair => Assert.Equal(Of([pair.First])[0], pair.Second));

        float[][] Of(float[][] batch)
        {
            using var images = new HostTensor(new Shape(batch.Length, 3, Size, Size), [.. batch.SelectMany(one => one)]);
            return [.. Compute("cpu", "vgg16", method, images, [.. batch.Select(_ => 3)]).Values.Chunk(noise.Length)];
        }
    }

    [Fact]
    public void A_gradient_that_is_not_a_number_ends_the_way()
    {
        (Network network, Weights weights) = SmallNetworks.Narrow("vgg16");
        weights = weights.With(new Dictionary<string, HostTensor>
        {
            ["classifier.6.weight"] = new HostTensor(
                weights["classifier.6.weight"].Shape, [.. weights["classifier.6.weight"].Values.ToArray().Select(_ => float.NaN)]),
        });
        using IEngine engine = Engines.Create("cpu");
        using HostTensor images = SmallNetworks.Images(11, 1, Size, Size);
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
        using var explanation = new Explanation(pass, [3], network.Explained, [], EveryMethod.Space(images));
        SaliencyMap map = explanation.Download(With(GuidedIntegratedGradients.Instance, ("steps", "2")))[0];
        Assert.All(map.Values.ToArray(), value => Assert.Equal(float.NaN, value));
    }

    private static ConfiguredMethod With(AttributionMethod method, params (string Parameter, string Value)[] values) =>
        ConfiguredMethod.Of(method, values.ToDictionary(value => value.Parameter, value => (IReadOnlyList<string>)[value.Value]));

    private static (float[] Values, double[] Error) Compute(string engine, string name, ConfiguredMethod method)
    {
        using HostTensor images = SmallNetworks.Images(11, 2, Size, Size);
        return Compute(engine, name, method, images, Targets);
    }

    private static (float[] Values, double[] Error) Compute(
        string engineName, string name, ConfiguredMethod method, HostTensor images, int[] targets)
    {
        (Network network, Weights weights) = SmallNetworks.Narrow(name);
        using IEngine engine = Engines.Create(engineName);
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
        using var explanation = new Explanation(pass, targets, network.Explained, [method], EveryMethod.Space(images));
        float[] values = [.. explanation.Download(method).SelectMany(map => map.Values.ToArray())];
        return (values, [.. Assert.Single(explanation.Facts).Values]);
    }
}
