using System.Text.Json;
using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Networks.Operations;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Tests.Experiments;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.Attribution;

/// <summary>Class activation maps against pytorch-grad-cam's on narrow networks (make_cams.py), and what holds of them by
/// definition.</summary>
public sealed class ClassActivationTests
{
    private const int Size = 64, MapStride = 31;

    private static readonly int[] Targets = [3, 1];

    private static readonly ConfiguredMethod[] Family =
    [
        GradCam.Instance, GradCamPlusPlus.Instance, XGradCam.Instance, HiResCam.Instance, GradCamElementwise.Instance, LayerCam.Instance,
        EigenCam.Instance, EigenGradCam.Instance, CounterfactualGradCam.Instance, MeanActivation.Instance, ScoreCam.Instance,
        AblationCam.Instance,
    ];

    private static readonly JsonElement Reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(
        SharedFolder.RepositoryRoot, "tests", "SanityChecks.Tests", "Attribution", "cams.json"))).RootElement;

    public static TheoryData<string, string> Maps =>
        [.. Reference.EnumerateObject().SelectMany(network => network.Value.EnumerateObject().Select(map => (network.Name, map.Name)))];

    [Fact]
    public void Every_method_of_the_family_has_reference_maps_of_each_network() => Assert.Equal(
        new[] { "vgg16", "vgg16_bn", "squeezenet1_1" }.SelectMany(network => Family.Select(method => (network, method.Id))).Order(),
        Maps.Select(row => (row.Data.Item1, row.Data.Item2.Split('/')[0])).Distinct().Order());

    [Theory, MemberData(nameof(Maps))]
    public void A_map_is_that_of_pytorch_grad_cam(string network, string name)
    {
        ConfiguredMethod method = name.Split('/') switch
        {
            ["grad_cam_pp"] => WithEpsilon("1e-6"),
            ["score_cam", var score] => With(ScoreCam.Instance, "score", score),
            _ => Family.Single(one => one.Id == name),
        };
        double[] expected = [.. Reference.GetProperty(network).GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];
        Assert.True(expected.Max() > 0.01);
        foreach (string engine in new[] { "cpu", "reference" })
        {
            float[] map = Compute(engine, network, method);
            if (name == "score_cam/probability")
            {
                // The authors' program shows it so.
                map = [.. map.Chunk(Size * Size).SelectMany(one => one.Select(value => (value - one.Min()) / (one.Max() - one.Min())))];
            }

            float[] values = [.. map.Where((_, i) => i % MapStride == 0)];
            Assert.Equal(expected.Length, values.Length);
            double tolerance = 5e-6 * expected.Max();
            Assert.All(expected.Zip(values), pair => Assert.Equal(pair.First, pair.Second, tolerance));
        }
    }

    /// <summary>Where a mean over space and a linear layer give the logits, the gradient of a channel is the same everywhere.</summary>
    [Fact]
    public void Before_a_mean_and_a_linear_layer_the_family_is_one_map()
    {
        var sketch = new GraphSketch();
        Layer layer = sketch.Relu("relu", sketch.Convolution("conv", sketch.Input, 3, 4, 3, padding: 1));
        sketch.Add("fc", new LinearOperation(new Shape(5, 4)), sketch.Pooled(layer));
        Network network = sketch.Build(layer);
        Weights weights = SmallNetworks.Fill(network);
        using IEngine engine = Engines.Create("cpu");
        using HostTensor images = SmallNetworks.Images(5, 2, 12, 9);
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images, layer);
        using var explanation = new Explanation(pass, Targets, layer, [.. Family, ClassActivationMap.Instance]);
        float[] gradCam = Of(GradCam.Instance);
        Assert.True(gradCam.Max() > 0.01);
        Assert.All(new AttributionMethod[] { HiResCam.Instance, XGradCam.Instance }, method => Assert.All(
            gradCam.Zip(Of(method)), pair => Assert.Equal(pair.First, pair.Second, 2e-6 * gradCam.Max())));

        Assert.All(
            gradCam.Zip(Of(ClassActivationMap.Instance)),
            pair => Assert.Equal(pair.First, pair.Second / (12 * 9), 2e-6 * gradCam.Max()));
        float[] activation = pass[layer] is HostTensor host ? host.Values.ToArray() : [];
        float[] rows = weights["fc.weight"].Values.ToArray();
        float[] positive = Of(LayerCam.Instance), counter = Of(CounterfactualGradCam.Instance), mean = Of(MeanActivation.Instance);
        for (int i = 0; i < gradCam.Length; i++)
        {
            (int n, int place) = Math.DivRem(i, 12 * 9);
            double sum = 0, kept = 0, all = 0;
            for (int k = 0; k < 4; k++)
            {
                double weight = rows[(Targets[n] * 4) + k] / (12.0 * 9), a = activation[(((n * 4) + k) * 12 * 9) + place];
                (sum, kept, all) = (sum + (weight * a), kept + (Math.Max(weight, 0) * a), all + (a / 4));
            }

            Assert.Equal(Math.Max(sum, 0), gradCam[i], 1e-6);
            Assert.Equal(Math.Max(-sum, 0), counter[i], 1e-6);
            Assert.Equal(kept, positive[i], 1e-6);
            Assert.Equal(all, mean[i], 1e-6);
        }

        float[] Of(AttributionMethod method) => [.. explanation.Download(method).SelectMany(map => map.Values.ToArray())];
    }

    /// <summary>SqueezeNet ends in class maps of which the means are the logits: its CAM of a class is that map.</summary>
    [Fact]
    public void CAM_of_class_maps_is_the_class_s_own_and_networks_that_end_otherwise_are_refused()
    {
        (Network network, Weights weights) = SmallNetworks.Narrow("squeezenet1_1");
        using IEngine engine = Engines.Create("cpu");
        using HostTensor images = SmallNetworks.Images(11, 2, Size, Size);
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
        using var explanation = new Explanation(pass, Targets, network.Explained, [ClassActivationMap.Instance]);
        Tensor classes = pass[network.Find("relu10")];
        using Tensor enlarged = engine.ResizeBilinear(classes, Size, Size);
        float[] expected = SmallNetworks.Download(engine, enlarged);
        for (int n = 0; n < 2; n++)
        {
            float[] own = expected[(((n * classes.Shape[1]) + Targets[n]) * Size * Size)..][..(Size * Size)];
            Assert.Equal(own, explanation.Download(ClassActivationMap.Instance)[n].Values.ToArray());
            Assert.True(own.Max() > 0.1);
        }

        Assert.Null(ClassActivationMap.Instance.Obstacle(network));
        Assert.Equal(
            "CAM needs a network that ends in a mean over space and at most one linear layer, which vgg16 does not",
            ClassActivationMap.Instance.Obstacle(SmallNetworks.Narrow("vgg16").Network));
    }

    /// <summary>A channel that is the same everywhere shows nothing under a mask, and takes no pass.</summary>
    [Fact]
    public void Channels_without_contrast_take_no_pass_and_a_map_is_the_same_alone_and_in_a_batch()
    {
        var sketch = new GraphSketch();
        Layer layer = sketch.Relu("relu", sketch.Convolution("conv", sketch.Input, 3, 4, 1, padding: 0));
        sketch.Add("fc", new LinearOperation(new Shape(5, 4)), sketch.Pooled(layer));
        Network network = sketch.Build(layer);
        Weights weights = SmallNetworks.Fill(network);
        using IEngine engine = Engines.Create("cpu");
        using HostTensor images = SmallNetworks.Images(5, 2, 12, 9);
        float[] flat = images.Values.ToArray();
        Array.Fill(flat, 0.5f, 0, flat.Length / 2);
        using var batch = new HostTensor(images.Shape, flat);
        using var second = new HostTensor(new Shape(1, 3, 12, 9), flat[(flat.Length / 2)..]);
        foreach (string score in new[] { "probability", "softmax", "increase" })
        {
            (float[] maps, int passes) = Of(batch, With(ScoreCam.Instance, "score", score), 3, 1);
            (float[] alone, _) = Of(second, With(ScoreCam.Instance, "score", score), 1);
            Assert.Equal(alone, maps[(12 * 9)..]);
            Assert.Single(maps[..(12 * 9)].Distinct());
            Assert.Equal(score == "probability" ? 0 : 1, passes - Of(batch, AblationCam.Instance, 3, 1).Passes);
        }

        (float[] Map, int Passes) Of(HostTensor of, ConfiguredMethod method, params int[] targets)
        {
            using ForwardPass pass = ForwardPass.Run(engine, network, weights, of, layer);
            using var explanation = new Explanation(pass, targets, layer, [method]);
            return ([.. explanation.Download(method).SelectMany(map => map.Values.ToArray())], explanation.Passes);
        }
    }

    [Fact]
    public void Small_gradients_weigh_half_in_Grad_CAM_plus_plus_unless_an_epsilon_drowns_them()
    {
        // alpha ReLU(g) = g / (2 + g sum A).
        const float Scale = 1e-3f;
        float[] half = Compute("reference", "vgg16", new HalfOfPositiveGradients(Scale));
        float[] paper = Compute("reference", "vgg16", GradCamPlusPlus.Instance, Scale);
        Assert.All(half.Zip(paper), pair => Assert.Equal(pair.First, pair.Second, 0.01 * half.Max()));
        Assert.InRange(Compute("reference", "vgg16", WithEpsilon("1e-6"), Scale).Max(), 0, 0.5 * half.Max());
    }

    [Fact]
    public void Methods_without_gradients_show_no_class_and_are_the_same_to_the_bit_until_their_layer_is_randomized()
    {
        using var small = new SmallRun();
        small.Run(
            "run", "methods=[mean_activation, eigen_cam, layer_cam]", "randomization.layers=[fc8, fc7, fc6, conv5_3]", "images.count=2");
        foreach (string method in new[] { "mean_activation", "eigen_cam" })
        {
            Assert.All(
                small.Scores("run").Where(row => row.Method == method),
                row => Assert.True(row.Status != "ok" || row.Value == 1 == (row.Step < 4), $"{row}"));
            Assert.Contains(small.Scores("run"), row => row.Method == method && row.Status == "ok" && row.Step == 3);
        }

        Assert.All(
            small.Scores("run").Where(row => row.Method == "layer_cam" && row.Step > 0 && row.Status == "ok"), row =>
                Assert.True(row.Value < 1));
    }

    [Fact]
    public void A_layer_without_contrast_gives_an_empty_map_and_one_that_is_not_finite_none()
    {
        double[] map = new double[4];
        PrincipalComponent.Project([1, 1, 1, 1, 2, 2, 2, 2], 4, map);
        Assert.Equal(new double[4], map);
        PrincipalComponent.Project([1, 1, 1, double.PositiveInfinity], 4, map);
        Assert.All(map, value => Assert.Equal(double.NaN, value));

        // One channel is its own component; the largest magnitude is positive.
        PrincipalComponent.Project([1, 2, 3, -6], 4, map);
        Assert.All(new double[] { -1, -2, -3, 6 }.Zip(map), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    /// <summary>Half of the positive gradients' sum as weights, of a network whose logits are scaled.</summary>
    private sealed class HalfOfPositiveGradients(float scale) : ClassActivationMethod("half", "Half", "nobody", "half")
    {
        public static implicit operator ConfiguredMethod(HalfOfPositiveGradients method) => ConfiguredMethod.Of(method);

        protected override void Combine(LayerChannels layer, ConfiguredMethod configured, Span<double> map)
        {
            for (int channel = 0; channel < layer.Count; channel++)
            {
                double sum = 0;
                foreach (float gradient in layer.Gradient(channel))
                {
                    sum += Math.Max(gradient, 0);
                }

                layer.Add(channel, scale * sum / 2, map);
            }
        }
    }

    private static ConfiguredMethod WithEpsilon(string epsilon) => With(GradCamPlusPlus.Instance, "epsilon", epsilon);

    private static ConfiguredMethod With(AttributionMethod method, string parameter, string value) =>
        ConfiguredMethod.Of(method, new Dictionary<string, IReadOnlyList<string>> { [parameter] = [value] });

    private static float[] Compute(string engineName, string name, ConfiguredMethod method, float logits = 1)
    {
        (Network network, Weights weights) = SmallNetworks.Narrow(name);
        weights = weights.With(weights.Where(one => one.Key.StartsWith("classifier.6.", StringComparison.Ordinal)).ToDictionary(
            one => one.Key, one => new HostTensor(one.Value.Shape, Array.ConvertAll(one.Value.Values.ToArray(), value => logits * value))));
        using IEngine engine = Engines.Create(engineName);
        using HostTensor images = SmallNetworks.Images(11, 2, Size, Size);
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
        using var explanation = new Explanation(pass, Targets, network.Explained, [method]);
        return [.. explanation.Download(method).SelectMany(map => map.Values.ToArray())];
    }
}
