using System.Text.Json;
using SanityChecks.Compute;
using SanityChecks.Images;
using SanityChecks.Networks;
using SanityChecks.Networks.Architectures;
using SanityChecks.Saliency.Attribution;

namespace SanityChecks.Tests.Networks;

/// <summary>Networks of every architecture at their published widths, on three photographs, against PyTorch's numbers of double precision
/// in full_networks.json (make_full_networks.py).</summary>
public class FullNetworkReferenceTests
{
    private const int LogitStride = 25;

    private static readonly JsonElement Reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(
        SharedFolder.RepositoryRoot, "tests", "SanityChecks.Tests", "Networks", "full_networks.json"))).RootElement;

    public static TheoryData<string> Architectures => [.. ArchitectureList.Names];

    /// <summary>Logits to 1e-3, maps to 1e-4 of their largest magnitude; where PyTorch's single precision is further from its double
    /// precision on one of the photographs, since a ReLU or a pooling window decides otherwise, a map may be as far.</summary>
    [Theory, MemberData(nameof(Architectures))]
    public void Logits_and_six_maps_of_photographs_equal_pytorch(string architecture)
    {
        string photographs = SharedFolder.PathOrSkip("data/imagenet-val");
        Network network = ArchitectureList.Build(architecture);
        Weights weights = SmallNetworks.Fill(network);
        Preprocessing preprocessing = For(network);
        using IEngine engine = Engines.Create("cpu");
        JsonElement measured = Reference.GetProperty(architecture);
        foreach (JsonElement expected in measured.EnumerateArray())
        {
            string path = Directory.GetFiles(
                photographs, expected.GetProperty("photograph").GetString()!, SearchOption.AllDirectories).Single();
            using Tensor image = preprocessing.ToTensor([preprocessing.Fit(ImageFile.Load(path))], engine);
            using ForwardPass pass = ForwardPass.Run(engine, network, weights, image);
            float[] logits = SmallNetworks.Download(engine, pass.Logits);
            float largest = expected.GetProperty("largest_logit").GetSingle();
            AssertClose("logits", expected.GetProperty("logits"), logits, LogitStride, 1e-3f * largest);
            int target = expected.GetProperty("target").GetInt32();
            using var explanation = new Explanation(pass, [target], network.Explained, [.. AttributionMethods.All]);
            using Tensor gradCam = explanation.NativeMap(GradCam.Instance);
            AssertMap(measured, expected, "grad_cam", explanation.Download(gradCam)[0].Values.ToArray());
            Tensor activation = explanation.Activation(network.Explained);
            float[] values = SmallNetworks.Download(engine, activation);
            float[] gradient = SmallNetworks.Download(engine, explanation.Gradient(BackwardRule.Derivative, network.Explained));
            AssertMap(measured, expected, "hires_cam", OverChannels(values, gradient, activation.Shape, g => g));
            AssertMap(measured, expected, "layer_cam", OverChannels(values, gradient, activation.Shape, g => Math.Max(g, 0)));
            foreach (AttributionMethod method in new AttributionMethod[] { InputGradient.Instance, GuidedBackprop.Instance,
                Deconvnet.Instance })
            {
                AssertMap(measured, expected, method.Name, explanation.Download(method)[0].Values.ToArray());
            }
        }
    }

    private static Preprocessing For(Network network)
    {
        ImageSize size = network.ImageSize;
        Preprocessing preprocessing = size switch
        {
            (1, _, _) => Preprocessing.Squash with { Normalization = new(PixelRange.ToOne, [0.5f], [0.5f], ChannelOrder.Gray) },
            (_, 32, _) => Preprocessing.Squash,
            _ => Preprocessing.ImageNet,
        };
        return preprocessing with { Height = size.Height, Width = size.Width, Resize = Preprocessing.ResizeFor(size.Height, size.Width) };
    }

    /// <summary>The positive part of the sum over channels of activation times weighted gradient.</summary>
    private static float[] OverChannels(float[] activation, float[] gradient, Shape shape, Func<float, float> part)
    {
        int positions = shape[2] * shape[3];
        return [.. Enumerable.Range(0, positions).Select(i => (float)Math.Max(
            Enumerable.Range(0, shape[1]).Sum(c => (double)part(gradient[(c * positions) + i]) * activation[(c * positions) + i]), 0))];
    }

    private static void AssertMap(JsonElement measured, JsonElement photograph, string name, float[] actual)
    {
        JsonElement expected = photograph.GetProperty(name);
        float single = measured.EnumerateArray().Max(one => one.GetProperty(name).GetProperty("single_precision").GetSingle());
        AssertClose(
            name, expected.GetProperty("values"), actual, expected.GetProperty("stride").GetInt32(),
            Math.Max(1e-4f, single) * expected.GetProperty("largest").GetSingle());
    }

    private static void AssertClose(string what, JsonElement reference, float[] actual, int stride, float tolerance)
    {
        float[] expected = [.. reference.EnumerateArray().Select(value => value.GetSingle())];
        Assert.Equal(expected.Length, (actual.Length + stride - 1) / stride);
        float difference = expected.Select((value, i) => Math.Abs(value - actual[i * stride])).Max();
        Assert.True(difference <= tolerance, $"{what}: largest difference {difference:E2}, at most {tolerance:E2}");
    }
}
