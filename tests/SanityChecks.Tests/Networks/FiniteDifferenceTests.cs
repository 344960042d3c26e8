using SanityChecks.Compute;
using SanityChecks.Networks;

namespace SanityChecks.Tests.Networks;

/// <summary>Gradients against differences of logits.</summary>
/// <remarks>
/// These networks are piecewise linear, so the slopes to both sides agree but at a kink (a ReLU or a maximum that switches within the
/// step); kinks are left out, and few may be.
/// </remarks>
public class FiniteDifferenceTests
{
    private const int Target = 2;
    private const float Step = 1f / 64;

    // A weight moves many activations at once, so a wide step meets a kink more often than not.
    private const float WeightStep = 1f / 1024;

    [Theory]
    [InlineData("at_image")]
    [InlineData("at_relu6")]
    [InlineData("at_relu1")]
    [InlineData("at_add3")]
    [InlineData("at_pool")]
    public void Gradients_of_a_residual_network_are_its_slopes(string probe)
    {
        Network network = GraphSketch.Residual();
        Weights weights = SmallNetworks.Fill(network);
        HostTensor images = SmallNetworks.Images(5, 1, 7, 6, scale: 4);
        using var engine = new PoisoningEngine();
        AssertSaturatesSomewhere(engine, network, weights, images);
        float[] gradient = Gradients(engine, network, weights, images, network.Find(probe))[0];
        AssertSlopes(gradient, i => Slope(engine, network, images, sign => Nudged(weights, probe + ".offset", i, sign)), probe);
    }

    [Fact]
    public void Gradients_at_the_image_are_the_slopes_of_a_network_with_branches()
    {
        (Network network, Weights weights) = SmallNetworks.Narrow("squeezenet1_1", width: 3);
        HostTensor images = SmallNetworks.Images(6, 1, 33, 32);
        using IEngine engine = Engines.Create("cpu");
        float[] gradient = Gradients(engine, network, weights, images, network.Input)[0];
        int[] chosen = [.. Enumerable.Range(0, 40).Select(i => i * 79)];
        AssertSlopes(
            [.. chosen.Select(i => gradient[i])], i => Slope(engine, network, weights, sign => Nudged(images, chosen[i], sign)), "image");
    }

    [Theory]
    [InlineData("conv1.weight")]
    [InlineData("bn1.weight")]
    [InlineData("bn1.bias")]
    [InlineData("conv2.weight")]
    [InlineData("conv3.bias")]
    [InlineData("conv5.weight")]
    [InlineData("conv5.bias")]
    public void Gradients_of_learned_tensors_are_the_slopes_of_a_residual_network(string name)
    {
        Network network = GraphSketch.Residual();
        Weights weights = SmallNetworks.Fill(network);
        HostTensor images = SmallNetworks.Images(5, 1, 7, 6, scale: 4);
        using var engine = new PoisoningEngine();
        float[] gradient = ParameterGradients(engine, network, weights, images, network.WeightLayers)[name];
        AssertSlopes(
            gradient, i => Slope(engine, network, images, sign => Nudged(weights, name, i, sign, WeightStep), WeightStep), name,
            least: 0.5);
    }

    [Theory]
    [InlineData("vgg16", 5)]
    [InlineData("squeezenet1_1", 3)]
    public void Gradients_of_learned_tensors_are_the_slopes_of_an_architecture(string architecture, int stride)
    {
        (Network network, Weights weights) = SmallNetworks.Narrow(architecture, width: 2, hidden: 3);
        HostTensor images = SmallNetworks.Images(7, 1, 33, 32);
        using IEngine engine = Engines.Create("cpu");
        Dictionary<string, float[]> gradients = ParameterGradients(engine, network, weights, images, network.WeightLayers);
        Assert.Equal(
            network.Tensors.Select(tensor => tensor.Name).Order(StringComparer.Ordinal), gradients.Keys.Order(StringComparer.Ordinal));
        (string Name, int Index)[] chosen =
            [.. network.Tensors.SelectMany(tensor => Enumerable.Range(0, (int)tensor.Shape.Count).Select(i => (tensor.Name, i)))
                .Where((_, i) => i % (stride * 7) == 0)];
        AssertSlopes(
            [.. chosen.Select(one => gradients[one.Name][one.Index])],
            i => Slope(engine, network, images, sign => Nudged(weights, chosen[i].Name, chosen[i].Index, sign, WeightStep), WeightStep),
            architecture, least: 0.5);
    }

    private static Dictionary<string, float[]> ParameterGradients(
        IEngine engine, Network network, Weights weights, HostTensor images, IReadOnlyCollection<Layer> layers)
    {
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
        IReadOnlyDictionary<string, Tensor> result = BackwardPass.ParameterGradients(
            pass, SmallNetworks.OneHot(network.Classes, Target), layers);
        return result.ToDictionary(one => one.Key, one => SmallNetworks.Download(engine, one.Value));
    }

    private static float[][] Gradients(IEngine engine, Network network, Weights weights, HostTensor images, params Layer[] wanted)
    {
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
        IReadOnlyDictionary<Layer, Tensor> result = BackwardPass.Run(
            pass, SmallNetworks.OneHot(network.Classes, Target), BackwardRule.Derivative, wanted);
        float[][] gradients = [.. wanted.Select(layer => SmallNetworks.Download(engine, result[layer]))];
        foreach (Tensor tensor in result.Values)
        {
            tensor.Dispose();
        }

        return gradients;
    }

    private static void AssertSlopes(float[] gradient, Func<int, double?> slope, string where, double least = 0.75)
    {
        Assert.Contains(gradient, value => value != 0);
        float largest = gradient.Max(Math.Abs);
        int measured = 0;
        for (int i = 0; i < gradient.Length; i++)
        {
            if (slope(i) is { } expected)
            {
                measured++;
                Assert.True(
                    Math.Abs(expected - gradient[i]) <= (2e-3 * largest) + 1e-4,
                    $"{where} [{i}]: {gradient[i]}, by differences {expected}");
            }
        }

        Assert.InRange(measured, gradient.Length * least, gradient.Length);
    }

    private static double? Slope(IEngine engine, Network network, HostTensor images, Func<int, Weights> weights, float step = Step) =>
        Slope(sign => Logit(engine, network, weights(sign), images), step);

    private static double? Slope(IEngine engine, Network network, Weights weights, Func<int, HostTensor> images) =>
        Slope(sign => Logit(engine, network, weights, images(sign)), Step);

    private static double? Slope(Func<int, double> logit, float step)
    {
        double above = (logit(1) - logit(0)) / step, below = (logit(0) - logit(-1)) / step, rounding = 2e-4 * (Step / step);
        return Math.Abs(above - below) <= 1e-3 * (Math.Abs(above) + Math.Abs(below)) + rounding ? (above + below) / 2 : null;
    }

    private static double Logit(IEngine engine, Network network, Weights weights, HostTensor images)
    {
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
        return SmallNetworks.Download(engine, pass.Logits)[Target];
    }

    private static Weights Nudged(Weights weights, string name, int index, int sign, float step = Step) =>
        weights.With(new Dictionary<string, HostTensor> { [name] = Nudged(weights[name], index, sign, step) });

    private static HostTensor Nudged(HostTensor tensor, int index, int sign, float step = Step)
    {
        float[] values = tensor.Values.ToArray();
        values[index] += sign * step;
        return new HostTensor(tensor.Shape, values);
    }

    private static void AssertSaturatesSomewhere(IEngine engine, Network network, Weights weights, HostTensor images)
    {
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
        float[] values = SmallNetworks.Download(engine, pass[network.Find("relu6")]);
        Assert.Contains(6f, values);
        Assert.Contains(0f, values);
        Assert.Contains(values, value => value is > 0 and < 6);
    }
}
