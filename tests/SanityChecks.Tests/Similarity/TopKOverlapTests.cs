using SanityChecks.Compute;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Tests.Similarity;

public class TopKOverlapTests
{
    private static ConfiguredMetric Top(string k) =>
        ConfiguredMetric.Of(TopKOverlap.Metric, new Dictionary<string, IReadOnlyList<string>> { ["k"] = [k] });

    private static MapFeatures Map(params float[] values) => new(new SaliencyMap(new Shape(1, values.Length), values));

    [Theory]
    [InlineData("1", 0)]
    [InlineData("2", 1)]
    [InlineData("3", 2.0 / 3)]
    [InlineData("0.5", 2.0 / 3)] // three of six
    public void Without_ties_it_is_the_part_of_the_largest_that_both_share(string k, double overlap) =>
        Assert.Equal(overlap, Top(k).Score(Map(5, 4, 3, 2, 1, -9), Map(4, 5, 1, 3, 2, -9)).Value!.Value, 1e-15);

    [Fact]
    public void Ties_are_the_mean_over_all_ways_of_breaking_them()
    {
        // Two of the five zeros of each map join its one positive value: ten ways for each.
        float[] a = [1, 0, 0, 0, 0, 0, -1], b = [0, 0, 0, 1, 0, 0, -1];
        int[][] joined =
            [.. from first in Enumerable.Range(0, 5) from second in Enumerable.Range(first + 1, 4 - first) select new[] { first, second }];
        int[] zerosOfA = [1, 2, 3, 4, 5], zerosOfB = [0, 1, 2, 4, 5];
        double mean = (from ofA in joined from ofB in joined
                       select ofA.Select(i => zerosOfA[i]).Append(0).Intersect(ofB.Select(i => zerosOfB[i]).Append(3)).Count() / 3.0)
                           .Average();
        Assert.Equal(10, joined.Length);
        Assert.Equal(mean, Top("3").Score(Map(a), Map(b)).Value!.Value, 1e-15);
    }

    [Fact]
    public void Dead_places_agree_by_chance_alone_wherever_they_lie()
    {
        // One value above 0 in each, at different places: 99 of 100 places are tied.
        float[] a = new float[100], b = new float[100];
        (a[3], b[96]) = (1, 1);
        double tied = 9.0 / 99;
        Assert.Equal(((2 * tied) + (98 * tied * tied)) / 10, Top("10").Score(Map(a), Map(b)).Value!.Value, 1e-15);
    }

    [Fact]
    public void More_than_the_map_has_is_too_small_a_map() =>
        Assert.Equal(new SimilarityScore(null, "too_small"), Top("3").Score(Map(1, 2, 3), Map(3, 2, 1)));
}
