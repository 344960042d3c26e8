using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Networks.Architectures;
using SanityChecks.Networks.Operations;
using SanityChecks.RunFiles;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.Attribution;

/// <summary>Grad-CAM by hand on a network of one convolution, ReLU, global average and linear layer, and its layers on VGG16.</summary>
public class GradCamTests
{
    // The convolution's sums on Image: per position [0.5 a - 0.25, 1 - a], so A_1 = 0, 0.25, 0.75, 1.75 and A_2 = 1, 0, 0, 0 after the
    // ReLU.
    private static readonly float[] First = [0, 0.25f, 0.75f, 1.75f], Second = [1, 0, 0, 0];

    [Theory]
    [InlineData(0, 2, -3)]
    [InlineData(1, -1, 4)]
    [InlineData(2, 0.5, 0.25)]
    public void The_map_is_the_channels_weighted_by_their_mean_gradients(int target, double first, double second)
    {
        using var scene = new Scene();
        using Explanation explanation = scene.Explain(target);
        SaliencyMap raw = explanation.Download(explanation.NativeMap(GradCam.Instance))[0];
        Assert.Equal(new Shape(2, 2), raw.Shape);

        // dy/dA_k = v_k / 4 at each of the four positions, which is also its mean.
        double[] expected = [.. First.Zip(Second, (a, b) => Math.Max(0, (first / 4 * a) + (second / 4 * b)))];
        Assert.All(expected.Zip(raw.Values.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Assert.Contains(expected, value => value > 0);
    }

    [Fact]
    public void The_map_is_enlarged_bilinearly_with_half_pixel_centers()
    {
        using var scene = new Scene();
        using Explanation explanation = scene.Explain(2);
        float[] raw = explanation.Download(explanation.NativeMap(GradCam.Instance))[0].Values.ToArray();
        SaliencyMap map = explanation.Download(GradCam.Instance)[0];
        Assert.Equal(new Shape(4, 4), map.Shape);
        double[] weights = [1, 0.75, 0.25, 0]; // of the first row or column
        for (int y = 0; y < 4; y++)
        {
            for (int x = 0; x < 4; x++)
            {
                double top = (weights[x] * raw[0]) + ((1 - weights[x]) * raw[1]);
                double bottom = (weights[x] * raw[2]) + ((1 - weights[x]) * raw[3]);
                Assert.Equal((weights[y] * top) + ((1 - weights[y]) * bottom), map.Values[(y * 4) + x], 1e-6);
            }
        }
    }

    [Fact]
    public void Each_class_has_its_own_map()
    {
        using var scene = new Scene();
        using Explanation one = scene.Explain(0), other = scene.Explain(1);
        float[] first = one.Download(GradCam.Instance)[0].Values.ToArray(), second = other.Download(GradCam.Instance)[0].Values.ToArray();
        Assert.Equal(0, first[0]);
        Assert.True(first[15] > 0 && second[0] > 0);
        Assert.Equal(0, second[15]);
    }

    [Fact]
    public void A_sum_before_its_relu_gives_its_own_map_when_observed()
    {
        using var scene = new Scene();
        Layer conv = scene.Network.Find("conv");
        using ForwardPass pass = ForwardPass.Run(scene.Engine, scene.Network, scene.Weights, scene.Image, conv);
        using var explanation = new Explanation(pass, [0], conv, [GradCam.Instance]);
        float[] raw = explanation.Download(explanation.NativeMap(GradCam.Instance))[0].Values.ToArray();

        // The ReLU lets the gradient through at 3 of the first channel's 4 positions and at 1 of the second's.
        double first = 2.0 / 4 * 3 / 4, second = -3.0 / 4 * 1 / 4;
        double[] sums1 = [-0.25, 0.25, 0.75, 1.75], sums2 = [1, 0, -1, -3];
        Assert.All(
            sums1.Zip(sums2, (a, b) => Math.Max(0, (first * a) + (second * b))).Zip(raw), pair =>
                Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void A_sum_before_its_relu_is_refused_when_not_observed()
    {
        using var scene = new Scene();
        using ForwardPass pass = ForwardPass.Run(scene.Engine, scene.Network, scene.Weights, scene.Image);
        using var explanation = new Explanation(pass, [0], scene.Network.Find("conv"), [GradCam.Instance]);
        Assert.Contains("conv", Assert.Throws<ArgumentException>(() => explanation.Map(GradCam.Instance)).Message);
    }

    [Theory]
    [InlineData("relu5_3", 4, 5)]
    [InlineData("features.30", 2, 2)]
    [InlineData("relu1_1", 64, 80)]
    [InlineData("input", 64, 80)]
    public void Any_layer_with_planes_gives_a_map_of_its_size(string name, int height, int width)
    {
        (Network network, Weights weights) = SmallNetworks.Narrow("vgg16");
        using IEngine engine = Engines.Create("cpu");
        using HostTensor images = SmallNetworks.Images(4, 2, 64, 80);
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
        using var explanation = new Explanation(pass, [3, 3], network.Find(name), [GradCam.Instance]);
        Tensor raw = explanation.NativeMap(GradCam.Instance);
        Assert.Equal(new Shape(2, 1, height, width), raw.Shape);
        Assert.Equal(new Shape(2, 1, 64, 80), explanation.Map(GradCam.Instance).Shape);
        float[] values = SmallNetworks.Download(engine, raw);
        Assert.DoesNotContain(values, value => !(value >= 0));
        float[] alpha = Alphas(engine, explanation);
        float[] activation = SmallNetworks.Download(engine, pass[network.Find(name)]);
        int plane = height * width, channels = activation.Length / (2 * plane);
        for (int i = 0; i < values.Length; i++)
        {
            (int n, int at) = (i / plane, i % plane);
            double sum = Enumerable.Range(0, channels)
                .Sum(k => (double)alpha[(n * channels) + k] * activation[(((n * channels) + k) * plane) + at]);
            Assert.Equal(Math.Max(sum, 0), values[i], 1e-5);
        }
    }

    [Theory]
    [InlineData("vgg16", "features.29", "fc6")]
    [InlineData("vgg16", "avgpool", "flatten")]
    [InlineData("squeezenet1_1", "fire9", "flatten")]
    [InlineData("vgg19", "conv1_1", "input")]
    public void Layers_without_rows_and_columns_are_refused_with_those_that_have_them(string architecture, string spatial, string flat)
    {
        Network network = ArchitectureList.Build(architecture);
        Assert.Same(network.Find(spatial), GradCam.LayerOf(network, spatial));
        string message = Assert.Throws<InputException>(() => GradCam.LayerOf(network, flat)).Message;
        Assert.StartsWith($"Grad-CAM needs a layer with rows and columns, which {flat} has not; the layers are ", message);
        Assert.Contains($", {network.Explained}, ", message);
    }

    /// <summary>The mean gradients by plain summation.</summary>
    private static float[] Alphas(IEngine engine, Explanation explanation)
    {
        Tensor gradient = explanation.Gradient(BackwardRule.Derivative, explanation.CamLayer);
        int plane = gradient.Shape[2] * gradient.Shape[3];
        return [.. SmallNetworks.Download(engine, gradient).Chunk(plane)
            .Select(values => (float)(values.Sum(value => (double)value) / plane))];
    }

    /// <summary>Image [1, 3, 4, 4] of four 2 x 2 squares, a 2 x 2 convolution of stride 2 with two outputs, three classes.</summary>
    private sealed class Scene : IDisposable
    {
        private ForwardPass? pass;

        public Scene()
        {
            var sketch = new GraphSketch();
            Layer relu = sketch.Relu("relu", sketch.Convolution("conv", sketch.Input, 3, 2, 2, stride: 2));
            sketch.Add("linear", new LinearOperation(new Shape(3, 2)), sketch.Pooled(relu));
            Network = sketch.Build(relu);

            // Red carries the squares' values a = 0, 1, 2, 4; green is 8 throughout and blue 1; each output sums red and green / 8 with its
            // weights.
            float[] red = [0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 4, 4, 2, 2, 4, 4];
            Image = new HostTensor(new Shape(1, 3, 4, 4), [.. red, .. Enumerable.Repeat(8f, 16), .. Enumerable.Repeat(1f, 16)]);
            float[] kernel =
            [
                0.125f, 0.125f, 0.125f, 0.125f, 0, 0, 0, 0, -0.25f, 0, 0, 0,
                -0.25f, -0.25f, -0.25f, -0.25f, 0, 1f / 8, 0, 0, 0, 0, 0, 0,
            ];
            Weights = new Weights(new Dictionary<string, HostTensor>
            {
                ["conv.weight"] = new(new Shape(2, 3, 2, 2), kernel),
                ["conv.bias"] = new(new Shape(2), [0, 0]),
                ["linear.weight"] = new(new Shape(3, 2), [2, -3, -1, 4, 0.5f, 0.25f]),
                ["linear.bias"] = new(new Shape(3), [10, 20, 30]),
            });
        }

        public IEngine Engine { get; } = Engines.Create("cpu");

        public Network Network { get; }

        public Weights Weights { get; }

        public HostTensor Image { get; }

        public Explanation Explain(int target)
        {
            pass ??= ForwardPass.Run(Engine, Network, Weights, Image);
            return new Explanation(pass, [target], Network.Explained, [GradCam.Instance]);
        }

        public void Dispose()
        {
            pass?.Dispose();
            Image.Dispose();
            Engine.Dispose();
        }
    }
}
