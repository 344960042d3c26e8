using SanityChecks.Compute;
using SanityChecks.Compute.Cpu;
using SanityChecks.Compute.Reference;

namespace SanityChecks.Tests.Compute;

/// <summary>Every engine against the reference loops: the same cases and bounds for each, VGG16's shapes and awkward ones.</summary>
public class EngineConformanceTests
{
    /// <summary>Those that run here; one alone where <c>SANITYCHECKS_ENGINE</c> names it, which must then run.</summary>
    public static readonly string[] EngineNames = Environment.GetEnvironmentVariable("SANITYCHECKS_ENGINE") is { Length: > 0 } one
        ? [one]
        : [.. Engines.Runnable()];

    /// <summary>batch, channels, height, width, outputs, kernel height and width, stride, padding, groups.</summary>
    private static readonly int[][] Convolutions =
    [
        [1, 1, 1, 1, 1, 1, 1, 1, 0, 1],
        [2, 3, 5, 7, 4, 3, 3, 1, 1, 1],
        [1, 3, 30, 33, 64, 3, 3, 1, 1, 1], // conv1_1, cut down
        [1, 64, 18, 16, 64, 3, 3, 1, 1, 1], // rows of one full panel
        [2, 40, 14, 14, 65, 3, 3, 1, 1, 1], // conv5's plane: panels straddle rows
        [1, 300, 4, 5, 13, 1, 1, 1, 0, 1], // depth over one block
        [1, 3, 23, 23, 8, 3, 3, 2, 0, 1], // SqueezeNet conv1
        [2, 5, 9, 11, 6, 3, 3, 2, 1, 1],
        [1, 4, 13, 10, 7, 7, 7, 2, 3, 1], // ResNet conv1
        [1, 6, 8, 9, 6, 3, 3, 1, 1, 6], // depthwise
        [1, 6, 8, 9, 6, 3, 3, 2, 1, 6],
        [2, 5, 30, 37, 5, 3, 3, 1, 1, 5],
        [2, 5, 30, 37, 5, 5, 5, 2, 2, 5],
        [1, 3, 9, 4, 3, 2, 7, 3, 4, 3], // windows wider than the image
        [1, 8, 6, 7, 12, 3, 3, 1, 1, 4],
        [1, 3, 9, 17, 5, 1, 7, 1, 3, 1], // Inception's 1 x 7: padding 3 above as well
        [1, 7, 15, 17, 31, 5, 5, 3, 2, 1],
        [3, 17, 1, 200, 7, 1, 1, 1, 0, 1],
        [19, 5, 7, 7, 6, 3, 3, 1, 1, 1], // weight gradients sum over several images at once
        [5, 50, 14, 14, 70, 3, 3, 1, 1, 1], // more channels than are summed at once, both ways
        [2, 3, 130, 40, 5, 3, 3, 1, 1, 1], // many strips of rows
        [2, 4, 20, 21, 5, 5, 3, 1, 0, 1], // windows that stay within the image
        [2, 4, 20, 21, 5, 5, 5, 1, 4, 1], // as much padding as there can be without windows outside the image
        [1, 4, 20, 21, 5, 1, 1, 1, 1, 1], // windows outside the image
        [2, 6, 20, 21, 9, 2, 2, 1, 1, 3],
        [3, 17, 30, 26, 23, 3, 3, 1, 0, 1], // tiles over the edge, rows of tiles that chunks cut
        [2, 16, 9, 10, 16, 3, 3, 1, 2, 1],
        [1, 150, 8, 8, 130, 3, 3, 1, 1, 1], // few tiles for many channels
        [1, 21, 3, 2, 19, 3, 3, 1, 1, 1], // less than a tile
    ];

    internal const float Tolerance = 5e-6f;

    private static readonly ReferenceEngine Reference = new();

    /// <summary>What the plain loops gave for a convolution: they take most of the time, and give the same for every engine. This class's
    /// tests run one after another.</summary>
    private static readonly Dictionary<string, Tensor> References = [];

    private static readonly int[][] Linears = [[1, 1, 1], [2, 3, 5], [3, 100, 17], [8, 513, 33], [5, 1031, 2], [7, 16, 4]];

    /// <summary>height, width, kernel, stride, padding, ceil mode, padding counts.</summary>
    private static readonly (int H, int W, PoolingGeometry Geometry)[] Poolings =
    [
        (1, 1, new(1, 1)), (6, 8, new(2, 2)), (7, 9, new(2, 2)), (13, 14, new(3, 2, ceilMode: true)), (13, 13, new(3, 2, ceilMode: true)),
        (14, 11, new(3, 2, 1)), (8, 8, new(3, 1, 1, countPadding: true)), (9, 10, new(3, 2, 1, ceilMode: true, countPadding: true)),
        (5, 5, new(5, 5)),
        (9, 12, new(new PoolingAxis(3, 2, 0, 1), new PoolingAxis(2, 1, 1, 0))),
        (9, 12, new(new PoolingAxis(3, 2, 0, 1), new PoolingAxis(2, 1, 1, 0), CountPadding: true)),
        (8, 7, new(new PoolingAxis(1, 1), new PoolingAxis(5, 1, 2, 2), CountPadding: true)),
        (7, 9, new(new PoolingAxis(7, 1), new PoolingAxis(9, 1))),
        (32, 64, new(2, 2)), (35, 37, new(2, 2)), (5, 33, new(2, 2, ceilMode: true)), (4, 16, new(2, 1)),
    ];

    public static TheoryData<string, int> ConvolutionCases => Cases(Convolutions.Length);

    public static TheoryData<string, int> LinearCases => Cases(Linears.Length);

    public static TheoryData<string, int> PoolingCases => Cases(Poolings.Length);

    public static TheoryData<string> Names => [.. EngineNames];

    [Theory, MemberData(nameof(ConvolutionCases))]
    public void Convolution_and_its_gradients_equal_the_reference(string name, int index)
    {
        int[] c = Convolutions[index];
        var geometry = new ConvolutionGeometry(c[7], c[7], c[8], c[8], c[9]);
        HostTensor input = Random(1, c[0], c[1], c[2], c[3]), weight = Random(2, c[4], c[1] / c[9], c[5], c[6]), bias = Random(3, c[4]);
        HostTensor outputGradient = Random(4, [.. geometry.OutputShape(input.Shape, weight.Shape).Axes]);

        Tensor sums = Once($"{index} with bias", engine => engine.Convolution(input, weight, bias, geometry, Activation.None));
        foreach (Activation activation in Enum.GetValues<Activation>())
        {
            AssertSame(
                name, engine => engine.Convolution(input, weight, bias, geometry, activation), Tolerance,
                Reference.Activate(sums, activation));
        }

        AssertSame(name, WithoutBias, Tolerance, Once($"{index} without bias", WithoutBias));
        AssertSame(name, InputGradient, Tolerance, Once($"{index} input gradient", InputGradient));
        AssertSame(name, WeightGradient, Tolerance, Once($"{index} weight gradient", WeightGradient));

        Tensor WithoutBias(IEngine engine) => engine.Convolution(input, weight, null, geometry, Activation.None);
        Tensor InputGradient(IEngine engine) => engine.ConvolutionInputGradient(outputGradient, weight, input.Shape, geometry);
        Tensor WeightGradient(IEngine engine) => engine.ConvolutionWeightGradient(outputGradient, input, weight.Shape, geometry);
    }

    [Fact]
    public void All_instruction_sets_give_the_same_bits()
    {
        string[] sets = [.. EngineNames.Where(name => name.StartsWith("cpu:", StringComparison.Ordinal))];
        Assert.SkipWhen(sets.Length == 0, "SANITYCHECKS_ENGINE names another engine");
        foreach (int[] c in Convolutions.Append([2, 33, 40, 41, 50, 3, 3, 1, 1, 1]))
        {
            var geometry = new ConvolutionGeometry(c[7], c[7], c[8], c[8], c[9]);
            HostTensor input = Random(1, c[0], c[1], c[2], c[3]), weight = Random(2, c[4], c[1] / c[9], c[5], c[6]), bias = Random(3, c[4]);
            HostTensor outputGradient = Random(4, [.. geometry.OutputShape(input.Shape, weight.Shape).Axes]);
            float[][][] results = [.. sets.Select(name =>
            {
                using IEngine engine = Engines.Create(name);
                return new[]
                {
                    Values(engine, engine.Convolution(input, weight, bias, geometry, Activation.Relu6)),
                    Values(engine, engine.ConvolutionInputGradient(outputGradient, weight, input.Shape, geometry)),
                    Values(engine, engine.ConvolutionWeightGradient(outputGradient, input, weight.Shape, geometry)),
                };
            })];
            Assert.All(results, result => Assert.Equal(results[0], result));
        }
    }

    [Theory, MemberData(nameof(LinearCases))]
    public void Linear_layers_and_their_gradients_equal_the_reference(string name, int index)
    {
        int[] c = Linears[index];
        HostTensor input = Random(1, c[0], c[1]), weight = Random(2, c[2], c[1]), bias = Random(3, c[2]), gradient = Random(4, c[0], c[2]);
        AssertSame(name, engine => engine.Linear(input, weight, bias, Activation.Relu));
        AssertSame(name, engine => engine.Linear(input, weight, null, Activation.None));
        AssertSame(name, engine => engine.LinearInputGradient(gradient, weight));
        AssertSame(name, engine => engine.LinearWeightGradient(gradient, input));
        AssertSame(name, engine => engine.BiasGradient(gradient));
    }

    [Theory, MemberData(nameof(PoolingCases))]
    public void Pooling_and_its_gradients_equal_the_reference(string name, int index)
    {
        (int height, int width, PoolingGeometry geometry) = Poolings[index];
        HostTensor input = Random(1, 2, 3, height, width), gradient = Random(2, [.. geometry.OutputShape(input.Shape).Axes]);
        AssertSame(name, engine => engine.MaxPool(input, geometry));
        AssertSame(name, engine => engine.MaxPoolInputGradient(gradient, input, geometry));
        AssertSame(name, engine => engine.AveragePool(input, geometry));
        AssertSame(name, engine => engine.AveragePoolInputGradient(gradient, input.Shape, geometry));
        HostTensor adaptive = Random(3, 2, 3, 3, 2);
        AssertSame(name, engine => engine.AdaptiveAveragePool(input, 3, 2));
        AssertSame(name, engine => engine.AdaptiveAveragePoolInputGradient(adaptive, input.Shape));
    }

    [Theory, MemberData(nameof(Names))]
    public void Other_operations_equal_the_reference(string name)
    {
        HostTensor a = Random(1, 2, 5, 7, 9), b = Random(2, 2, 5, 7, 9), map = Random(3, 2, 1, 7, 9), weights = Random(4, 2, 5, 1, 1);
        HostTensor large = Scaled(Random(5, 1, 2, 150, 151), 9), largeGradient = Random(6, 1, 2, 150, 151);
        var norm = new BatchNormParameters(Random(6, 5), Random(7, 5), Random(8, 5), Positive(Random(9, 5)), 1e-5f);
        foreach (Activation activation in Enum.GetValues<Activation>())
        {
            AssertSame(name, engine => engine.Activate(large, activation));
            AssertSame(name, engine => engine.Add(a, b, activation));
            AssertSame(name, engine => engine.BatchNorm(a, norm, activation));
            foreach (Gates gates in new[] { Gates.Open, Gates.Positive, Gates.Open | Gates.Positive })
            {
                AssertSame(
                    name, engine => engine.ActivationInputGradient(largeGradient, engine.Activate(large, activation), activation, gates));
            }
        }

        AssertSame(name, engine => engine.AddScaled(a, b, -0.3f));
        AssertSame(name, engine => engine.Multiply(a, b));
        AssertSame(name, engine => engine.Divide(a, b, 0.25f));
        AssertSame(name, engine => engine.Divide(a, engine.Activate(b, Activation.Relu), 1e-3f));
        AssertSame(name, engine => engine.BatchNormInputGradient(b, norm));
        AssertSame(name, engine => engine.BatchNormScaleGradient(b, a, norm));
        AssertSame(name, engine => engine.BatchNormTrainingInputGradient(b, a, norm, Random(10, 5), Random(11, 5)));
        AssertSame(name, engine => engine.BiasGradient(a));
        AssertSame(name, engine => engine.BiasGradient(largeGradient));
        AssertSame(name, engine => engine.Concatenate([a, map, b]));
        AssertSame(name, engine => engine.Slice(a, [0, 1, 0, 0], new Shape(2, 3, 7, 9)));
        AssertSame(name, engine => engine.Slice(a, [1, 0, 2, 3], new Shape(1, 5, 4, 6)));
        AssertSame(name, engine => engine.Pad(a, [0, 0, 1, 2], new Shape(2, 5, 8, 14), -3.5f));
        AssertSame(name, engine => engine.Pad(a, [1, 2, 0, 0], new Shape(4, 8, 7, 9), 0));
        AssertSame(name, engine => engine.Permute(a, [0, 2, 3, 1]));
        AssertSame(name, engine => engine.Permute(engine.Reshape(a, new Shape(2, 5, 1, 63)), [3, 1, 0, 2]));
        AssertSame(name, engine => engine.Expand(weights, new Shape(2, 5, 7, 9)));
        AssertSame(name, engine => engine.Expand(map, new Shape(2, 5, 7, 9)));
        AssertSame(name, engine => engine.SumTo(a, new Shape(2, 5, 1, 1)));
        AssertSame(name, engine => engine.SumTo(a, new Shape(1, 5, 1, 9)));
        AssertSame(name, engine => engine.SumTo(a, a.Shape));
        AssertSame(name, engine => engine.Reshape(a, new Shape(2, 315)));
        AssertSame(name, engine => engine.WeightedChannelSum(a, weights));
        AssertSame(name, engine => engine.MultiplyByMap(a, map));
        AssertSame(name, engine => engine.ResizeBilinear(a, 16, 13));
        AssertSame(name, engine => engine.ResizeBilinear(a, 3, 4));
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        foreach (int[] c in Convolutions)
        {
            var geometry = new ConvolutionGeometry(c[7], c[7], c[8], c[8], c[9]);
            HostTensor input = Random(1, c[0], c[1], c[2], c[3]), weight = Random(2, c[4], c[1] / c[9], c[5], c[6]);
            HostTensor outputGradient = Random(4, [.. geometry.OutputShape(input.Shape, weight.Shape).Axes]);
            float[][][] results = [.. new[] { 1, 2, 7 }.Select(threads =>
            {
                using var engine = new CpuEngine(threads);
                return new[]
                {
                    Values(engine, engine.Convolution(input, weight, null, geometry, Activation.None)),
                    Values(engine, engine.ConvolutionInputGradient(outputGradient, weight, input.Shape, geometry)),
                };
            })];
            Assert.All(results, result => Assert.Equal(results[0], result));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void A_Winograd_convolution_gives_the_same_bits_alone_and_in_a_batch(string name)
    {
        using IEngine engine = Engines.Create(name);
        HostTensor batch = Random(1, 5, 17, 13, 13), weight = Random(2, 20, 17, 3, 3);
        var geometry = ConvolutionGeometry.Square(1, 1);
        float[] together = Values(engine, engine.Convolution(batch, weight, null, geometry, Activation.None));
        IEqualityComparer<float> same = AloneAndInABatch(engine);
        for (int n = 0; n < 5; n++)
        {
            var one = new HostTensor(new Shape(1, 17, 13, 13), batch.Values.Slice(n * 17 * 169, 17 * 169).ToArray());
            Assert.Equal(
                together[(n * 3380)..((n + 1) * 3380)], Values(engine, engine.Convolution(one, weight, null, geometry, Activation.None)),
                same);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void An_image_gives_the_same_bits_alone_and_in_a_batch(string name)
    {
        using IEngine engine = Engines.Create(name);
        HostTensor batch = Random(1, 5, 6, 13, 13), weight = Random(2, 20, 6, 3, 3), linear = Random(3, 31, 1014);
        var geometry = ConvolutionGeometry.Square(1, 1);
        float[] together = Values(engine, engine.Convolution(batch, weight, null, geometry, Activation.None));
        float[] rows = Values(engine, engine.Linear(engine.Reshape(batch, new Shape(5, 1014)), linear, null, Activation.None));
        float[] gradients = Values(engine, engine.LinearInputGradient(engine.Upload(new Shape(5, 31), rows), linear));
        IEqualityComparer<float> same = AloneAndInABatch(engine);
        for (int n = 0; n < 5; n++)
        {
            var one = new HostTensor(new Shape(1, 6, 13, 13), batch.Values.Slice(n * 1014, 1014).ToArray());
            Assert.Equal(
                together[(n * 3380)..((n + 1) * 3380)], Values(engine, engine.Convolution(one, weight, null, geometry, Activation.None)),
                same);
            Assert.Equal(
                rows[(n * 31)..((n + 1) * 31)],
                Values(engine, engine.Linear(engine.Reshape(one, new Shape(1, 1014)), linear, null, Activation.None)), same);
            Tensor gradient = engine.Upload(new Shape(1, 31), rows.AsSpan(n * 31, 31));
            Assert.Equal(gradients[(n * 1014)..((n + 1) * 1014)], Values(engine, engine.LinearInputGradient(gradient, linear)), same);
        }
    }

    /// <summary>How equal an image's values are alone and in a batch: to the bit in host memory, to rounding where a library chooses its
    /// algorithm by the shapes.</summary>
    private static IEqualityComparer<float> AloneAndInABatch(IEngine engine) => engine is HostEngine
        ? EqualityComparer<float>.Default
        : EqualityComparer<float>.Create((one, other) => Math.Abs(one - other) <= 1e-4f * Math.Max(1, Math.Abs(one)));

    [Theory, MemberData(nameof(Names))]
    public void Relu6_is_zero_below_zero_and_six_above_six(string name)
    {
        using IEngine engine = Engines.Create(name);
        using Tensor input = engine.Upload(new Shape(1, 7), [-7, -0.5f, 0, 0.5f, 5.5f, 6, 6.5f]);
        Assert.Equal([0, 0, 0, 0.5f, 5.5f, 6, 6], Values(engine, engine.Activate(input, Activation.Relu6)));
    }

    [Theory, MemberData(nameof(Names))]
    public void Relu_keeps_nan_and_max_pooling_lets_it_win(string name)
    {
        using IEngine engine = Engines.Create(name);
        float[] values = new float[32];
        values[3] = values[17] = float.NaN;
        using Tensor input = engine.Upload(new Shape(1, 2, 4, 4), values);
        Assert.Equal(2, Values(engine, engine.Activate(input, Activation.Relu)).Count(float.IsNaN));
        Assert.Equal(2, Values(engine, engine.MaxPool(input, new PoolingGeometry(2, 2))).Count(float.IsNaN));
    }

    /// <summary>Of equal values, zeros of either sign and NaNs the same one is chosen as by the plain loops, since it gets the
    /// gradient.</summary>
    [Theory, MemberData(nameof(Names))]
    public void Max_pooling_chooses_among_equals_as_the_reference_does(string name)
    {
        float[] few = [-0f, 0f, float.NaN, 1, -0f, 0f, -1, 1, float.NegativeInfinity];
        float[] values = [.. Random(1, 1, 3, 20, 36).Values.ToArray().Select(value => few[(int)((value + 1) * 4.4999f)])];
        HostTensor input = new(new Shape(1, 3, 20, 36), values), gradient = Random(2, 1, 3, 10, 18);
        using IEngine engine = Engines.Create(name), reference = new ReferenceEngine();
        var geometry = new PoolingGeometry(2, 2);
        Assert.Equal(Bits(reference, reference.MaxPool(input, geometry)), Bits(engine, engine.MaxPool(input, geometry)));
        Assert.Equal(
            Bits(reference, reference.MaxPoolInputGradient(gradient, input, geometry)),
            Bits(engine, engine.MaxPoolInputGradient(gradient, input, geometry)));

        static int[] Bits(IEngine engine, Tensor tensor) => [.. Values(engine, tensor).Select(BitConverter.SingleToInt32Bits)];
    }

    [Fact]
    public void Results_do_not_depend_on_the_number_of_threads()
    {
        HostTensor input = Random(1, 2, 9, 31, 29), weight = Random(2, 20, 9, 3, 3);
        using var one = new SanityChecks.Compute.Cpu.CpuEngine(threads: 1);
        using var four = new SanityChecks.Compute.Cpu.CpuEngine(threads: 4);
        var geometry = ConvolutionGeometry.Square(1, 1);
        Assert.Equal(
            Values(one, one.Convolution(input, weight, null, geometry, Activation.None)),
            Values(four, four.Convolution(input, weight, null, geometry, Activation.None)));
        HostTensor gradient = Random(3, 2, 20, 31, 29);
        Assert.Equal(
            Values(one, one.ConvolutionWeightGradient(gradient, input, weight.Shape, geometry)),
            Values(four, four.ConvolutionWeightGradient(gradient, input, weight.Shape, geometry)));
        Assert.Equal(
            Values(one, one.ConvolutionInputGradient(gradient, weight, input.Shape, geometry)),
            Values(four, four.ConvolutionInputGradient(gradient, weight, input.Shape, geometry)));
        Assert.Equal(Values(one, one.BiasGradient(gradient)), Values(four, four.BiasGradient(gradient)));
    }

    [Fact]
    public void Operands_that_do_not_fit_are_named_with_their_shapes()
    {
        using IEngine engine = Engines.Create("cpu");
        var error = Assert.Throws<ArgumentException>(
            () => engine.Convolution(
                Random(1, 1, 3, 8, 8), Random(2, 4, 2, 3, 3), null, ConvolutionGeometry.Square(1, 1), Activation.None));
        Assert.Contains("[1, 3, 8, 8] with a weight [4, 2, 3, 3]", error.Message);
        Assert.Contains("auto, torch", Assert.Throws<EngineException>(() => Engines.Create("gpu")).Message);
    }

    /// <summary>Values in [-1, 1) that any language can compute: the low bits of a linear congruence.</summary>
    internal static HostTensor Random(uint seed, params int[] axes)
    {
        var shape = new Shape(axes);
        float[] values = new float[shape.Count];
        uint state = seed * 747796405u;
        for (int i = 0; i < values.Length; i++)
        {
            state = (state * 1664525u) + 1013904223u;
            values[i] = ((int)(state >> 8) - (1 << 23)) / (float)(1 << 23);
        }

        return new HostTensor(shape, values);
    }

    internal static float[] Values(IEngine engine, Tensor tensor)
    {
        float[] values = new float[tensor.Shape.Count];
        engine.Download(tensor, values);
        return values;
    }

    internal static HostTensor Scaled(HostTensor tensor, float factor) =>
        new(tensor.Shape, [.. tensor.Values.ToArray().Select(value => value * factor)]);

    private static HostTensor Positive(HostTensor tensor) =>
        new(tensor.Shape, [.. tensor.Values.ToArray().Select(value => Math.Abs(value) + 0.1f)]);

    private static TheoryData<string, int> Cases(int count)
    {
        var data = new TheoryData<string, int>();
        foreach (string name in EngineNames.Where(name => name != Reference.Name))
        {
            for (int i = 0; i < count; i++)
            {
                data.Add(name, i);
            }
        }

        return data;
    }

    private static Tensor Once(string key, Func<IEngine, Tensor> operation) =>
        References.TryGetValue(key, out Tensor? known) ? known : References[key] = operation(Reference);

    /// <summary>Compares an engine's result with <paramref name="reference"/>, or with what the plain loops give now.</summary>
    internal static void AssertSame(string name, Func<IEngine, Tensor> operation, float tolerance = Tolerance, Tensor? reference = null)
    {
        using IEngine engine = Engines.Create(name);
        Tensor expectedTensor = reference ?? operation(Reference), actualTensor = operation(engine);
        Assert.Equal(expectedTensor.Shape, actualTensor.Shape);
        float[] expected = Values(Reference, expectedTensor), actual = Values(engine, actualTensor);
        float bound = tolerance * Math.Max(1, expected.Max(Math.Abs));
        for (int i = 0; i < expected.Length; i++)
        {
            // A message for each element, needed or not, takes longer than the operation.
            if (!(Math.Abs(expected[i] - actual[i]) <= bound))
            {
                Assert.Fail($"element {i} of {expectedTensor.Shape}: {actual[i]:R}, the reference gives {expected[i]:R}");
            }
        }
    }
}
