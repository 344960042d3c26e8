using SanityChecks.Compute;
using SanityChecks.Compute.Reference;

namespace SanityChecks.Tests.Compute;

/// <summary>
/// What decides which way a gradient goes: sums that are equal where their inputs are equal, exactly zero where these are zero, and near
/// enough to the exact ones elsewhere.
/// </summary>
public class ExactSumsTests
{
    /// <summary>channels, outputs, height, width, stride, padding; windows of 3 x 3.</summary>
    private static readonly int[][] Convolutions =
    [
        [3, 9, 37, 29, 2, 0], // a picture's channels
        [3, 20, 30, 31, 1, 1],
        [5, 7, 22, 23, 1, 1], // too few channels for Winograd
        [16, 16, 24, 27, 1, 1],
        [33, 40, 17, 18, 1, 0],
        [20, 18, 16, 16, 1, 2],
        [256, 260, 15, 18, 1, 1], // enough channels for large tiles
    ];

    private static readonly Dictionary<string, Func<int, int, int>> Patterns = new()
    {
        ["flat"] = (_, _) => 3,
        ["flat with an object"] = (y, x) => Math.Abs(y - 9) + Math.Abs(x - 11) < 7 ? (y * 31) + x : 0,
        ["flat border"] = (y, x) => y is > 4 and < 13 ? (y * 31) + x : 0,
        ["rows"] = (y, _) => y,
        ["columns"] = (_, x) => x,
        ["diagonal gradient"] = (y, x) => x + y,
        ["other diagonal gradient"] = (y, x) => x - y + 99,
        ["checkerboard of pixels"] = (y, x) => (x + y) % 2,
        ["checkerboard"] = (y, x) => ((x / 3) + (y / 3)) % 2,
        ["diagonal stripes"] = (y, x) => (x + y) / 3 % 2,
        ["steep stripes"] = (y, x) => ((2 * x) + y) / 5 % 3,
        ["one tile, repeated"] = (y, x) => (y % 7 * 7) + (x % 7),
    };

    public static TheoryData<string> HostEngines =>
        [.. Engines.Runnable().Where(name => name == "reference" || name.StartsWith("cpu", StringComparison.Ordinal))];

    [Theory, MemberData(nameof(HostEngines))]
    public void Equal_windows_give_equal_sums_wherever_they_lie(string name)
    {
        using IEngine engine = Engines.Create(name);
        foreach (int[] c in Cases(name))
        {
            var geometry = new ConvolutionGeometry(c[4], c[4], c[5], c[5], 1);
            HostTensor weight = Random(2, c[1], c[0], 3, 3), bias = Random(3, c[1]);
            foreach ((string pattern, Func<int, int, int> value) in Patterns)
            {
                HostTensor input = Drawn(value, 2, c[0], c[2], c[3]);
                using Tensor output = engine.Convolution(input, weight, bias, geometry, Activation.None);
                AssertEqualWherePatternIs(
                    $"{pattern}, {string.Join(" ", c)}", value, (c[2], c[3]), c[4], c[5], output.Shape, Values(engine, output));
                if (c[4] == 1)
                {
                    // The same with the picture as an output gradient: its windows then have the padding 2 - p.
                    HostTensor transposed = Random(4, c[0], c[1], 3, 3);
                    var shape = new Shape(2, c[1], c[2] + 2 - (2 * c[5]), c[3] + 2 - (2 * c[5]));
                    using Tensor gradient = engine.ConvolutionInputGradient(input, transposed, shape, geometry);
                    AssertEqualWherePatternIs(
                        $"gradient, {pattern}, {string.Join(" ", c)}", value, (c[2], c[3]), 1, 2 - c[5], shape, Values(engine, gradient));
                }
            }
        }
    }

    [Theory, MemberData(nameof(HostEngines))]
    public void Windows_of_zeros_give_exactly_the_bias(string name)
    {
        using IEngine engine = Engines.Create(name);
        foreach (int[] c in Cases(name))
        {
            var geometry = new ConvolutionGeometry(c[4], c[4], c[5], c[5], 1);
            HostTensor weight = Random(2, c[1], c[0], 3, 3), bias = Random(3, c[1]);

            // Large values in the two pixels, so that what leaks from them would not vanish in the bias.
            HostTensor input = Drawn((y, x) => (y, x) is (7, 6) or (8, 11) ? -1 : 0, 1, c[0], c[2], c[3]);
            using Tensor output = engine.Convolution(input, weight, bias, geometry, Activation.None);
            AssertExactWhereWindowsAreZero(output, c[4], c[5], bias);
            if (c[4] == 1)
            {
                // The same picture as an output gradient.
                var shape = new Shape(1, c[1], c[2] + 2 - (2 * c[5]), c[3] + 2 - (2 * c[5]));
                using Tensor gradient = engine.ConvolutionInputGradient(input, Random(4, c[0], c[1], 3, 3), shape, geometry);
                AssertExactWhereWindowsAreZero(gradient, 1, 2 - c[5], null);
            }
        }

        void AssertExactWhereWindowsAreZero(Tensor sums, int stride, int padding, HostTensor? bias)
        {
            (int height, int width) = (sums.Shape[2], sums.Shape[3]);
            float[] values = Values(engine, sums);
            int zeros = 0;
            for (int i = 0; i < values.Length; i++)
            {
                (int y, int x) = Math.DivRem(i % (height * width), width);
                if (!Touches(y, x, 7, 6) && !Touches(y, x, 8, 11))
                {
                    zeros++;
                    Assert.Equal(bias is null ? 0 : bias.Values[i / (height * width)], values[i]);
                }
            }

            Assert.True(zeros > sums.Shape[1] * 50);

            bool Touches(int y, int x, int row, int column) =>
                row - (y * stride) + padding is >= 0 and < 3 && column - (x * stride) + padding is >= 0 and < 3;
        }
    }

    [Theory, MemberData(nameof(HostEngines))]
    public void The_first_layer_has_the_sums_of_double_precision(string name)
    {
        using IEngine engine = Engines.Create(name);
        using var reference = new ReferenceEngine();
        HostTensor input = Random(1, 2, 3, 41, 70), weight = Random(2, 21, 3, 3, 3), bias = Random(3, 21);
        foreach (ConvolutionGeometry geometry in new[] { ConvolutionGeometry.Square(1, 1), ConvolutionGeometry.Square(2, 0),
            new(3, 1, 2, 0, 1) })
        {
            using Tensor output = engine.Convolution(input, weight, bias, geometry, Activation.None),
                exact = reference.Convolution(input, weight, bias, geometry, Activation.None);
            Assert.Equal(Values(reference, exact), Values(engine, output));
        }
    }

    [Theory, MemberData(nameof(HostEngines))]
    public void Batch_normalisation_is_rounded_once(string name)
    {
        using IEngine engine = Engines.Create(name);
        HostTensor input = Random(1, 2, 5, 13, 17), variance = new(new Shape(5), [0.3f, 1, 1e-3f, 7, 0.1f]);
        var norm = new BatchNormParameters(Random(2, 5), Random(3, 5), Random(4, 5), variance, 1e-5f);
        using Tensor output = engine.BatchNorm(input, norm, Activation.None);
        float[] exact = [.. input.Values.ToArray().Select((x, i) =>
        {
            int c = i / (13 * 17) % 5;
            double factor = Value(norm.Scale, c) / Math.Sqrt((double)variance.Values[c] + 1e-5f);
            return (float)((((double)x - Value(norm.Mean, c)) * factor) + Value(norm.Shift, c));
        })];
        Assert.Equal(exact, Values(engine, output));

        static float Value(Tensor tensor, int index) => ((HostTensor)tensor).Values[index];
    }

    [Theory]
    [InlineData(512, 24, 3, 2.2e-7)]
    [InlineData(128, 24, 3, 2.2e-7)]
    [InlineData(512, 24, 1, 1.3e-7)]
    [InlineData(256, 256, 3, 6e-7)] // large tiles
    public void A_sum_is_as_near_to_the_exact_one_as_short_chains_of_products_bring_it(int channels, int outputs, int window, double bound)
    {
        // Inputs as behind a ReLU. Long chains are above 3e-7, and with large tiles at 1.3e-6.
        HostTensor input = Random(1, 1, channels, 12, 12), weight = Random(2, outputs, channels, window, window);
        input = new HostTensor(input.Shape, [.. input.Values.ToArray().Select(value => Math.Max(value, 0))]);
        using var reference = new ReferenceEngine();
        using IEngine engine = Engines.Create("cpu");
        ConvolutionGeometry geometry = ConvolutionGeometry.Square(1, window / 2);
        using Tensor output = engine.Convolution(input, weight, null, geometry, Activation.None),
            exact = reference.Convolution(input, weight, null, geometry, Activation.None);
        float[] ours = Values(engine, output), theirs = Values(reference, exact);
        double error = Math.Sqrt(ours.Zip(theirs, (a, b) => Math.Pow((double)a - b, 2)).Average());
        double size = Math.Sqrt(theirs.Average(value => (double)value * value));
        Assert.True(error < bound * size, $"{error / size:0.00e0} of the sums' size");
    }

    /// <summary>The loops of the reference engine are alike for any number of channels, and slow.</summary>
    private static IEnumerable<int[]> Cases(string engine) => Convolutions.Where(c => engine != "reference" || c[0] < 256);

    private static void AssertEqualWherePatternIs(
        string what, Func<int, int, int> pattern, (int Height, int Width) input, int stride, int padding, Shape output, float[] values)
    {
        var seen = new Dictionary<string, int>();
        int plane = output[2] * output[3], equal = 0;
        for (int place = 0; place < plane; place++)
        {
            var window = new List<int>();
            for (int tap = 0; tap < 9; tap++)
            {
                int y = (place / output[3] * stride) + (tap / 3) - padding, x = (place % output[3] * stride) + (tap % 3) - padding;
                window.Add(y >= 0 && y < input.Height && x >= 0 && x < input.Width ? pattern(y, x) : int.MinValue);
            }

            string key = string.Join(' ', window);
            if (!seen.TryAdd(key, place))
            {
                equal++;
                for (int channel = 0; channel < output[0] * output[1]; channel++)
                {
                    float first = values[(channel * plane) + seen[key]], second = values[(channel * plane) + place];
                    Assert.True(first.Equals(second), $"{what}: {first:R} at {seen[key]}, {second:R} at {place} of channel {channel}");
                }
            }
        }

        Assert.True(equal > 0, $"{what}: no two windows are equal");
    }

    /// <summary>Pixels of a pattern: equal numbers have equal values in all channels, 0 is zero, and negative numbers are large.</summary>
    private static HostTensor Drawn(Func<int, int, int> pattern, int images, int channels, int height, int width)
    {
        float[] values = new float[images * channels * height * width];
        for (int i = 0; i < values.Length; i++)
        {
            int number = pattern(i / width % height, i % width);
            int channel = i / width / height % channels;
            int image = i / width / height / channels;
            values[i] = number == 0 ? 0 : (float)Math.Sin((number * 12.9898) + (channel * 78.233) + image) * (number < 0 ? 1e6f : 1);
        }

        return new HostTensor(new Shape(images, channels, height, width), values);
    }

    private static HostTensor Random(int seed, params int[] axes)
    {
        var random = new Random(seed);
        var shape = new Shape(axes);
        return new HostTensor(shape, [.. Enumerable.Range(0, (int)shape.Count).Select(_ => (float)((random.NextDouble() * 2) - 1))]);
    }

    private static float[] Values(IEngine engine, Tensor tensor)
    {
        float[] values = new float[tensor.Shape.Count];
        engine.Download(tensor, values);
        return values;
    }
}
