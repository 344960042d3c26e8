using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Networks.Operations;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.Attribution;

/// <summary>The three rules at ReLUs by hand, and where they must agree.</summary>
public class GradientRuleTests
{
    // Sums before the ReLU and gradients above it: all four combinations of signs, exactly 0, exactly 6 and beyond it.
    private static readonly float[] Sums = [2, 2, -2, -2, 0, 0, 6, 7, 7, 5];
    private static readonly float[] Above = [3, -3, 3, -3, 3, -3, 3, 3, -3, 4];

    [Theory]
    [InlineData("gradient", Activation.Relu, new float[] { 3, -3, 0, 0, 0, 0, 3, 3, -3, 4 })]
    [InlineData("guided_backprop", Activation.Relu, new float[] { 3, 0, 0, 0, 0, 0, 3, 3, 0, 4 })]
    [InlineData("deconvnet", Activation.Relu, new float[] { 3, 0, 3, 0, 3, 0, 3, 3, 0, 4 })]
    [InlineData("gradient", Activation.Relu6, new float[] { 3, -3, 0, 0, 0, 0, 0, 0, 0, 4 })]
    [InlineData("guided_backprop", Activation.Relu6, new float[] { 3, 0, 0, 0, 0, 0, 0, 0, 0, 4 })]
    [InlineData("deconvnet", Activation.Relu6, new float[] { 3, 0, 3, 0, 3, 0, 3, 3, 0, 4 })]
    public void A_relu_passes_gradients_by_its_rule(string method, Activation activation, float[] expected)
    {
        var sketch = new GraphSketch();
        Layer relu = sketch.Relu("relu", sketch.Convolution("conv", sketch.Input, 3, Sums.Length, 1), activation);
        sketch.Add("linear", new LinearOperation(new Shape(1, Sums.Length)), sketch.Add("flatten", new FlattenOperation(), relu));
        Network network = sketch.Build(relu);

        // One pixel: red is 1, and channel k's weight for red is its sum; so the gradient at the image is the weights times the passed
        // ones.
        var weights = new Weights(new Dictionary<string, HostTensor>
        {
            ["conv.weight"] = new(new Shape(Sums.Length, 3, 1, 1), [.. Sums.SelectMany((sum, k) => new[] { sum, 1 << k, 0 })]),
            ["conv.bias"] = new(new Shape(Sums.Length), new float[Sums.Length]),
            ["linear.weight"] = new(new Shape(1, Sums.Length), Above),
            ["linear.bias"] = new(new Shape(1), [0]),
        });
        using IEngine engine = Engines.Create("cpu");
        using var image = new HostTensor(new Shape(1, 3, 1, 1), [1, 0, 0]);
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, image);
        using var explanation = new Explanation(pass, [0], relu, [AttributionMethods.Find(method)]);
        float[] map = explanation.Download(AttributionMethods.Find(method))[0].Values.ToArray();
        Assert.Equal([Sums.Zip(expected, (w, g) => w * g).Sum(), expected.Select((g, k) => (1 << k) * g).Sum(), 0], map);
    }

    [Theory]
    [InlineData("vgg16")]
    [InlineData("squeezenet1_1")]
    public void All_rules_agree_on_a_network_without_negative_numbers(string architecture)
    {
        (Network network, Weights weights) = SmallNetworks.Narrow(architecture, width: 3);
        Weights positive = weights.With(weights.ToDictionary(
            one => one.Key, one =>
                new HostTensor(one.Value.Shape, [.. one.Value.Values.ToArray().Select(value => Math.Abs(value) + 0.01f)])));
        using IEngine engine = Engines.Create("cpu");
        using HostTensor signed = SmallNetworks.Images(3, 2, 40, 40);
        using var images = new HostTensor(signed.Shape, [.. signed.Values.ToArray().Select(Math.Abs)]);
        using ForwardPass pass = ForwardPass.Run(engine, network, positive, images);
        using Explanation explanation = Explain(pass, 1, 4);
        float[] plain = Map(explanation, InputGradient.Instance);
        Assert.DoesNotContain(plain, value => value < 0);
        Assert.Contains(plain, value => value > 0);
        Assert.Equal(plain, Map(explanation, GuidedBackprop.Instance));
        Assert.Equal(plain, Map(explanation, Deconvnet.Instance));
    }

    [Theory]
    [InlineData("vgg16")]
    [InlineData("squeezenet1_1")]
    public void Rules_differ_on_a_network_with_both_signs_and_leave_each_other_alone(string architecture)
    {
        (Network network, Weights weights) = SmallNetworks.Narrow(architecture);
        using IEngine engine = Engines.Create("cpu");
        using HostTensor images = SmallNetworks.Images(3, 2, 40, 40);
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
        using Explanation before = Explain(pass, 1, 3), after = Explain(pass, 1, 3);
        float[] plain = Map(before, InputGradient.Instance);
        float[] guided = Map(after, GuidedBackprop.Instance), deconvnet = Map(after, Deconvnet.Instance);
        Assert.Equal(plain, Map(after, InputGradient.Instance));
        Assert.Equal(guided, Map(before, GuidedBackprop.Instance));
        Assert.NotEqual(plain, guided);
        Assert.NotEqual(guided, deconvnet);
        Assert.NotEqual(plain, deconvnet);
    }

    private static Explanation Explain(ForwardPass pass, params int[] targets) =>
        new(pass, targets, pass.Network.Explained, [.. AttributionMethods.All]);

    private static float[] Map(Explanation explanation, AttributionMethod method) =>
        [.. explanation.Download(method).SelectMany(map => map.Values.ToArray())];
}
