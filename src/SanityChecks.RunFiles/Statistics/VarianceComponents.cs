using MathNet.Numerics.Distributions;

namespace SanityChecks.RunFiles.Statistics;

/// <summary>Where the spread of scores comes from: every image is scored in every draw, so that a score is the sum of what its draw, its
/// image and chance between the two add to the mean.</summary>
/// <remarks>
/// The two-way random model without replication (Searle, Casella and McCulloch 1992, section 4.5), by its mean squares. Where scores are
/// undefined, sums over what there is stand for those of full rows, which is exact for a full table and near it otherwise.
/// </remarks>
public sealed record VarianceComponents
{
    /// <summary>Standard deviation that the draw of the weights adds; null for one draw.</summary>
    public double? DrawDeviation { get; private init; }

    /// <summary>Standard deviation that the image adds; with one draw, what chance adds is in it. Null for one image.</summary>
    public double? ImageDeviation { get; private init; }

    /// <summary>Half the width of the mean's 95 % interval; null where there is one cell.</summary>
    /// <remarks>With draws and images, the quantiles of Student's t for as many of each are weighted by what each adds to the variance
    /// (Cochran 1964, "Approximate Significance Levels of the Behrens-Fisher Test"): a few draws would look surer by pooled degrees of
    /// freedom than they are.</remarks>
    public double? HalfWidth { get; private init; }

    /// <summary>The components of scores.</summary>
    /// <param name="cells">The scores.</param>
    public static VarianceComponents Of(ScoreCells cells)
    {
        ArgumentNullException.ThrowIfNull(cells);
        Sums draws = new(cells.Draws), images = new(cells.Images);
        for (int d = 0; d < cells.Draws; d++)
        {
            for (int i = 0; i < cells.Images; i++)
            {
                if (!double.IsNaN(cells.Values[d][i]))
                {
                    draws.Add(d, cells.Values[d][i]);
                    images.Add(i, cells.Values[d][i]);
                }
            }
        }

        int n = draws.Count;
        double mean = draws.Total / n;
        double ofDraws = draws.VarianceOfMean(mean), ofImages = images.VarianceOfMean(mean);
        if (draws.Levels < 2 || images.Levels < 2)
        {
            Sums only = draws.Levels < 2 ? images : draws;
            double variance = draws.Levels < 2 ? ofImages : ofDraws;
            double? deviation = only.Levels < 2 ? null : Math.Sqrt(variance / only.Concentration);
            return new VarianceComponents
            {
                DrawDeviation = draws.Levels < 2 ? null : deviation,
                ImageDeviation = images.Levels < 2 ? null : deviation,
                HalfWidth = only.Levels < 2 ? null : Quantile(only) * Math.Sqrt(variance),
            };
        }

        double rest = 0;
        for (int d = 0; d < cells.Draws; d++)
        {
            for (int i = 0; i < cells.Images; i++)
            {
                if (!double.IsNaN(cells.Values[d][i]))
                {
                    double residual = cells.Values[d][i] - draws.Mean(d) - images.Mean(i) + mean;
                    rest += residual * residual;
                }
            }
        }

        int restFreedom = Math.Max(1, n - draws.Levels - images.Levels + 1);
        double ofRest = rest / restFreedom / n;

        // The rest is in both of the others; taking it off once must not make the mean surer than either of them says.
        double total = Math.Max(ofDraws + ofImages - ofRest, Math.Max(ofDraws, ofImages));
        double byDraws = Math.Max(0, ofDraws - ofRest), byImages = Math.Max(0, ofImages - ofRest);
        double quantile = byDraws + byImages > 0
            ? ((byDraws * Quantile(draws)) + (byImages * Quantile(images))) / (byDraws + byImages)
            : Quantile(draws.Levels < images.Levels ? draws : images);
        return new VarianceComponents
        {
            DrawDeviation = Math.Sqrt(byDraws / draws.Concentration),
            ImageDeviation = Math.Sqrt(byImages / images.Concentration),
            HalfWidth = quantile * Math.Sqrt(total),
        };
    }

    private static double Quantile(Sums sums) => StudentT.InvCDF(0, 1, sums.Levels - 1, 0.975);

    /// <summary>Sums of the scores of each draw, or of each image.</summary>
    private sealed class Sums(int size)
    {
        private readonly double[] sums = new double[size];
        private readonly int[] counts = new int[size];

        public int Count => counts.Sum();

        public double Total => sums.Sum();

        /// <summary>How many have a score.</summary>
        public int Levels => counts.Count(count => count > 0);

        /// <summary>The sum of the squared shares of all scores: one over the levels where each has as many.</summary>
        public double Concentration => counts.Sum(count => (double)count * count) / ((double)Count * Count);

        public void Add(int at, double value)
        {
            sums[at] += value;
            counts[at]++;
        }

        public double Mean(int at) => sums[at] / counts[at];

        /// <summary>What the spread between them says of the variance of the mean of all scores.</summary>
        public double VarianceOfMean(double mean) => Levels < 2 ? 0
            : sums.Zip(counts, (sum, count) => (sum - (count * mean)) * (sum - (count * mean))).Sum()
                / ((double)Count * Count) * Levels / (Levels - 1);
    }
}
