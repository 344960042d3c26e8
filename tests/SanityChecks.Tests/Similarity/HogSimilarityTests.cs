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
        var ramp = new SaliencyMap(new Shape(80, 80), [.. Enumerable.Range(0, 6400).Select(i => (float)((dx * (i % 80)) + (dy * (i / 80))))]);
        ReadOnlySpan<double> block = new MapFeatures(ramp).Hog.Values.Slice(4 * 81, 81);
        double rest = block[(bin + 1) % 9];
        for (int i = 0; i < 81; i++)
        {
            // Nine equal entries of norm 1 are 1/3 each, cut to 0.2, and 1/3 again after the second normalisation.
            Assert.Equal(i % 9 == bin ? 1.0 / 3 : 0, block[i] - rest, 1e-6);
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
    public void A_descriptor_is_block_by_block_cell_by_cell_and_sums_to_zero()
    {
        HogDescriptor hog = new MapFeatures(GeneratedMap.Make("noise", 224, 224)).Hog;
        Assert.Equal(12 * 12 * 9 * 9, hog.Values.Length);
        Assert.Equal(0, hog.Values.ToArray().Sum(), 1e-9);
        Assert.Equal(hog.Values.ToArray().Sum(value => value * value), hog.SumOfSquares, 1e-9);
    }
}
