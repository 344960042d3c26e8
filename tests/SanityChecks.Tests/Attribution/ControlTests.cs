using SanityChecks.Compute;
using SanityChecks.Images;
using SanityChecks.Networks;
using SanityChecks.RunFiles;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Tests.Experiments;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.Attribution;

/// <summary>The methods that look at no network: what they show, and how they score.</summary>
public sealed class ControlTests
{
    [Fact]
    public void Edges_are_Sobels()
    {
        // scipy.ndimage.sobel of the mean over channels, mode="reflect", on both axes; the root of the sum of squares.
        float[] pixels = [1, 2, 4, 8, 3, 0, 5, 1, 2, 2, 7, 6];
        float[] expected =
        [
            Root(4, 0), Root(-1, 11), Root(-7, 19), Root(-20, 8),
            Root(3, -5), Root(4, 12), Root(4, 12), Root(-3, -5),
            Root(-1, -3), Root(5, 17), Root(11, 13), Root(17, -7),
        ];
        SaliencyMap map = Maps(SobelEdges.Instance, 3, 4, [.. pixels, .. pixels.Select(pixel => 2 * pixel), .. new float[12]])[0];
        Assert.Equal(new Shape(3, 4), map.Shape);
        Assert.All(expected.Zip(map.Values.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5));

        static float Root(double down, double across) => (float)Math.Sqrt((down * down) + (across * across));
    }

    [Fact]
    public void The_input_is_the_input()
    {
        float[] values = [.. Enumerable.Range(0, 3 * 2 * 2).Select(i => i - 5.5f)];
        Assert.Equal(values, Maps(InputImage.Instance, 2, 2, values)[0].Values.ToArray());
    }

    [Fact]
    public void Random_maps_score_about_0_and_the_others_exactly_1_whatever_the_batch_and_every_random_number_is_used_once()
    {
        using var small = new SmallRun();
        string[] overrides =
            ["methods=[random_map, sobel, input, {name: random_map, as: another}]", "metrics=[spearman]", "randomization.draws=2"];
        small.Run("run", overrides);
        small.Run("one by one", [.. overrides, "images.batch=1"]);
        Assert.Equal(small.ScoreBytes("run"), small.ScoreBytes("one by one"));
        IReadOnlyList<ScoreRow> rows = small.Scores("run");
        Assert.All(rows.Where(row => row.Step == 0 || row.Method is "sobel" or "input"), row => Assert.Equal(1, row.Value));

        // 50176 pixels: the standard deviation of a rank correlation is .0045.
        ScoreRow[] random = [.. rows.Where(row => row.Step > 0 && row.Method is ("random_map" or "another"))];
        Assert.Equal(4 * 2 * 3 * 2, random.Length);
        Assert.All(random, row => Assert.InRange(row.Value!.Value, -0.025, 0.025));
        Assert.Equal(random.Length, random.Select(row => row.Value).Distinct().Count());
    }

    [Fact]
    public void Weights_with_a_tensor_drawn_anew_have_another_fingerprint()
    {
        (_, Weights weights) = SmallNetworks.Narrow("vgg16");
        string[] prints =
        [
            weights.Fingerprint,
            .. weights.Names.Select(name => weights.With(new Dictionary<string, HostTensor>
            {
                [name] = new HostTensor(weights[name].Shape, Array.ConvertAll(weights[name].Values.ToArray(), value => value + 1)),
            }).Fingerprint),
        ];
        Assert.Equal(prints.Length, prints.Distinct().Count());
        Assert.All(prints, print => Assert.Matches("^[0-9a-f]{16}$", print));
        Assert.Equal(weights.Fingerprint, new Weights(weights).Fingerprint);
    }

    private static SaliencyMap[] Maps(AttributionMethod method, int height, int width, float[] values)
    {
        var sketch = new GraphSketch();
        Layer layer = sketch.Relu("relu", sketch.Convolution("conv", sketch.Input, 3, 4, 1));
        sketch.Pooled(layer);
        Network network = sketch.Build(layer);
        using IEngine engine = Engines.Create("cpu");
        using var image = new HostTensor(new Shape(1, 3, height, width), values);
        using ForwardPass pass = ForwardPass.Run(engine, network, SmallNetworks.Fill(network), image, layer);
        var space = new InputSpace(1, ["a.png"], [new RgbImage(width, height, new byte[3 * height * width])], Normalization.ImageNet);
        using var explanation = new Explanation(pass, [0], layer, [method], space);
        return explanation.Download(method);
    }
}
