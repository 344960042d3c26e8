using System.Text.Json;
using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Networks.Architectures;
using SanityChecks.Saliency.Attribution;

namespace SanityChecks.Tests.Networks;

/// <summary>Narrow networks of every architecture, most at three image sizes, against PyTorch's numbers in small_networks.json.</summary>
public class SmallNetworkReferenceTests
{
    private const int Stride = 197, WeightStride = 23, Target = 3;

    private static readonly JsonElement Reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(
        SharedFolder.RepositoryRoot, "tests", "SanityChecks.Tests", "Networks", "small_networks.json"))).RootElement;

    /// <summary>The plain loops only once, since they are slow.</summary>
    public static TheoryData<string, string, int> Cases =>
    [
        .. ArchitectureList.Names.SelectMany(
            network => Enumerable.Range(0, Reference.GetProperty(network).GetArrayLength())
                .Select(size => new TheoryDataRow<string, string, int>("cpu", network, size))),
        new TheoryDataRow<string, string, int>("reference", "squeezenet1_1", 2),
    ];

    [Theory, MemberData(nameof(Cases))]
    public void Logits_and_maps_equal_pytorch(string engineName, string architecture, int size)
    {
        JsonElement expected = Reference.GetProperty(architecture)[size];
        int height = expected.GetProperty("height").GetInt32(), width = expected.GetProperty("width").GetInt32();
        using IEngine engine = Engines.Create(engineName);
        (Network network, Weights weights) = SmallNetworks.Narrow(architecture);
        using HostTensor images = SmallNetworks.Images(
            1000 + height, 2, height, width, channels: network.ImageSize.Channels);
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
        AssertClose("logits", expected, SmallNetworks.Download(engine, pass.Logits));
        using var explanation = new Explanation(pass, [Target, Target], network.Explained, [.. AttributionMethods.All]);
        float[] cam = explanation.Download(explanation.NativeMap(GradCam.Instance))[0].Values.ToArray();
        AssertClose("grad_cam", expected, cam);
        foreach (AttributionMethod method in new AttributionMethod[] { InputGradient.Instance, GuidedBackprop.Instance,
            Deconvnet.Instance })
        {
            float[] map = explanation.Download(method)[0].Values.ToArray();
            AssertClose(method.Name, expected, [.. map.Where((_, i) => i % Stride == 0)]);
        }
    }

    /// <summary>A bias is added at every position, so its gradient is the sum over space of the gradient at its layer.</summary>
    [Theory, MemberData(nameof(Cases))]
    public void Gradients_at_all_layers_with_weights_add_up_to_pytorchs_of_the_biases(string engineName, string architecture, int size)
    {
        JsonElement expected = Reference.GetProperty(architecture)[size];
        int height = expected.GetProperty("height").GetInt32(), width = expected.GetProperty("width").GetInt32();
        using IEngine engine = Engines.Create(engineName);
        (Network network, Weights weights) = SmallNetworks.Narrow(architecture);
        using HostTensor images = SmallNetworks.Images(
            1000 + height, 2, height, width, channels: network.ImageSize.Channels);
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
        float[] first =
            [.. SmallNetworks.OneHot(network.Classes, Target, Target).Values.ToArray()
                .Select((value, i) => i < network.Classes ? value : 0)];
        using Tensor seed = engine.Upload(pass.Logits.Shape, first);
        IReadOnlyDictionary<Layer, Tensor> gradients = BackwardPass.Run(pass, seed, BackwardRule.Derivative, [.. network.WeightLayers]);
        IEnumerable<Layer> biased = network.WeightLayers.Where(
            layer => layer.TensorNames.Any(name => name.EndsWith(".bias", StringComparison.Ordinal)));
        AssertClose("bias_gradients", expected, [.. biased.Reverse().SelectMany(layer =>
        {
            using Tensor sums = engine.BiasGradient(gradients[layer]);
            return SmallNetworks.Download(engine, sums);
        })]);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Gradients_of_what_the_layers_have_learned_equal_pytorch(string engineName, string architecture, int size)
    {
        JsonElement expected = Reference.GetProperty(architecture)[size];
        int height = expected.GetProperty("height").GetInt32(), width = expected.GetProperty("width").GetInt32();
        using IEngine engine = Engines.Create(engineName);
        (Network network, Weights weights) = SmallNetworks.Narrow(architecture);
        using HostTensor images = SmallNetworks.Images(
            1000 + height, 2, height, width, channels: network.ImageSize.Channels);
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
        float[] first =
            [.. SmallNetworks.OneHot(network.Classes, Target, Target).Values.ToArray()
                .Select((value, i) => i < network.Classes ? value : 0)];
        using Tensor seed = engine.Upload(pass.Logits.Shape, first);
        IReadOnlyDictionary<string, Tensor> gradients = BackwardPass.ParameterGradients(pass, seed, [.. network.WeightLayers]);
        AssertClose("bias_gradients", expected, All(".bias"));
        AssertClose("weight_gradients", expected, [.. All(".weight").Where((_, i) => i % WeightStride == 0)]);

        float[] All(string suffix) => [.. network.Tensors.Where(tensor => tensor.Name.EndsWith(suffix, StringComparison.Ordinal))
            .SelectMany(tensor => SmallNetworks.Download(engine, gradients[tensor.Name]))];
    }

    private static void AssertClose(string what, JsonElement reference, float[] actual)
    {
        float[] expected = [.. reference.GetProperty(what).EnumerateArray().Select(value => value.GetSingle())];
        Assert.Equal(expected.Length, actual.Length);
        float largest = expected.Max(Math.Abs), difference = expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max();
        Assert.True(
            largest > 0 && difference <= 2e-5f * largest, $"{what}: largest difference {difference:E2}, largest magnitude {largest:E2}");
    }
}
