using System.Text.Json;
using SanityChecks.Compute;
using SanityChecks.Compute.Reference;
using SanityChecks.Networks;
using SanityChecks.Networks.Architectures;
using SanityChecks.Networks.Operations;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Saliency.Rules;
using SanityChecks.Saliency.Rules.Relevance;
using SanityChecks.Tests.Compute;

namespace SanityChecks.Tests.Networks;

/// <summary>Operations that are more than one of the engine's: their derivatives are the slope of what they give, and rules conserve what
/// they hand down.</summary>
public class OperationTests
{
    private const float Step = 1f / 64;

    private static readonly ReferenceEngine Engine = new();
    private static readonly HostTensor Input = EngineConformanceTests.Random(1, 2, 4, 5, 6);
    private static readonly HostTensor Channels = EngineConformanceTests.Random(2, 2, 4, 1, 1);

    public static TheoryData<string> Names => [.. Operations.Keys];

    private static Dictionary<string, (Operation Operation, HostTensor[] Inputs)> Operations => new(StringComparer.Ordinal)
    {
        ["function"] = (new FunctionOperation(PointwiseFunction.Silu), [Input]),
        ["product"] = (new ProductOperation(), [Input, EngineConformanceTests.Random(3, 2, 4, 5, 6)]),
        ["product with channels"] = (new ProductOperation(), [Input, Channels]),
        ["channels with product"] = (new ProductOperation(gate: 0), [Channels, Input]),
        ["scale and shift"] = (new ScaleOperation(new Shape(1, 4, 1, 1), new Shape(1, 4, 1, 1)), [Input]),
        ["scale"] = (new ScaleOperation(new Shape(1, 1, 5, 1), null), [Input]),
        ["shift"] = (new ScaleOperation(null, new Shape(1, 4, 5, 6)), [Input]),
        ["fixed scale"] = (ScaleOperation.Fixed(
            EngineConformanceTests.Random(4, 1, 4, 1, 1), EngineConformanceTests.Random(5, 1, 4, 1, 1)), [Input]),
        ["local response norm"] = (new LocalResponseNormOperation(3, 0.5f, 0.75f, 1.5f), [Input]),
        ["local response norm of many"] = (new LocalResponseNormOperation(6, 2, 0.5f, 1), [Input]),
        ["reshape"] = (new ReshapeOperation(2, 2, -1), [Input]),
        ["permute"] = (new PermuteOperation(0, 2, 3, 1), [Input]),
        ["channels"] = (new ChannelsOperation(1, 2), [Input]),
        ["pad"] = (new PadOperation(1, 0, 2, 3, 0.25f), [Input]),
        ["pad as TensorFlow"] = (PadOperation.Same((3, 3), (2, 2)), [Input]),
    };

    [Theory, MemberData(nameof(Names))]
    public void A_gradient_is_the_slope_of_the_output(string name)
    {
        (Operation operation, HostTensor[] inputs) = Operations[name];
        HostTensor[] parameters = [.. operation.Parameters.Select(
            (parameter, i) => EngineConformanceTests.Random((uint)(20 + i), [.. parameter.Shape.Axes]))];
        Tensor output = Forward(inputs, parameters);
        HostTensor weighting = EngineConformanceTests.Random(9, [.. output.Shape.Axes]);
        var step = new BackwardStep(Engine, weighting, inputs, output, parameters);
        AssertSlopes(inputs, operation.InputGradients(step), moved => Forward(moved, parameters));
        AssertSlopes(parameters, operation.ParameterGradients(step), moved => Forward(inputs, moved));

        Tensor Forward(HostTensor[] read, HostTensor[] learned) => operation.Forward(Engine, read, learned, Activation.None);

        void AssertSlopes(HostTensor[] tensors, Tensor?[] gradients, Func<HostTensor[], Tensor> function)
        {
            Assert.Equal(tensors.Length, gradients.Length);
            for (int k = 0; k < tensors.Length; k++)
            {
                Assert.Equal(tensors[k].Shape, gradients[k]!.Shape);
                float[] values = SmallNetworks.Download(Engine, gradients[k]!);
                for (int i = 0; i < values.Length; i += 7)
                {
                    Assert.Equal((Weighted(k, i, Step) - Weighted(k, i, -Step)) / (2 * Step), values[i], 2e-3);
                }
            }

            double Weighted(int k, int i, float by)
            {
                float[] moved = tensors[k].Values.ToArray();
                moved[i] += by;
                HostTensor[] all = [.. tensors.Select((tensor, j) => j == k ? new HostTensor(tensor.Shape, moved) : tensor)];
                return SmallNetworks.Download(Engine, function(all)).Zip(weighting.Values.ToArray(), (y, w) => (double)y * w).Sum();
            }
        }
    }

    [Theory]
    [InlineData("local_response_norm")]
    [InlineData("channel_product")]
    public void Composed_operations_equal_pytorch(string name)
    {
        HostTensor x = EngineConformanceTests.Random(1, 2, 4, 7, 6);
        (Operation operation, HostTensor[] inputs) = name == "channel_product"
            ? ((Operation)new ProductOperation(), new[] { x, Channels })
            : (new LocalResponseNormOperation(3, 0.5f, 0.75f, 1.5f), [x]);
        Tensor output = operation.Forward(Engine, inputs, [], Activation.None);
        HostTensor weighting = EngineConformanceTests.Random(9, [.. output.Shape.Axes]);
        Tensor[] gradients = operation.InputGradients(new BackwardStep(Engine, weighting, inputs, output, []));
        AssertPyTorch(name, output);
        for (int k = 0; k < gradients.Length; k++)
        {
            AssertPyTorch($"{name}.gradient{k}", gradients[k]);
        }
    }

    /// <summary>By hand: of 9 rows and windows of 3 at every second, TensorFlow pads one above and one below; of 8, one below.</summary>
    [Fact]
    public void Padding_as_in_TensorFlow_puts_the_odd_row_at_the_end()
    {
        PadOperation same = PadOperation.Same((3, 3), (2, 2), 7);
        Tensor padded = same.Forward(Engine, [new HostTensor(new Shape(1, 1, 1, 2), [1, 2])], [], Activation.None);
        Assert.Equal(new Shape(1, 1, 3, 3), padded.Shape);
        Assert.Equal([7, 7, 7, 1, 2, 7, 7, 7, 7], SmallNetworks.Download(Engine, padded));
        PadOperation first = PadOperation.Same((3, 3), (2, 2), 7, oddFirst: true);
        Tensor other = first.Forward(Engine, [new HostTensor(new Shape(1, 1, 1, 2), [1, 2])], [], Activation.None);
        Assert.Equal([7, 7, 7, 7, 1, 2, 7, 7, 7], SmallNetworks.Download(Engine, other));
    }

    [Fact]
    public void Relevance_of_a_product_goes_to_what_is_weighted()
    {
        var rule = new CompositeRule(new EpsilonRule(0), new EpsilonRule(0));
        HostTensor relevance = EngineConformanceTests.Random(9, 2, 4, 5, 6);
        Tensor[] handed = rule.PassBack(new ProductOperation(gate: 0), new BackwardStep(Engine, relevance, [Channels, Input], null, []));
        Assert.All(SmallNetworks.Download(Engine, handed[0]), value => Assert.Equal(0, value));
        Assert.Equal(relevance.Values.ToArray(), SmallNetworks.Download(Engine, handed[1]));
        Assert.Same(relevance, rule.PassBack(
            new FunctionOperation(PointwiseFunction.Silu), new BackwardStep(Engine, relevance, [Input], null, []))[0]);
    }

    /// <summary>x silu(w x) with weights for each channel: what DeepLIFT hands to the image adds up to what the logits gain over
    /// black.</summary>
    [Fact]
    public void DeepLift_through_products_and_smooth_functions_is_complete()
    {
        var sketch = new GraphSketch();
        Layer function = sketch.Add(
            "function", new FunctionOperation(PointwiseFunction.Silu), sketch.Convolution("first", sketch.Input, 3, 4, 3));
        Layer gate = sketch.Add("gate", new FunctionOperation(PointwiseFunction.Sigmoid),
            sketch.Add("mean", new AdaptiveAveragePoolOperation(1, 1), function));
        sketch.Pooled(sketch.Convolution("last", sketch.Add("product", new ProductOperation(), function, gate), 4, 3, 2));
        Network network = sketch.Build(function);
        Weights weights = SmallNetworks.Fill(network);
        HostTensor image = SmallNetworks.Images(3, 1, 6, 5);
        var black = new HostTensor(image.Shape, new float[image.Shape.Count]);
        using ForwardPass pass = ForwardPass.RunStoringAll(Engine, network, weights, image);
        using ForwardPass baseline = ForwardPass.RunStoringAll(Engine, network, weights, black);
        using HostTensor target = SmallNetworks.OneHot(network.Classes, 1);
        Tensor multipliers = BackwardPass.Run(pass, target, new RescaleRule(baseline), [network.Input])[network.Input];
        double handed = SmallNetworks.Download(Engine, multipliers).Zip(image.Values.ToArray(), (m, x) => (double)m * x).Sum();
        double gained = SmallNetworks.Download(Engine, pass.Logits)[1] - SmallNetworks.Download(Engine, baseline.Logits)[1];
        Assert.True(Math.Abs(gained) > 0.01);
        Assert.Equal(gained, handed, 1e-5);
    }

    [Fact]
    public void Methods_that_differ_at_ReLUs_alone_are_refused_where_there_is_none()
    {
        Network without = ArchitectureList.Build("efficientnet_b0"), with = ArchitectureList.Build("mobilenet_v2");
        foreach (AttributionMethod method in new AttributionMethod[] { GuidedBackprop.Instance, Deconvnet.Instance,
            GuidedGradCam.Instance })
        {
            Assert.StartsWith("efficientnet_b0 has no ReLU: ", method.Obstacle(without), StringComparison.Ordinal);
            Assert.Null(method.Obstacle(with));
        }

        Assert.Null(InputGradient.Instance.Obstacle(without));
    }

    private static void AssertPyTorch(string name, Tensor actual)
    {
        JsonElement expected = PyTorch.RootElement.GetProperty(name);
        double[] wanted = [.. expected.GetProperty("values").EnumerateArray().Select(value => value.GetDouble())];
        float[] values = SmallNetworks.Download(Engine, actual);
        Assert.Equal(wanted.Length, values.Length);
        Assert.All(wanted.Zip(values), pair => Assert.Equal(pair.First, pair.Second, 3e-6));
    }

    private static readonly JsonDocument PyTorch = JsonDocument.Parse(
        File.ReadAllText(Path.Combine(SharedFolder.RepositoryRoot, "tests/SanityChecks.Tests/Compute/torch_operations.json")));
}
