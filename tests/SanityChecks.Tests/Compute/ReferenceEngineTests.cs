using System.Text.Json;
using SanityChecks.Compute;
using SanityChecks.Compute.Reference;

namespace SanityChecks.Tests.Compute;

/// <summary>The reference loops against hand calculation, PyTorch's numbers and finite differences; they are the oracle for everything
/// else.</summary>
public class ReferenceEngineTests
{
    private static readonly ReferenceEngine Engine = new();
    private static readonly HostTensor Input = EngineConformanceTests.Random(1, 2, 4, 7, 6);

    [Fact]
    public void A_convolution_by_hand()
    {
        var input = new HostTensor(new Shape(1, 1, 3, 3), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
        var weight = new HostTensor(new Shape(1, 1, 2, 2), [1, 0, 0, -1]);
        var bias = new HostTensor(new Shape(1), [5]);
        Assert.Equal([1, 1, 1, 1], Values(Engine.Convolution(input, weight, bias, ConvolutionGeometry.Square(1, 0), Activation.None)));
        var gradient = new HostTensor(new Shape(1, 1, 2, 2), [1, 10, 100, 1000]);
        Assert.Equal(
            [1, 10, 0, 100, 999, -10, 0, -100, -1000],
            Values(Engine.ConvolutionInputGradient(gradient, weight, input.Shape, ConvolutionGeometry.Square(1, 0))));
        Assert.Equal(
            [5421, 6532, 8754, 9865],
            Values(Engine.ConvolutionWeightGradient(gradient, input, weight.Shape, ConvolutionGeometry.Square(1, 0))));
    }

    [Fact]
    public void A_layer_that_ends_with_an_activation_is_the_layer_and_then_the_activation()
    {
        HostTensor input = Random(1, 2, 2, 5, 6), weight = Random(2, 4, 2, 3, 3), x = Random(3, 3, 40), w = Random(4, 7, 40);
        foreach (Activation activation in Enum.GetValues<Activation>())
        {
            Assert.Equal(
                Values(Engine.Activate(
                    Engine.Convolution(input, weight, null, ConvolutionGeometry.Square(1, 1), Activation.None), activation)),
                Values(Engine.Convolution(input, weight, null, ConvolutionGeometry.Square(1, 1), activation)));
            Assert.Equal(
                Values(Engine.Activate(Engine.Linear(x, w, null, Activation.None), activation)),
                Values(Engine.Linear(x, w, null, activation)));
        }
    }

    [Theory]
    [InlineData(Activation.Relu, Gates.Open, new float[] { 0, 2, -3, 4 })]
    [InlineData(Activation.Relu, Gates.Open | Gates.Positive, new float[] { 0, 2, 0, 4 })]
    [InlineData(Activation.Relu, Gates.Positive, new float[] { 1, 2, 0, 4 })]
    [InlineData(Activation.Relu6, Gates.Open, new float[] { 0, 2, -3, 0 })]
    [InlineData(Activation.Relu6, Gates.Open | Gates.Positive, new float[] { 0, 2, 0, 0 })]
    [InlineData(Activation.Relu6, Gates.Positive, new float[] { 1, 2, 0, 4 })]
    public void Gates_of_a_gradient_by_hand(Activation activation, Gates gates, float[] expected)
    {
        var gradient = new HostTensor(new Shape(1, 1, 2, 2), [1, 2, -3, 4]);
        var output = new HostTensor(new Shape(1, 1, 2, 2), [0, 1, 2, 6]);
        Assert.Equal(expected, Values(Engine.ActivationInputGradient(gradient, output, activation, gates)));
    }

    [Fact]
    public void Sums_products_and_quotients_by_hand()
    {
        HostTensor a = new(new Shape(6), [1, -2, 0, 3, 0, 4]), b = new(new Shape(6), [2, 4, 0, 0, -5, -0.5f]);
        Assert.Equal([0, -4, 0, 3, 2.5f, 4.25f], Values(Engine.AddScaled(a, b, -0.5f)));
        Assert.Equal([2, -8, 0, 0, 0, -2], Values(Engine.Multiply(a, b)));
        Assert.Equal([0.5f, -0.5f, 0, float.PositiveInfinity, 0, -8], Values(Engine.Divide(a, b, 0)));
        Assert.Equal([0.4f, -2 / 4.5f, 0, 6, 0, -4], Values(Engine.Divide(a, b, 0.5f)));
    }

    [Fact]
    public void Convolution_and_linear_layers_equal_pytorch()
    {
        HostTensor weight = Random(2, 6, 2, 3, 3), bias = Random(3, 6);
        var geometry = ConvolutionGeometry.Square(2, 1, groups: 2);
        AssertPyTorch("convolution", Engine.Convolution(Input, weight, bias, geometry, Activation.None));
        HostTensor gradient = Random(9, 2, 6, 4, 3);
        AssertPyTorch("convolution.gradient0", Engine.ConvolutionInputGradient(gradient, weight, Input.Shape, geometry));
        AssertPyTorch("convolution.gradient1", Engine.ConvolutionWeightGradient(gradient, Input, weight.Shape, geometry));
        AssertPyTorch("convolution.gradient2", Engine.BiasGradient(gradient));

        HostTensor x = Random(1, 3, 5), w = Random(2, 4, 5), g = Random(9, 3, 4);
        AssertPyTorch("linear", Engine.Linear(x, w, Random(3, 4), Activation.None));
        AssertPyTorch("linear.gradient0", Engine.LinearInputGradient(g, w));
        AssertPyTorch("linear.gradient1", Engine.LinearWeightGradient(g, x));
        AssertPyTorch("linear.gradient2", Engine.BiasGradient(g));
    }

    [Theory]
    [InlineData("max_pool_ceil", 0, true, false)]
    [InlineData("max_pool_padded", 1, false, false)]
    [InlineData("average_pool_counting", 1, true, true)]
    [InlineData("average_pool_not_counting", 1, false, false)]
    public void Pooling_equals_pytorch(string name, int padding, bool ceil, bool counting)
    {
        var geometry = new PoolingGeometry(3, 2, padding, ceil, counting);
        Tensor output = name.StartsWith("max", StringComparison.Ordinal)
            ? Engine.MaxPool(Input, geometry)
            : Engine.AveragePool(Input, geometry);
        AssertPyTorch(name, output);
        HostTensor gradient = Random(9, [.. output.Shape.Axes]);
        AssertPyTorch(name + ".gradient0", name.StartsWith("max", StringComparison.Ordinal)
            ? Engine.MaxPoolInputGradient(gradient, Input, geometry)
            : Engine.AveragePoolInputGradient(gradient, Input.Shape, geometry));
    }

    [Fact]
    public void Adaptive_pooling_activations_batch_norm_and_resizing_equal_pytorch()
    {
        AssertPyTorch("adaptive_average_pool", Engine.AdaptiveAveragePool(Input, 3, 4));
        AssertPyTorch("adaptive_average_pool.gradient0", Engine.AdaptiveAveragePoolInputGradient(Random(9, 2, 4, 3, 4), Input.Shape));
        HostTensor gradient = Random(9, 2, 4, 7, 6);
        Tensor relu = Engine.Activate(Input, Activation.Relu);
        AssertPyTorch("relu", relu);
        AssertPyTorch("relu.gradient0", Engine.ActivationInputGradient(gradient, relu, Activation.Relu, Gates.Open));
        var nine = new HostTensor(Input.Shape, [.. Input.Values.ToArray().Select(value => value * 9)]);
        AssertPyTorch("relu6", Engine.Activate(nine, Activation.Relu6));

        var variance = new HostTensor(new Shape(4), [.. Random(5, 4).Values.ToArray().Select(value => Math.Abs(value) + 0.1f)]);
        var norm = new BatchNormParameters(Random(6, 4), Random(7, 4), Random(4, 4), variance, 1e-5f);
        AssertPyTorch("batch_norm", Engine.BatchNorm(Input, norm, Activation.None));
        AssertPyTorch("batch_norm.gradient0", Engine.BatchNormInputGradient(gradient, norm));
        AssertPyTorch("batch_norm.gradient1", Engine.BatchNormScaleGradient(gradient, Input, norm));
        AssertPyTorch("batch_norm.gradient2", Engine.BiasGradient(gradient));
        AssertPyTorch("resize_up", Engine.ResizeBilinear(Input, 16, 13));
        AssertPyTorch("resize_down", Engine.ResizeBilinear(Input, 3, 4));
    }

    [Fact]
    public void Dilated_convolutions_and_rectangular_pooling_equal_pytorch()
    {
        HostTensor weight = Random(2, 3, 4, 3, 2);
        var dilated = new ConvolutionGeometry(2, 1, 1, 2, 1, 2, 1);
        Tensor output = Engine.Convolution(Input, weight, null, dilated, Activation.None);
        AssertPyTorch("dilated_convolution", output);
        HostTensor gradient = Random(9, [.. output.Shape.Axes]);
        AssertPyTorch("dilated_convolution.gradient0", Engine.ConvolutionInputGradient(gradient, weight, Input.Shape, dilated));
        AssertPyTorch("dilated_convolution.gradient1", Engine.ConvolutionWeightGradient(gradient, Input, weight.Shape, dilated));

        var maximum = new PoolingGeometry(new PoolingAxis(3, 2, 1, 1), new PoolingAxis(2, 1));
        Tensor maxima = Engine.MaxPool(Input, maximum);
        AssertPyTorch("max_pool_rectangular", maxima);
        AssertPyTorch(
            "max_pool_rectangular.gradient0", Engine.MaxPoolInputGradient(Random(9, [.. maxima.Shape.Axes]), Input, maximum));
        var average = new PoolingGeometry(new PoolingAxis(1, 2), new PoolingAxis(3, 1, 1, 1), CountPadding: true);
        Tensor means = Engine.AveragePool(Input, average);
        AssertPyTorch("average_pool_rectangular", means);
        AssertPyTorch(
            "average_pool_rectangular.gradient0",
            Engine.AveragePoolInputGradient(Random(9, [.. means.Shape.Axes]), Input.Shape, average));
    }

    [Fact]
    public void Functions_of_each_element_equal_pytorch()
    {
        HostTensor five = new(Input.Shape, [.. Input.Values.ToArray().Select(value => value * 5)]), gradient = Random(9, 2, 4, 7, 6);
        foreach ((string name, PointwiseFunction function) in new[]
        {
            ("leaky_relu", PointwiseFunction.LeakyRelu(0.1f)), ("elu", PointwiseFunction.Elu(0.7f)), ("sigmoid", PointwiseFunction.Sigmoid),
            ("silu", PointwiseFunction.Silu), ("tanh", PointwiseFunction.Tanh), ("hard_swish", PointwiseFunction.HardSwish),
            ("hard_sigmoid", PointwiseFunction.HardSigmoid(1 / 6f, 0.5f)), ("clamp", PointwiseFunction.Clamp(-1.25f, 2.5f)),
        })
        {
            AssertPyTorch(name, Engine.Apply(five, function));
            Tensor slope = Engine.ApplyInputGradient(gradient, five, function);
            AssertPyTorch(name + ".gradient0", Engine.AddScaled(slope, slope, 4)); // of a, where the function got 5 a
        }
    }

    [Fact]
    public void Moved_repeated_and_summed_elements_by_hand()
    {
        HostTensor a = new(new Shape(2, 3), [1, 2, 3, 4, 5, 6]);
        Assert.Equal([1, 4, 2, 5, 3, 6], Values(Engine.Permute(a, [1, 0])));
        Assert.Equal([2, 3, 5, 6], Values(Engine.Slice(a, [0, 1], new Shape(2, 2))));
        Assert.Equal([9, 9, 9, 9, 9, 1, 2, 3, 9, 4, 5, 6], Values(Engine.Pad(a, [1, 1], new Shape(3, 4), 9)));
        Assert.Equal([6, 15], Values(Engine.SumTo(a, new Shape(2, 1))));
        Assert.Equal([5, 7, 9], Values(Engine.SumTo(a, new Shape(1, 3))));
        Assert.Equal([5, 7, 9, 5, 7, 9], Values(Engine.Expand(Engine.SumTo(a, new Shape(1, 3)), a.Shape)));
        Assert.Contains(
            "[2, 3] from [0, 1] on does not lie in [2, 3]",
            Assert.Throws<ArgumentException>(() => Engine.Slice(a, [0, 1], a.Shape)).Message);
        Assert.Contains(
            "[2, 3] can't be repeated to [4, 3]", Assert.Throws<ArgumentException>(() => Engine.Expand(a, new Shape(4, 3))).Message);
    }

    [Fact]
    public void Input_gradients_are_the_slope_of_the_output()
    {
        var geometry = ConvolutionGeometry.Square(2, 1);
        HostTensor weight = Random(2, 3, 4, 3, 3);
        AssertSlope(
            x => Engine.Convolution(x, weight, null, geometry, Activation.None), g =>
                Engine.ConvolutionInputGradient(g, weight, Input.Shape, geometry));
        var pooling = new PoolingGeometry(3, 2, 1, ceilMode: true);
        AssertSlope(x => Engine.AveragePool(x, pooling), g => Engine.AveragePoolInputGradient(g, Input.Shape, pooling));
        AssertSlope(x => Engine.MaxPool(x, pooling), g => Engine.MaxPoolInputGradient(g, Input, pooling));
        AssertSlope(x => Engine.AdaptiveAveragePool(x, 2, 5), g => Engine.AdaptiveAveragePoolInputGradient(g, Input.Shape));
    }

    private static void AssertSlope(Func<Tensor, Tensor> forward, Func<Tensor, Tensor> inputGradient)
    {
        const float Step = 1f / 256;
        HostTensor weighting = Random(9, [.. forward(Input).Shape.Axes]);
        float[] analytic = Values(inputGradient(weighting));
        for (int i = 0; i < analytic.Length; i += 11)
        {
            double slope = (Weighted(i, Step) - Weighted(i, -Step)) / (2 * Step);
            Assert.Equal(slope, analytic[i], 2e-3);
        }

        double Weighted(int i, float step)
        {
            float[] moved = Input.Values.ToArray();
            moved[i] += step;
            return Values(forward(new HostTensor(Input.Shape, moved))).Zip(weighting.Values.ToArray(), (y, w) => (double)y * w).Sum();
        }
    }

    private static void AssertPyTorch(string name, Tensor actual)
    {
        JsonElement expected = PyTorch.RootElement.GetProperty(name);
        Assert.Equal(new Shape([.. expected.GetProperty("shape").EnumerateArray().Select(axis => axis.GetInt32())]), actual.Shape);
        float[] values = Values(actual);
        double[] wanted = [.. expected.GetProperty("values").EnumerateArray().Select(value => value.GetDouble())];
        Assert.Equal(wanted.Length, values.Length);
        for (int i = 0; i < values.Length; i++)
        {
            Assert.True(
                Math.Abs(values[i] - wanted[i]) <= 3e-6 * Math.Max(1, Math.Abs(wanted[i])),
                $"{name}, element {i}: {values[i]}, PyTorch gives {wanted[i]}");
        }
    }

    private static readonly JsonDocument PyTorch =
        JsonDocument.Parse(
            File.ReadAllText(Path.Combine(SharedFolder.RepositoryRoot, "tests/SanityChecks.Tests/Compute/torch_operations.json")));

    private static HostTensor Random(uint seed, params int[] axes) => EngineConformanceTests.Random(seed, axes);

    private static float[] Values(Tensor tensor) => EngineConformanceTests.Values(Engine, tensor);
}
