using MathNet.Numerics.Random;
using MathNet.Numerics.Statistics;

namespace SanityChecks.RunFiles.Statistics;

/// <summary>Intervals by resampling draws and images: 2000 times as many draws as there are are drawn with replacement, and as many images;
/// a resample's mean is over the scores of those draws and images.</summary>
/// <remarks>
/// All draws have the same images and all images the same networks, so that the two are resampled beside each other (Owen 2007, "The
/// pigeonhole bootstrap"), not one within the other. A percentile interval of few draws is far too narrow: five of them cover the mean in
/// 83 of 100 studies. So its two halves are stretched to the standard error that the variance components say
/// (<see cref="VarianceComponents"/>), and by Student's t over the normal quantile, as Hesterberg 2015 ("What Teachers Should Know About
/// the Bootstrap", section 4.2) does for one level. The resamples are the same for every group of scores of a run: means of several groups
/// can be combined resample by resample.
/// </remarks>
public sealed class TwoLevelBootstrap
{
    /// <summary>How many times is resampled.</summary>
    public const int Resamples = 2000;

    private const int Seed = 1;

    private readonly byte[][] drawCounts;
    private readonly byte[][] imageCounts;

    /// <summary>Draws the resamples.</summary>
    /// <param name="draws">Draws of a run; at least 1.</param>
    /// <param name="images">Images of it; at least 1.</param>
    public TwoLevelBootstrap(int draws, int images)
    {
        // Draws and images have streams of their own: more draws leave the resampled images as they are.
        drawCounts = Counts(new Xoshiro256StarStar(Seed), draws);
        imageCounts = Counts(new Xoshiro256StarStar(Seed + 1), images);
    }

    /// <summary>The mean of scores and its interval.</summary>
    /// <param name="cells">The scores; of one draw only where no draw has a part in them.</param>
    public Estimate Estimate(ScoreCells cells)
    {
        ArgumentNullException.ThrowIfNull(cells);
        double[] defined = [.. cells.Defined];
        if (defined.Length == 0)
        {
            return new Estimate(null, null, null);
        }

        double mean = defined.Mean();
        if (VarianceComponents.Of(cells).HalfWidth is not { } half)
        {
            return new Estimate(mean, null, null);
        }

        double[] means = [.. Means(cells).Where(double.IsFinite)];
        double below = means.Length == 0 ? 0 : mean - ArrayStatistics.QuantileInplace(means, 0.025);
        double above = means.Length == 0 ? 0 : ArrayStatistics.QuantileInplace(means, 0.975) - mean;
        return below + above > 0
            ? new Estimate(mean, mean - (2 * half * below / (below + above)), mean + (2 * half * above / (below + above)))
            : new Estimate(mean, mean - half, mean + half);
    }

    /// <summary>The mean of each resample; NaN where it has no defined score.</summary>
    /// <param name="cells">The scores.</param>
    public double[] Means(ScoreCells cells)
    {
        ArgumentNullException.ThrowIfNull(cells);
        int images = cells.Images;
        bool isFull = !cells.Values.Any(draw => draw.Any(double.IsNaN));
        double[][] values = [.. cells.Values.Select(draw => Array.ConvertAll(draw, value => double.IsNaN(value) ? 0 : value))];
        double[][] defined =
            isFull ? [] : [.. cells.Values.Select(draw => Array.ConvertAll(draw, value => double.IsNaN(value) ? 0.0 : 1))];
        double[] means = new double[Resamples], weights = new double[images];
        for (int r = 0; r < Resamples; r++)
        {
            byte[] ofImages = imageCounts[r];
            for (int i = 0; i < images; i++)
            {
                weights[i] = ofImages[i];
            }

            double sum = 0, count = 0;
            for (int d = 0; d < cells.Draws; d++)
            {
                // The untouched network is one, whatever is resampled.
                double times = cells.Draws == 1 ? 1 : drawCounts[r][d];
                if (times > 0)
                {
                    sum += times * Dot(values[d], weights);
                    count += times * (isFull ? images : Dot(defined[d], weights));
                }
            }

            means[r] = sum / count;
        }

        return means;
    }

    /// <summary>How often each of so many is drawn, resample by resample.</summary>
    private static byte[][] Counts(Xoshiro256StarStar random, int size)
    {
        byte[][] counts = new byte[Resamples][];
        for (int r = 0; r < Resamples; r++)
        {
            byte[] resample = counts[r] = new byte[size];
            for (int i = 0; i < size; i++)
            {
                ref byte count = ref resample[random.Next(size)];

                // One of many being drawn more often than a byte can say has no chance worth speaking of.
                count = (byte)Math.Min(byte.MaxValue, count + 1);
            }
        }

        return counts;
    }

    private static double Dot(double[] values, double[] weights)
    {
        // Four sums that do not wait for each other, on every processor: the order of adding decides the last bit.
        double first = 0, second = 0, third = 0, fourth = 0;
        int i = 0;
        for (; i + 4 <= values.Length; i += 4)
        {
            first += values[i] * weights[i];
            second += values[i + 1] * weights[i + 1];
            third += values[i + 2] * weights[i + 2];
            fourth += values[i + 3] * weights[i + 3];
        }

        for (; i < values.Length; i++)
        {
            first += values[i] * weights[i];
        }

        return first + second + (third + fourth);
    }
}
