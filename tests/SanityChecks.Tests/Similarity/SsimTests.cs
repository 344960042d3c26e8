using SanityChecks.Compute;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Tests.Similarity;

public class SsimTests
{
    [Fact]
    public void One_window_of_11x11_is_the_formula_itself()
    {
        SaliencyMap a = GeneratedMap.Make("noise", 11, 11);
        SaliencyMap b = GeneratedMap.Make("blob", 11, 11);
        double[] x = Unit(a);
        double[] y = Unit(b);
        double[] weights =
            [.. Enumerable.Range(0, 121).Select(i => Math.Exp(-(Square((i / 11) - 5) + Square((i % 11) - 5)) / (2 * 1.5 * 1.5)))];
        double total = weights.Sum();
        double Mean(Func<int, double> value) => Enumerable.Range(0, 121).Sum(i => weights[i] * value(i)) / total;

        double mx = Mean(i => x[i]);
        double my = Mean(i => y[i]);
        double vx = Mean(i => Square(x[i] - mx));
        double vy = Mean(i => Square(y[i] - my));
        double covariance = Mean(i => (x[i] - mx) * (y[i] - my));
        double expected = ((2 * mx * my) + 1e-4) * ((2 * covariance) + 9e-4) / ((Square(mx) + Square(my) + 1e-4) * (vx + vy + 9e-4));

        Assert.Equal(expected, Ssim.Metric.Score(new MapFeatures(a), new MapFeatures(b)).Value!.Value, 1e-14);
    }

    [Fact]
    public void The_moments_of_a_ramp_are_its_middle_and_the_variance_of_the_window()
    {
        // Unit scale: x / 15. The variance of an 11-tap Gaussian with sigma 1.5 is that of its own weights.
        double[] weights = [.. Enumerable.Range(-5, 11).Select(d => Math.Exp(-d * d / 4.5))];
        double variance = Enumerable.Range(-5, 11).Sum(d => d * d * weights[d + 5]) / weights.Sum() / (15 * 15);
        var ramp = new SaliencyMap(new Shape(13, 16), [.. Enumerable.Range(0, 13 * 16).Select(i => (float)(i % 16))]);
        WindowMoments moments = new MapFeatures(ramp).Moments(MapScale.Unit, new GaussianWindow(2));
        Assert.Equal(3 * 6, moments.Means.Length);
        for (int i = 0; i < 18; i++)
        {
            Assert.Equal((5 + (i % 6)) / 15.0, moments.Means[i], 1e-15);
            Assert.Equal(variance, moments.Variances[i], 1e-15);
        }
    }

    [Fact]
    public void A_map_is_scaled_by_its_own_range()
    {
        var map = new SaliencyMap(new Shape(2, 2), [-2, 6, 0, 2]);
        Assert.Equal([0, 1, 0.25, 0.5], new MapFeatures(map).Unit.ToArray());
        var extremes = new SaliencyMap(new Shape(1, 3), [float.MinValue, 0, float.MaxValue]);
        Assert.Equal([0, 0.5, 1], new MapFeatures(extremes).Unit.ToArray());
        var constant = new SaliencyMap(new Shape(1, 3), [7, 7, 7]);
        Assert.Equal([0, 0, 0], new MapFeatures(constant).Unit.ToArray());
    }

    private static double[] Unit(SaliencyMap map)
    {
        double smallest = map.Values.ToArray().Min();
        double largest = map.Values.ToArray().Max();
        return Array.ConvertAll(map.Values.ToArray(), value => (value - smallest) / (largest - smallest));
    }

    private static double Square(double value) => value * value;
}
