namespace SanityChecks.Tests.Randomization;

/// <summary>Tests of samples that do not depend on the product's own functions.</summary>
internal static class Distribution
{
    /// <summary>Kolmogorov and Smirnov's test at a level of one in ten thousand (2.23 / sqrt(n)); samples come from fixed seeds, so it
    /// never flickers.</summary>
    public static void AssertFollows(double[] values, Func<double, double> cumulative)
    {
        double[] sorted = [.. values.Order()];
        double distance = sorted.Select((value, i) =>
        {
            double expected = cumulative(value);
            return Math.Max(Math.Abs(expected - ((double)i / sorted.Length)), Math.Abs(expected - ((i + 1.0) / sorted.Length)));
        }).Max();
        Assert.InRange(distance, 0, 2.23 / Math.Sqrt(values.Length));
    }

    public static double Mean(double[] values) => values.Sum() / values.Length;

    public static double Deviation(double[] values)
    {
        double mean = Mean(values);
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / values.Length);
    }

    public static double Correlation(double[] a, double[] b)
    {
        double meanA = Mean(a), meanB = Mean(b);
        return a.Zip(b, (x, y) => (x - meanA) * (y - meanB)).Sum() / a.Length / Deviation(a) / Deviation(b);
    }

    /// <summary>P(Z below z) by Simpson's rule on the density from 0 to z.</summary>
    public static double Normal(double z)
    {
        const int Intervals = 64;
        double width = z / Intervals, sum = 0;
        for (int i = 0; i <= Intervals; i++)
        {
            double x = i * width;
            sum += Math.Exp(-x * x / 2) * (i is 0 or Intervals ? 1 : i % 2 == 1 ? 4 : 2);
        }

        return 0.5 + (sum * width / 3 / Math.Sqrt(2 * Math.PI));
    }
}
