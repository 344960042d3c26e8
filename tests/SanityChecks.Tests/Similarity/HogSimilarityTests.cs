using SanityChecks.Compute;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Tests.Similarity;

public class HogSimilarityTests
{
    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(-1, 0, 0)]
    [InlineData(3, 1, 0)]
    [InlineData(1, 1, 2)]
    [InlineData(-1, -1, 2)]
    [InlineData(0, 1, 4)]
    [InlineData(0, -1, 4)]
    [InlineData(-1, 1, 6)]
    [InlineData(3, -1, 8)]
    public void A_ramp_votes_for_the_orientation_of_its_gradient_modulo_180_degrees(int dx, int dy, int bin)
    {
        // 80x80: the block in the middle (cells 1 .. 3) touches no border, so every pixel of it votes for one bin.
        var ramp = new SaliencyMap(
            new Shape(80, 80), [.. Enumerable.Range(0, 6400).Select(i => (float)((dx * (i % 80)) + (dy * (i / 80))))]);
        ReadOnlySpan<double> block = new MapFeatures(ramp).Hog.Values.Slice(4 * 81, 81);
        double rest = block[(bin + 1) % 9];
        for (int i = 0; i < 81; i++)
        {
            // Nine equal entries of norm 1 are 1/3 each, cut to 0.2, and 1/3 again after the second normalisation.
            Assert.Equal(i % 9 == bin ? 1.0 / 3 : 0, block[i] - rest, 1e-6);
        }
    }

    /// <summary>Flat places, gradients of a few whole steps, and some within a rounding error of the horizontal, whose angle may round to
    /// 180 degrees, which no bin takes.</summary>
    [Fact]
    public void A_descriptor_equals_the_definition_by_the_arc_tangent()
    {
        const int Height = 50, Width = 71;
        float[] few = [0, 0.25f, 0.5f, 0.75f, 1, 1e-15f, 1e-18f, 0.5f];
        ReadOnlySpan<float> noise = GeneratedMap.Make("noise", Height, Width).Values;
        float[] values = new float[Height * Width];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = few[(int)Math.Abs(noise[i]) / 64 % few.Length];
        }

        (values[0], values[1]) = (0, 1);
        double[] defined = Definition(values, Height, Width, out int flat, out int dropped);
        Assert.True(flat > 100 && dropped > 20, $"{flat} gradients are almost horizontal, {dropped} of them in no bin");
        double[] computed = new MapFeatures(new SaliencyMap(new Shape(Height, Width), values)).Hog.Values.ToArray();
        double largest = defined.Zip(computed, (one, other) => Math.Abs(one - other)).Max();
        Assert.Equal(defined.Length, computed.Length);
        Assert.True(largest < 1e-6, $"differs by {largest}");
    }

    /// <summary>scikit-image's <c>hog</c> as its documentation has it, for maps of values from 0 to 1 that are three cells high.</summary>
    private static double[] Definition(float[] values, int height, int width, out int almostHorizontal, out int inNoBin)
    {
        (almostHorizontal, inNoBin) = (0, 0);
        int across = width / 16;
        double[] cells = new double[3 * across * 9];
        for (int y = 0; y < 48; y++)
        {
            for (int x = 0; x < across * 16; x++)
            {
                double dx = x == 0 || x == width - 1 ? 0 : (double)values[(y * width) + x + 1] - values[(y * width) + x - 1];
                double dy = y == 0 || y == height - 1 ? 0 : (double)values[((y + 1) * width) + x] - values[((y - 1) * width) + x];
                double degrees = Math.Atan2(dy, dx) * (180 / Math.PI) % 180;
                int bin = (int)((degrees < 0 ? degrees + 180 : degrees) / 20);
                almostHorizontal += dy != 0 && Math.Abs(dy) < 1e-13 * Math.Abs(dx) ? 1 : 0;
                inNoBin += bin < 9 ? 0 : 1;
                if (bin < 9)
                {
                    cells[((((y / 16) * across) + (x / 16)) * 9) + bin] += Math.Sqrt((dx * dx) + (dy * dy)) / 256;
                }
            }
        }

        return [.. Enumerable.Range(0, across - 2).SelectMany(x =>
        {
            double[] block = [.. Enumerable.Range(0, 81).Select(i => cells[((((i / 27) * across) + x + (i / 9 % 3)) * 9) + (i % 9)])];
            return Unit([.. Unit(block).Select(value => Math.Min(value, 0.2))]);
        })];

        static double[] Unit(double[] block)
        {
            double norm = Math.Sqrt(block.Sum(value => value * value) + 1e-10);
            return [.. block.Select(value => value / norm)];
        }
    }

    [Fact]
    public void Two_ramps_at_right_angles_correlate_at_minus_one_eighth()
    {
        // One ninth of the entries is 1/3 in each, at different places: -p / (1 - p) with p = 1/9. The border rows and columns
        // have less of it, as their gradient is 0; a tall and wide enough map makes that small.
        var across = new SaliencyMap(new Shape(480, 480), [.. Enumerable.Range(0, 480 * 480).Select(i => (float)(i % 480))]);
        var down = new SaliencyMap(new Shape(480, 480), [.. Enumerable.Range(0, 480 * 480).Select(i => (float)(i / 480))]);
        Assert.Equal(-0.125, HogSimilarity.Metric.Score(new MapFeatures(across), new MapFeatures(down)).Value!.Value, 1e-4);
    }

    [Fact]
    public void A_map_that_varies_only_outside_its_whole_cells_has_a_constant_descriptor()
    {
        float[] values = new float[63 * 63];
        values[^1] = 1;
        var corner = new MapFeatures(new SaliencyMap(new Shape(63, 63), values));
        var noise = new MapFeatures(GeneratedMap.Make("noise", 63, 63));
        Assert.Equal(new SimilarityScore(null, "constant_randomized"), HogSimilarity.Metric.Score(noise, corner));
        Assert.Equal("ok", Spearman.Signed.Score(noise, corner).Status);
    }

    [Fact]
    public void A_descriptor_is_block_by_block_cell_by_cell_and_its_squares_are_about_its_mean()
    {
        HogDescriptor hog = new MapFeatures(GeneratedMap.Make("noise", 224, 224)).Hog;
        Assert.Equal(12 * 12 * 9 * 9, hog.Values.Length);
        double mean = hog.Values.ToArray().Average();
        Assert.Equal(hog.Values.ToArray().Sum(value => (value - mean) * (value - mean)), hog.SumOfSquares, 1e-9);
    }
}
