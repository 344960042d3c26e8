using SanityChecks.Compute;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Tests.Similarity;

public class SpearmanTests
{
    [Fact]
    public void Ties_share_their_mean_rank_on_a_5x5()
    {
        // Ranks: -3 -> 1; the two zeros -> (2 + 3) / 2; 1 1 1 -> (4 + 5 + 6) / 3; then 2 .. 20 -> 7 .. 25. Kept as 2r - 26.
        CenteredRanks ranks = Map(1, 0, -3, 1, -0f, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20).Ranks;
        int[] expected = [-16, -21, -24, -16, -21, -16, .. Enumerable.Range(7, 19).Select(rank => (2 * rank) - 26)];
        Assert.Equal(expected, ranks.Values);
        Assert.Equal(0, expected.Sum());
        Assert.Equal(expected.Sum(rank => rank * rank), ranks.SumOfSquares);
    }

    [Fact]
    public void Exchanging_two_neighbouring_ranks_of_a_5x5_costs_12_over_n_cubed_less_n()
    {
        // rho = 1 - 6 sum d^2 / (n^3 - n) without ties: sum d^2 = 2, n = 25.
        float[] values = [.. Enumerable.Range(0, 25).Select(i => (float)i)];
        float[] exchanged = [.. values];
        (exchanged[7], exchanged[8]) = (exchanged[8], exchanged[7]);
        Assert.Equal(1 - (12.0 / 15600), Spearman.Signed.Score(Map(values), Map(exchanged)).Value!.Value, 1e-15);
        Array.Reverse(exchanged);
        Assert.Equal(-1 + (12.0 / 15600), Spearman.Signed.Score(Map(values), Map(exchanged)).Value!.Value, 1e-15);
    }

    [Fact]
    public void The_sign_counts_in_spearman_and_not_in_spearman_abs()
    {
        float[] values = [.. Enumerable.Range(1, 25).Select(i => (float)(i * i))];
        float[] negated = Array.ConvertAll(values, value => -value);
        Assert.Equal(-1, Spearman.Signed.Score(Map(values), Map(negated)).Value);
        Assert.Equal(1, Spearman.Absolute.Score(Map(values), Map(negated)).Value);
    }

    [Fact]
    public void Floats_are_ordered_as_numbers_whatever_their_sign_and_size()
    {
        float[] ascending =
        [
            float.MinValue, -1e20f, -2, -1.0000001f, -1, -float.Epsilon * 2, -float.Epsilon, 0, float.Epsilon, 1e-40f, 1.1754944e-38f,
            0.5f, 1, 1.0000001f, 2, 2047, 2048, 2049, 1e9f, 2147483648, 4294967296, 1e20f, 3e38f, 3.1e38f, float.MaxValue,
        ];
        int[] expected = [.. Enumerable.Range(0, 25).Select(i => (2 * i) - 24)];
        Assert.Equal(expected, Map(ascending).Ranks.Values);
        Array.Reverse(ascending);
        Array.Reverse(expected);
        Assert.Equal(expected, Map(ascending).Ranks.Values);
    }

    [Fact]
    public void A_map_of_plus_and_minus_zero_is_constant()
    {
        float[] zeros = new float[25];
        zeros[3] = -0f;
        Assert.Equal("constant_both", Spearman.Signed.Score(Map(zeros), Map(zeros)).Status);
        Assert.True(Map(zeros).IsConstant);
    }

    [Fact]
    public void Equal_magnitudes_are_constant_for_spearman_abs_only()
    {
        var signs = new MapFeatures(GeneratedMap.Make("signs", 5, 5));
        var noise = new MapFeatures(GeneratedMap.Make("noise", 5, 5));
        Assert.Equal("ok", Spearman.Signed.Score(signs, noise).Status);
        Assert.Equal(new SimilarityScore(null, "constant_original"), Spearman.Absolute.Score(signs, noise));
        Assert.False(signs.IsConstant);
    }

    [Theory]
    [InlineData(1, 0)] // hardly a tie
    [InlineData(64, 0)] // many ties, of both signs
    [InlineData(64, 100)] // none is negative
    [InlineData(64, -100)] // all are
    public void Ranks_of_a_large_map_equal_those_by_a_comparison_sort(int steps, float shift)
    {
        SaliencyMap map = GeneratedMap.Make("noise", 300, 500);
        float[] values = [.. map.Values.ToArray().Select(value => (steps == 1 ? value : MathF.Round(value * steps / (1 << 23))) + shift)];
        Assert.Equal((shift <= 0, shift >= 0), (values.Min() < 0, values.Max() > 0));
        var features = new MapFeatures(new SaliencyMap(map.Shape, values));
        Assert.Equal(Ranked(values), features.Ranks.Values.ToArray());
        Assert.Equal(Ranked(Array.ConvertAll(values, Math.Abs)), features.AbsoluteRanks.Values.ToArray());

        static int[] Ranked(float[] values)
        {
            var rankOf = values.Order().Select((value, index) => (value, rank: index + 1))
                .GroupBy(pair => pair.value, pair => pair.rank)
                .ToDictionary(group => group.Key, group => group.First() + group.Last() - values.Length - 1);
            return [.. values.Select(value => rankOf[value])];
        }
    }

    private static MapFeatures Map(params float[] values) => new(new SaliencyMap(new Shape(5, 5), values));
}
