using System.Buffers;
using SanityChecks.Compute;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Tests.Similarity;

public class MetricTests
{
    public static TheoryData<string> Names => [.. Metrics.All.Select(metric => metric.Name)];

    [Fact]
    public void Metrics_are_listed_in_the_order_of_the_tables_and_found_by_name()
    {
        Assert.Equal(
            ["spearman", "spearman_abs", "ssim", "hog", "pearson", "top_k", "entropy_rise"], Metrics.All.Select(metric => metric.Name));
        Assert.All(Metrics.All, metric => Assert.Same(metric, Metrics.Find(metric.Name)));
        var error = Assert.Throws<ArgumentException>(() => Metrics.Find("kendall"));
        Assert.Contains("'kendall'; there are spearman, spearman_abs, ssim, hog", error.Message);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_map_scores_exactly_1_against_itself_and_against_its_double_and_no_rise_of_entropy(string name)
    {
        // Of equal values it is open which are the largest.
        SaliencyMap map = GeneratedMap.Make(name == "top_k" ? "noise" : "noisy_blob", 64, 80);
        var doubled = new SaliencyMap(map.Shape, Array.ConvertAll(map.Values.ToArray(), value => 2 * value));
        var original = new MapFeatures(map);
        var identical = new SimilarityScore(name == "entropy_rise" ? 0 : 1, "ok");
        Assert.Equal(identical.Value, Metrics.Find(name).Identical);
        Assert.Equal(identical, Metrics.Find(name).Score(original, original));
        Assert.Equal(identical, Metrics.Find(name).Score(original, new MapFeatures(map)));
        Assert.Equal(identical, Metrics.Find(name).Score(original, new MapFeatures(doubled)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Which_map_goes_first_does_not_change_the_score(string name)
    {
        var a = new MapFeatures(GeneratedMap.Make("noisy_blob", 64, 80));
        var b = new MapFeatures(GeneratedMap.Make("noise", 64, 80));
        SimilarityScore there = Metrics.Find(name).Score(a, b), back = Metrics.Find(name).Score(b, a);
        if (name == "entropy_rise")
        {
            Assert.Equal(1, (1 + there.Value!.Value) * (1 + back.Value!.Value), 1e-12);
        }
        else
        {
            Assert.Equal(there, back);
        }

        Assert.InRange(Math.Abs(Metrics.Find(name).Score(a, b).Value!.Value), 1e-9, 0.5);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_lies_in_the_arrays_of_the_pool_changes_no_score(string name)
    {
        foreach (string map in (ReadOnlySpan<string>)["noisy_blob", "noise", "constant", "signs"])
        {
            Assert.Equal(ScoreAfter(0d, 0, 0UL), ScoreAfter(double.NaN, int.MaxValue, ulong.MaxValue));

            SimilarityScore ScoreAfter(double real, int integer, ulong key)
            {
                using MapFeatures original = new(GeneratedMap.Make("noise", 61, 83)), other = new(GeneratedMap.Make(map, 61, 83));
                Metrics.Find(name).Score(original, original);
                Soil(real, integer, key);
                return Metrics.Find(name).Score(original, other);
            }
        }
    }

    [Fact]
    public void Scoring_a_map_allocates_less_than_a_quarter_of_it()
    {
        SaliencyMap map = GeneratedMap.Make("noise", 224, 224);
        using var original = new MapFeatures(GeneratedMap.Make("noisy_blob", 224, 224));

        // The smallest of some: the first ones fill the pool, and a collection may empty it again.
        long allocated = Enumerable.Range(0, 10).Min(_ =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            using (var features = new MapFeatures(map))
            {
                foreach (Metric metric in Metrics.All)
                {
                    metric.Score(original, features);
                }
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
        Assert.InRange(allocated, 1, 224 * 224 * sizeof(float) / 4);
    }

    /// <summary>Writes into all arrays that this thread would get from the pool for maps of some thousand pixels.</summary>
    private static void Soil(double real, int integer, ulong key)
    {
        Fill(real);
        Fill(integer);
        Fill(key);

        static void Fill<T>(T value)
        {
            for (int length = 16; length <= 1 << 14; length *= 2)
            {
                T[][] arrays = [.. Enumerable.Range(0, 12).Select(_ => ArrayPool<T>.Shared.Rent(length))];
                foreach (T[] array in arrays)
                {
                    Array.Fill(array, value);
                    ArrayPool<T>.Shared.Return(array);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_constant_map_has_no_score_and_the_status_says_which_it_is(string name)
    {
        var varied = new MapFeatures(GeneratedMap.Make("noise", 48, 48));
        var constant = new MapFeatures(GeneratedMap.Make("constant", 48, 48));
        Assert.Equal(new SimilarityScore(null, "constant_original"), Metrics.Find(name).Score(constant, varied));
        Assert.Equal(new SimilarityScore(null, "constant_randomized"), Metrics.Find(name).Score(varied, constant));
        Assert.Equal(
            new SimilarityScore(null, "constant_both"),
            Metrics.Find(name).Score(constant, new MapFeatures(GeneratedMap.Make("zeros", 48, 48))));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_map_in_double_precision_scores_as_the_same_values_in_single(string name)
    {
        foreach (string kind in (ReadOnlySpan<string>)["noisy_blob", "blob", "ties", "signs", "zeros"])
        {
            SaliencyMap noise = GeneratedMap.Make("noise", 50, 63), map = GeneratedMap.Make(kind, 50, 63);
            using MapFeatures original = new(noise), single = new(map), exact = new(map.Shape, Exact(map)),
                originalExact = new(noise.Shape, Exact(noise));
            SimilarityScore expected = Metrics.Find(name).Score(original, single);
            Assert.Equal(expected, Metrics.Find(name).Score(original, exact));
            Assert.Equal(expected, Metrics.Find(name).Score(originalExact, exact));
        }

        static double[] Exact(SaliencyMap map) => Array.ConvertAll(map.Values.ToArray(), value => (double)value);
    }

    [Theory]
    [InlineData("spearman", 1e-50, 0)] // below single precision
    [InlineData("spearman", 1e40, 0)] // above it
    [InlineData("spearman", 1e-9, 1)] // within one step of it
    [InlineData("spearman_abs", 1e-9, 1)]
    [InlineData("ssim", 1e-50, 0)]
    [InlineData("ssim", 1e40, 0)]
    [InlineData("ssim", 1.7e308, 0)] // the range is beyond double precision
    [InlineData("hog", 1e-50, 0)]
    [InlineData("hog", 1.7e308, 0)]
    public void Doubles_are_never_rounded_to_single_precision(string name, double scale, double shift)
    {
        // Steps of a thousandth, which no shift here makes equal.
        using MapFeatures plain = Features("noise", 1, shift), other = Features("noisy_blob", 1, shift),
            scaled = Features("noise", scale, shift), otherScaled = Features("noisy_blob", scale, shift);
        SimilarityScore expected = Metrics.Find(name).Score(plain, other);
        Assert.Equal("ok", expected.Status);
        Assert.Equal(expected.Value!.Value, Metrics.Find(name).Score(scaled, otherScaled).Value!.Value, 1e-6);

        static MapFeatures Features(string kind, double scale, double shift)
        {
            SaliencyMap map = GeneratedMap.Make(kind, 48, 64);
            double largest = map.Values.ToArray().Max(Math.Abs);
            return new MapFeatures(
                map.Shape, Array.ConvertAll(map.Values.ToArray(), value => shift + (scale * (Math.Round(1000 * value / largest) / 1000))));
        }
    }

    [Fact]
    public void Doubles_that_are_not_finite_or_all_equal_are_found()
    {
        double[] values = [.. Enumerable.Range(0, 35).Select(i => i * 1e-60)];
        Assert.Equal((true, false), Look(values));
        Assert.Equal((true, true), Look([.. Enumerable.Repeat(1e300, 35)]));
        Assert.Equal((true, true), Look([.. Enumerable.Range(0, 35).Select(i => i % 2 == 0 ? 0.0 : -0.0)]));
        for (int at = 0; at < values.Length; at++)
        {
            foreach (double bad in (ReadOnlySpan<double>)[double.NaN, double.PositiveInfinity, double.NegativeInfinity,
                BitConverter.Int64BitsToDouble(-1)])
            {
                double[] broken = [.. values];
                broken[at] = bad;
                Assert.Equal((false, false), Look(broken));
            }
        }

        static (bool, bool) Look(double[] values)
        {
            var features = new MapFeatures(new Shape(5, 7), values);
            return (features.IsFinite, features.IsConstant);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_map_with_a_nan_or_an_infinity_has_no_score_and_the_status_says_which_it_is(string name)
    {
        var good = new MapFeatures(GeneratedMap.Make("noise", 48, 48));
        foreach (float bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            float[] values = GeneratedMap.Make("noise", 48, 48).Values.ToArray();
            values[^1] = bad;
            var broken = new MapFeatures(new SaliencyMap(new Shape(48, 48), values));
            Assert.Equal(new SimilarityScore(null, "non_finite_original"), Metrics.Find(name).Score(broken, good));
            Assert.Equal(new SimilarityScore(null, "non_finite_randomized"), Metrics.Find(name).Score(good, broken));
            Assert.Equal(new SimilarityScore(null, "non_finite_both"), Metrics.Find(name).Score(broken, broken));
            Assert.False(broken.IsConstant);
        }
    }

    [Theory]
    [InlineData("ssim", 11)]
    [InlineData("hog", 48)]
    public void A_map_smaller_than_the_window_is_too_small_and_one_of_its_size_is_not(string name, int side)
    {
        foreach ((int height, int width) in new[] { (side - 1, side), (side, side - 1) })
        {
            var small = new MapFeatures(GeneratedMap.Make("noise", height, width));
            Assert.Equal(new SimilarityScore(null, "too_small"), Metrics.Find(name).Score(small, small));
        }

        var large = new MapFeatures(GeneratedMap.Make("noise", side, side));
        Assert.Equal(new SimilarityScore(1, "ok"), Metrics.Find(name).Score(large, large));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Maps_of_different_shape_are_refused_with_both_shapes(string name)
    {
        var wide = new MapFeatures(GeneratedMap.Make("noise", 48, 64));
        var tall = new MapFeatures(GeneratedMap.Make("noise", 64, 48));
        var error = Assert.Throws<ArgumentException>(() => Metrics.Find(name).Score(wide, tall));
        Assert.Contains("the original is [48, 64], the randomized [64, 48]", error.Message);
    }

    [Fact]
    public void Maps_with_channels_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => new MapFeatures(new SaliencyMap(new Shape(3, 2, 2), new float[12])));
        Assert.Contains("sum the channels of [3, 2, 2] first", error.Message);
    }

    [Fact]
    public void What_a_metric_needs_of_one_map_is_computed_once()
    {
        var features = new MapFeatures(GeneratedMap.Make("noise", 48, 48));
        Assert.Same(features.Ranks, features.Ranks);
        Assert.Same(features.AbsoluteRanks, features.AbsoluteRanks);
        Assert.NotSame(features.Ranks, features.AbsoluteRanks);
        WindowMoments moments = features.Moments(MapScale.Unit, new GaussianWindow(2));
        Assert.Same(moments, features.Moments(MapScale.Unit, new GaussianWindow(2)));
        Assert.NotSame(moments, features.Moments(MapScale.None, new GaussianWindow(2)));
        Assert.NotSame(moments, features.Moments(MapScale.Unit, new UniformWindow(11, 2)));
        Assert.Same(features.Centered, features.Centered);
        Assert.Same(features.Hog, features.Hog);
        Assert.True(features.Unit == features.Unit);
    }
}
