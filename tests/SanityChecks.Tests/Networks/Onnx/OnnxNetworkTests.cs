using System.Text.Json;
using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Networks.Onnx;
using SanityChecks.Networks.Operations;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Saliency.Randomization;

namespace SanityChecks.Tests.Networks.Onnx;

/// <summary>Imported networks against PyTorch's numbers in small_networks.json and against ONNX Runtime.</summary>
public class OnnxNetworkTests(ITestOutputHelper output)
{
    private const int Stride = 197, Target = 3;

    private static readonly JsonElement Reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(
        SharedFolder.RepositoryRoot, "tests", "SanityChecks.Tests", "Networks", "small_networks.json"))).RootElement;

    public static TheoryData<string> Files => [.. OnnxFixtures.Names];

    [Theory]
    [InlineData("resnet18-opset9", "resnet18")]
    [InlineData("resnet18-dynamic", "resnet18")]
    [InlineData("resnet18-external", "resnet18")]
    [InlineData("squeezenet1_1-opset17", "squeezenet1_1")]
    [InlineData("mobilenet_v2-opset13", "mobilenet_v2")]
    [InlineData("resnet20-opset13", "resnet20")]
    [InlineData("resnet50-opset11", "resnet50")]
    [InlineData("efficientnet_b0-opset14", "efficientnet_b0")]
    [InlineData("googlenet-opset10", "googlenet")]
    public void Logits_maps_and_gradients_are_those_of_PyTorch(string file, string architecture)
    {
        JsonElement expected = Reference.GetProperty(architecture)[0];
        int side = expected.GetProperty("height").GetInt32();
        ImportedNetwork imported = OnnxFixtures.Load(file);
        using IEngine engine = Engines.Create("cpu");
        using HostTensor images = SmallNetworks.Images(1000 + side, 2, side, side);
        using ForwardPass pass = ForwardPass.Run(engine, imported.Network, imported.Weights, images);
        AssertClose("logits", expected, SmallNetworks.Download(engine, pass.Logits));
        using var explanation = new Explanation(pass, [Target, Target], imported.Network.Explained, [.. AttributionMethods.All]);
        AssertClose("grad_cam", expected, explanation.Download(explanation.NativeMap(GradCam.Instance))[0].Values.ToArray());
        foreach (AttributionMethod method in new AttributionMethod[] { InputGradient.Instance, GuidedBackprop.Instance })
        {
            float[] map = explanation.Download(method)[0].Values.ToArray();
            AssertClose(method.Name, expected, [.. map.Where((_, i) => i % Stride == 0)]);
        }
    }

    [Theory, MemberData(nameof(Files))]
    public void Logits_are_those_of_ONNX_Runtime(string file)
    {
        ImportedNetwork imported = OnnxFixtures.Load(file);
        (float[] own, int[] axes, HostTensor images) = Logits(imported, 2);
        using HostTensor owned = images;
        float[] expected = OnnxRuntime.Run(OnnxFixtures.Path(file), images.Values, axes);
        own = imported.Notes.Any(note => note.Contains("Softmax", StringComparison.Ordinal))
            ? [.. own.Chunk(own.Length / 2).SelectMany(Softmax)]
            : own;
        Assert.Equal(expected.Length, own.Length);
        float largest = expected.Max(Math.Abs), difference = expected.Zip(own, (a, b) => Math.Abs(a - b)).Max();

        // Half precision keeps eleven bits, and ONNX Runtime rounds to them behind each node.
        float tolerance = file.EndsWith("float16", StringComparison.Ordinal) ? 2e-2f : 1e-4f;
        Assert.True(
            largest > 0 && difference <= tolerance * largest, $"largest difference {difference:E2}, largest magnitude {largest:E2}");
    }

    /// <summary>Files of other programs, of any size: SANITYCHECKS_ONNX names a folder of them.</summary>
    [Fact]
    public void Logits_of_every_file_in_a_folder_are_those_of_ONNX_Runtime()
    {
        string? folder = Environment.GetEnvironmentVariable("SANITYCHECKS_ONNX");
        Assert.SkipWhen(folder is null, "needs a folder of .onnx files in SANITYCHECKS_ONNX");
        var faults = new List<string>();
        foreach (string file in Directory.GetFiles(folder!, "*.onnx").Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(file);
            try
            {
                ImportedNetwork imported = OnnxFile.Load(file);
                (float[] own, int[] axes, HostTensor images) = Logits(imported, 1);
                float[] expected = OnnxRuntime.Run(file, images.Values, axes);
                float largest = expected.Max(Math.Abs), difference = expected.Zip(own, (a, b) => Math.Abs(a - b)).Max();
                output.WriteLine($"{name}: {imported.Network.WeightLayers.Count} layers, Grad-CAM reads {imported.Network.Explained}, difference {difference:E1} of {largest:E1}; blocks {string.Join(' ', imported.Network.WeightLayers.Select(layer => layer.Block).Distinct().Take(12))}");
                if (!(difference <= 1e-4f * largest))
                {
                    faults.Add(name);
                }
            }
            catch (SanityChecks.RunFiles.InputException error)
            {
                output.WriteLine(error.Message);
                faults.Add(name);
            }
        }

        Assert.Empty(faults);
    }

    [Theory]
    [InlineData("resnet18-opset9", 5, "/layer4/layer4.1/relu_1/Relu", 64, "fc layer4.1 layer4.0 layer3.1 layer3.0 layer2.1 layer2.0 layer1.1 layer1.0 conv1")]
    [InlineData("squeezenet1_1-opset17", 5, "/features/features.12/Concat", 224, "classifier.1 features.12 features.11 features.10 features.9 features.7 features.6 features.4 features.3 features.0")]
    [InlineData("mobilenet_v2-opset13", 5, "/features/features.18/features.18.2/Clip", 64, "classifier.1 features.18 features.17 features.16 features.15 features.14 features.13 features.12 features.11 features.10 features.9 features.8 features.7 features.6 features.5 features.4 features.3 features.2 features.1 features.0")]
    [InlineData("efficientnet_b0-opset14", 5, "/features/features.8/features.8.2/Mul", 64, "classifier.1 features.8 features.7.0 features.6.3 features.6.2 features.6.1 features.6.0 features.5.2 features.5.1 features.5.0 features.4.2 features.4.1 features.4.0 features.3.1 features.3.0 features.2.1 features.2.0 features.1.0 features.0")]
    [InlineData("vgg11_bn-opset14", 5, "/features/features.27/Relu", 224, null)]
    [InlineData("resnet20-opset13", 5, "/layer3/layer3.2/relu2/Relu", 32, null)]
    [InlineData("tensorflow", 5, "net/block2_relu/Relu", 32, "net.predictions block2 block1")]
    [InlineData("cntk", 5, "ReLU3", 32, "Times7 BatchNormalization2 Convolution1")]
    [InlineData("tied", 4, "a2", 16, "logits m1 c2 c1 c0")]
    public void Classes_sizes_explained_layers_and_blocks_are_found(string file, int classes, string explained, int side, string? blocks)
    {
        Network network = OnnxFixtures.Load(file).Network;
        Assert.Equal(classes, network.Classes);
        Assert.Equal(new ImageSize(3, side, side), network.ImageSize);
        Assert.Equal(explained, network.Explained.Name);
        Assert.Equal(OnnxFile.Architecture, network.Architecture);
        if (blocks is not null)
        {
            Assert.Equal(blocks, string.Join(' ', network.WeightLayers.Select(layer => layer.Block).Distinct()));
        }
    }

    [Theory, MemberData(nameof(Files))]
    public void The_file_has_exactly_the_tensors_that_its_network_names(string file)
    {
        ImportedNetwork imported = OnnxFixtures.Load(file);
        Assert.Equal(imported.Network.Tensors.Select(tensor => tensor.Name), imported.Weights.Names);
        Assert.All(imported.Network.Tensors, tensor => Assert.Equal(tensor.Shape, imported.Weights[tensor.Name].Shape));
        Assert.Equal(imported.Network.Layers.Select(layer => layer.Name), imported.Network.Layers.Select(layer => layer.PaperName));
    }

    [Fact]
    public void Layers_that_share_an_initializer_hold_the_same_tensor()
    {
        Weights weights = OnnxFixtures.Load("tied").Weights;
        Assert.Same(weights["c1.weight"], weights["c2.weight"]);
        Assert.Same(weights["c1.bias"], weights["c2.bias"]);
        Assert.Equal(["c0.weight", "c1.weight", "c1.bias", "c2.weight", "c2.bias", "m1.weight", "logits.weight"], weights.Names);
    }

    [Fact]
    public void Numbers_for_channels_are_learned_behind_a_layer_and_stay_before_it()
    {
        ImportedNetwork imported = OnnxFixtures.Load("scales");
        Assert.Equal(
            ["conv.weight", "scale.weight", "scale.bias", "gate_conv.weight", "gate_conv.bias", "rows.bias", "fc.weight", "fc.bias"],
            imported.Weights.Names);
        Assert.Equal("gated", imported.Network.Explained.Name);
        var random = new Randomizer(imported.Weights, Initializers.Find("he_normal"), 1);
        Weights weights = random.Randomize(imported.Network.WeightLayers, 0);
        Assert.All(weights["scale.weight"].Values.ToArray(), value => Assert.Equal(1, value));
        Assert.All(weights["scale.bias"].Values.ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Gradients_of_scales_and_gates_are_those_of_finite_differences()
    {
        ImportedNetwork imported = OnnxFixtures.Load("scales");
        using IEngine engine = Engines.Create("cpu");
        using HostTensor images = SmallNetworks.Images(3, 1, 20, 24);
        using ForwardPass pass = ForwardPass.Run(engine, imported.Network, imported.Weights, images);
        using HostTensor seed = SmallNetworks.OneHot(5, 1);
        IReadOnlyDictionary<string, Tensor> gradients = BackwardPass.ParameterGradients(pass, seed, [.. imported.Network.WeightLayers]);
        foreach (string name in imported.Weights.Names)
        {
            HostTensor tensor = imported.Weights[name];
            float[] gradient = SmallNetworks.Download(engine, gradients[name]);
            int at = Array.IndexOf(gradient, gradient.MaxBy(Math.Abs));
            double step = 1e-2, difference = (Logit(tensor, name, at, step) - Logit(tensor, name, at, -step)) / (2 * step);
            Assert.Equal(difference, gradient[at], 0.03 * Math.Abs(difference) + 1e-4);
        }

        double Logit(HostTensor tensor, string name, int at, double step)
        {
            float[] values = tensor.Values.ToArray();
            values[at] += (float)step;
            Weights moved = imported.Weights.With(new Dictionary<string, HostTensor> { [name] = new(tensor.Shape, values) });
            using ForwardPass other = ForwardPass.Run(engine, imported.Network, moved, images);
            return SmallNetworks.Download(engine, other.Logits)[1];
        }
    }

    [Theory]
    [InlineData("resnet18-dynamic")]
    [InlineData("cntk")]
    public void Without_batch_normalizations_the_logits_are_the_same(string file)
    {
        ImportedNetwork imported = OnnxFixtures.Load(file);
        MergedNetwork merged = MergedNetwork.Of(imported.Network);
        Assert.DoesNotContain(merged.Network.Layers, layer => layer.Operation is BatchNormOperation);
        float[] expected = Logits(imported, 1).Logits;
        float[] found = Logits(imported with { Network = merged.Network, Weights = merged.Weights(imported.Weights) }, 1).Logits;
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Fact]
    public void Gradients_of_what_was_learned_are_those_of_finite_differences()
    {
        ImportedNetwork imported = OnnxFixtures.Load("tied");
        using IEngine engine = Engines.Create("cpu");
        using HostTensor images = SmallNetworks.Images(3, 1, 16, 16);
        using ForwardPass pass = ForwardPass.Run(engine, imported.Network, imported.Weights, images);
        using HostTensor seed = SmallNetworks.OneHot(4, 1);
        IReadOnlyDictionary<string, Tensor> gradients = BackwardPass.ParameterGradients(pass, seed, [.. imported.Network.WeightLayers]);
        foreach (string name in new[] { "m1.weight", "logits.weight", "c2.bias", "c1.weight" })
        {
            float[] gradient = SmallNetworks.Download(engine, gradients[name]);
            int at = Array.IndexOf(gradient, gradient.MaxBy(Math.Abs));
            double step = 1e-2, difference = (Logit(name, at, step) - Logit(name, at, -step)) / (2 * step);
            Assert.Equal(difference, gradient[at], 0.02 * Math.Abs(difference) + 1e-4);
        }

        double Logit(string name, int at, double step)
        {
            HostTensor tensor = imported.Weights[name];
            float[] values = tensor.Values.ToArray();
            values[at] += (float)step;
            Weights moved = imported.Weights.With(new Dictionary<string, HostTensor> { [name] = new(tensor.Shape, values) });
            using ForwardPass other = ForwardPass.Run(engine, imported.Network, moved, images);
            return SmallNetworks.Download(engine, other.Logits)[1];
        }
    }

    internal static (float[] Logits, int[] Axes, HostTensor Images) Logits(ImportedNetwork imported, int batch)
    {
        ImageSize size = imported.Network.ImageSize;
        int[] axes = [batch, size.Channels, size.Height, size.Width];
        HostTensor images = SmallNetworks.Tensor(7, new Shape(axes), 2);
        using IEngine engine = Engines.Create("cpu");
        using ForwardPass pass = ForwardPass.Run(engine, imported.Network, imported.Weights, images);
        return (SmallNetworks.Download(engine, pass.Logits), axes, images);
    }

    private static float[] Softmax(float[] logits)
    {
        double largest = logits.Max(), sum = logits.Sum(logit => Math.Exp(logit - largest));
        return Array.ConvertAll(logits, logit => (float)(Math.Exp(logit - largest) / sum));
    }

    private static void AssertClose(string what, JsonElement reference, float[] actual)
    {
        float[] expected = [.. reference.GetProperty(what).EnumerateArray().Select(value => value.GetSingle())];
        Assert.Equal(expected.Length, actual.Length);
        float largest = expected.Max(Math.Abs), difference = expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max();
        Assert.True(
            largest > 0 && difference <= 1e-4f * largest, $"{what}: largest difference {difference:E2}, largest magnitude {largest:E2}");
    }
}
