using SanityChecks.Compute;
using SanityChecks.Saliency.Models;

namespace SanityChecks.Tests.Models;

/// <summary>Gradients against differences of logits.</summary>
/// <remarks>
/// These networks are piecewise linear, so the slopes to both sides agree but at a kink (a ReLU or a maximum that switches within the
/// step); kinks are left out, and few may be.
/// </remarks>
public class FiniteDifferenceTests
{
    private const int Target = 2;
    private const float Step = 1f / 64;

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
        AssertSlopes([.. chosen.Select(i => gradient[i])], i => Slope(engine, network, weights, sign => Nudged(images, chosen[i], sign)), "image");
    }

    private static float[][] Gradients(IEngine engine, Network network, Weights weights, HostTensor images, params Layer[] wanted)
    {
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
        IReadOnlyDictionary<Layer, Tensor> result = BackwardPass.Run(pass, SmallNetworks.OneHot(network.Classes, Target), GradientRule.Plain, wanted);
        float[][] gradients = [.. wanted.Select(layer => SmallNetworks.Download(engine, result[layer]))];
        foreach (Tensor tensor in result.Values)
        {
            tensor.Dispose();
        }

        return gradients;
    }

    private static void AssertSlopes(float[] gradient, Func<int, double?> slope, string where)
    {
        Assert.Contains(gradient, value => value != 0);
        float largest = gradient.Max(Math.Abs);
        int measured = 0;
        for (int i = 0; i < gradient.Length; i++)
        {
            if (slope(i) is { } expected)
            {
                measured++;
                Assert.True(Math.Abs(expected - gradient[i]) <= (2e-3 * largest) + 1e-4, $"{where} [{i}]: {gradient[i]}, by differences {expected}");
            }
        }

        Assert.InRange(measured, gradient.Length * 3 / 4, gradient.Length);
    }

    private static double? Slope(IEngine engine, Network network, HostTensor images, Func<int, Weights> weights) =>
        Slope(sign => Logit(engine, network, weights(sign), images));

    private static double? Slope(IEngine engine, Network network, Weights weights, Func<int, HostTensor> images) =>
        Slope(sign => Logit(engine, network, weights, images(sign)));

    private static double? Slope(Func<int, double> logit)
    {
        double above = (logit(1) - logit(0)) / Step, below = (logit(0) - logit(-1)) / Step;
        return Math.Abs(above - below) <= 1e-3 * (Math.Abs(above) + Math.Abs(below)) + 2e-4 ? (above + below) / 2 : null;
    }

    private static double Logit(IEngine engine, Network network, Weights weights, HostTensor images)
    {
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
        return SmallNetworks.Download(engine, pass.Logits)[Target];
    }

    private static Weights Nudged(Weights weights, string name, int index, int sign) =>
        weights.With(new Dictionary<string, HostTensor> { [name] = Nudged(weights[name], index, sign) });

    private static HostTensor Nudged(HostTensor tensor, int index, int sign)
    {
        float[] values = tensor.Values.ToArray();
        values[index] += sign * Step;
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
