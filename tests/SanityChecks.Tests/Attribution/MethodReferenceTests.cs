using System.Text.Json;
using SanityChecks.Compute;
using SanityChecks.Images;
using SanityChecks.Networks;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.Attribution;

/// <summary>Maps of the methods beyond gradients and CAMs against PyTorch and SciPy on narrow networks (make_methods.py), and what holds of
/// them by definition.</summary>
public class MethodReferenceTests
{
    private const int Size = 64, Stride = 197, MapStride = 31;
    private const ulong Seed = 7;

    private static readonly string[] Ids = ["first.png", "second.png"];
    private static readonly int[] Targets = [3, 1];

    private static readonly JsonElement Reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(
        SharedFolder.RepositoryRoot, "tests", "SanityChecks.Tests", "Attribution", "methods.json"))).RootElement;

    private static ConfiguredMethod With(AttributionMethod method, params (string Parameter, string Value)[] values) =>
        ConfiguredMethod.Of(method, values.ToDictionary(value => value.Parameter, value => (IReadOnlyList<string>)[value.Value]));

    public static TheoryData<string, string> Maps =>
        [.. Reference.EnumerateObject()
            .SelectMany(network => network.Value.GetProperty("maps").EnumerateObject().Select(map => (network.Name, map.Name)))];

    [Theory, MemberData(nameof(Maps))]
    public void A_map_is_that_of_PyTorch(string network, string map)
    {
        ConfiguredMethod method = map.Split('/') switch
        {
            ["integrated_gradients", var baseline] => With(IntegratedGradients.Instance, ("steps", "8"), ("baseline", baseline)),
            ["smooth", _] => ConfiguredMethod.Of(InputGradient.Instance) with { Smoothing = new Smoothing(4, 0.2) },
            ["smooth_grad" or "smooth_grad_squared" or "var_grad"] =>
                With(AttributionMethods.Find(map), ("samples", "4"), ("noise", "0.2")),
            ["smooth_integrated_gradients"] =>
                With(SmoothIntegratedGradients.Instance, ("samples", "2"), ("noise", "0.2"), ("steps", "3"), ("baseline", "mean")),
            ["gradient_shap"] => With(GradientShap.Instance, ("samples", "4"), ("baseline", "white")),
            ["occlusion"] => With(Occlusion.Instance, ("window", "20"), ("stride", "12")),
            ["rise"] => With(Rise.Instance, ("masks", "6"), ("grid", "5"), ("p", "0.4")),
            ["lrp_epsilon"] => With(LrpEpsilon.Instance, ("epsilon", "0.05")),
            _ => InputXGradient.Instance,
        };
        double[] expected =
            [.. Reference.GetProperty(network).GetProperty("maps").GetProperty(map).EnumerateArray().Select(value => value.GetDouble())];
        foreach (string engine in new[] { "cpu", "reference" })
        {
            (float[] all, MethodFact[] facts) = Compute(engine, network, method);
            float[] values = [.. all.Where((_, i) => i % (map is "rise" or "occlusion" ? MapStride : Stride) == 0)];
            Assert.Equal(expected.Length, values.Length);
            double tolerance = 2e-5 * expected.Max(Math.Abs);
            Assert.All(expected.Zip(values), pair => Assert.Equal(pair.First, pair.Second, tolerance));
            foreach (MethodFact fact in facts)
            {
                Assert.Equal("completeness_error", fact.Name);
                JsonElement errors = Reference.GetProperty(network).GetProperty("errors").GetProperty(map.Split('/')[1]);
                Assert.All(errors.EnumerateArray().Zip(fact.Values), pair => Assert.Equal(pair.First.GetDouble(), pair.Second, 1e-4));
            }
        }
    }

    [Theory]
    [InlineData("vgg16")]
    [InlineData("squeezenet1_1")]
    public void LRP_is_Input_x_Gradient_as_epsilon_goes_to_0(string network)
    {
        float[] product = Compute("reference", network, InputXGradient.Instance).Values;
        Assert.Equal(0, Difference("0"), 1e-4);
        Assert.InRange(Difference("0.05"), 1e-3, 10);

        double Difference(string epsilon) =>
            Compute("reference", network, With(LrpEpsilon.Instance, ("epsilon", epsilon))).Values.Zip(
                product, (a, b) => Math.Abs(a - (double)b)).Max() / product.Max(Math.Abs);
    }

    [Fact]
    public void Without_noise_SmoothGrad_is_the_gradient() =>
        Assert.Equal(
            Compute("cpu", "vgg16", InputGradient.Instance).Values,
            Compute("cpu", "vgg16", With(SmoothGrad.Instance, ("samples", "1"), ("noise", "0"))).Values);

    [Fact]
    public void Methods_of_the_same_noise_share_its_passes_and_others_do_not()
    {
        string[] few = ["samples=3", "noise=0.1"], more = ["samples=4", "noise=0.1"];
        Assert.Equal(3, Passes(Of("smooth_grad", few), Of("smooth_grad_squared", few), Of("var_grad", few)));
        Assert.Equal(7, Passes(Of("smooth_grad", few), Of("var_grad", more)));

        static ConfiguredMethod Of(string name, string[] values) =>
            With(AttributionMethods.Find(name), [.. values.Select(value => (value.Split('=')[0], value.Split('=')[1]))]);

        static int Passes(params ConfiguredMethod[] methods)
        {
            (Network network, Weights weights) = SmallNetworks.Narrow("vgg16");
            using IEngine engine = Engines.Create("cpu");
            using HostTensor images = SmallNetworks.Images(11, 2, Size, Size);
            using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
            using var explanation = new Explanation(pass, Targets, network.Explained, methods, Space(Ids));
            Assert.All(methods, method => Assert.NotEmpty(explanation.Download(method)));
            return explanation.Passes;
        }
    }

    [Theory]
    [InlineData(64, 64, 1)]
    [InlineData(64, 7, 1)]
    [InlineData(32, 32, 4)]
    [InlineData(33, 31, 4)]
    [InlineData(100, 1, 1)]
    public void Squares_cover_the_image_and_a_whole_one_gives_the_fall_everywhere(int window, int stride, int squares)
    {
        float[] values = Compute("cpu", "vgg16", With(Occlusion.Instance, ("window", $"{window}"), ("stride", $"{stride}"))).Values;
        float[][] images = [.. values.Chunk(Size * Size)];
        Assert.All(
            images, image =>
                Assert.True(squares == 1 ? image.Distinct().Count() == 1 && image[0] != 0 : image.Distinct().Count() is > 1 and <= 9));
    }

    [Fact]
    public void Masks_that_cover_nothing_give_the_probability_everywhere()
    {
        float[] values = Compute("cpu", "vgg16", With(Rise.Instance, ("masks", "3"), ("p", "1"))).Values;
        float[][] images = [.. values.Chunk(Size * Size)];
        Assert.All(images, image => Assert.All(image, value => Assert.Equal(image[0], value, 1e-6)));
        Assert.NotEqual(images[0][0], images[1][0]);
        Assert.InRange(images[0][0], 0.2f, 1);
    }

    [Fact]
    public void More_steps_make_Integrated_Gradients_more_complete()
    {
        double[] errors =
            [.. new[] { "4", "64", "512" }.Select(
                steps => Math.Abs(Compute("cpu", "vgg16", With(IntegratedGradients.Instance, ("steps", steps))).Facts[0].Values[0]))];
        Assert.True(errors[2] < 0.02 && errors[1] < errors[0], string.Join(", ", errors));
    }

    [Fact]
    public void Random_numbers_are_those_of_the_image_and_the_name_wherever_it_stands_in_the_batch()
    {
        ConfiguredMethod method = With(SmoothGrad.Instance, ("samples", "2"));
        ConfiguredMethod other = ConfiguredMethod.Of(
            SmoothGrad.Instance, new Dictionary<string, IReadOnlyList<string>> { ["samples"] = ["2"] }, "smooth");
        (Network network, Weights weights) = SmallNetworks.Narrow("vgg16");
        float[] both = Compute("cpu", "vgg16", method).Values;
        float[] swapped = Maps(network, weights, [1, 0]);
        float[] alone = Maps(network, weights, [1]);
        Assert.Equal(both[(both.Length / 2)..], alone);
        Assert.Equal(both[(both.Length / 2)..], swapped[..(both.Length / 2)]);
        Assert.NotEqual(both, Compute("cpu", "vgg16", other).Values);

        float[] Maps(Network graph, Weights values, int[] order)
        {
            float[][] images = [.. SmallNetworks.Images(11, 2, Size, Size).Values.ToArray().Chunk(3 * Size * Size)];
            using var batch = new HostTensor(new Shape(order.Length, 3, Size, Size), [.. order.SelectMany(n => images[n])]);
            using IEngine engine = Engines.Create("cpu");
            using ForwardPass pass = ForwardPass.Run(engine, graph, values, batch);
            using var explanation = new Explanation(
                pass, [.. order.Select(n => Targets[n])], graph.Explained, [method], Space([.. order.Select(n => Ids[n])]));
            return [.. explanation.Download(method).SelectMany(map => map.Values.ToArray())];
        }
    }

    private static InputSpace Space(string[] ids) =>
        new(Seed, ids, [.. ids.Select(_ => new RgbImage(Size, Size, new byte[3 * Size * Size]))], Normalization.ImageNet);

    private static (float[] Values, MethodFact[] Facts) Compute(string engineName, string name, ConfiguredMethod method)
    {
        (Network network, Weights weights) = SmallNetworks.Narrow(name);
        using IEngine engine = Engines.Create(engineName);
        using HostTensor images = SmallNetworks.Images(11, 2, Size, Size);
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
        using var explanation = new Explanation(pass, Targets, network.Explained, [method], Space(Ids));
        SaliencyMap[] maps = explanation.Download(method);
        return ([.. maps.SelectMany(map => map.Values.ToArray())], [.. explanation.Facts]);
    }
}
