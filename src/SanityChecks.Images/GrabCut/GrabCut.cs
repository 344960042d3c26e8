using SanityChecks.Compute;

namespace SanityChecks.Images.GrabCut;

/// <summary>GrabCut: separates an object from its ground by the colors of both and by edges (Rother, Kolmogorov and Blake 2004).</summary>
/// <remarks>
/// The colors of foreground and background are mixtures of five Gaussians each. An iteration gives each pixel to a component, learns the
/// mixtures anew and cuts the grid of pixels where the sum of the data terms, -log p(color), and of the edges that are cut is least. An
/// edge to one of the eight neighbors costs 50 exp(-b d²) / distance, d² the squared difference of the colors and b half of the inverse of
/// its mean (their section 2.1, with the values of OpenCV's implementation). The mixtures begin with k-means++ from a random stream, so
/// that the same image, seeds and stream give the same mask everywhere.
/// </remarks>
public static class GrabCut
{
    /// <summary>Iterations where no other number is asked for, as is usual.</summary>
    public const int Iterations = 5;

    private const double Gamma = 50;

    // More than all edges of a pixel together can cost: no cut separates a pixel from what it is known to be.
    private const double Certain = 9 * Gamma;

    /// <summary>The pixels of the object.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="seeds">What is known of each pixel, rows from the top.</param>
    /// <param name="random">Begins the mixtures.</param>
    /// <param name="iterations">At least 1.</param>
    /// <returns>For each pixel whether it is foreground. Where every pixel is seeded as (probably) the same, nothing can be learned of the
    /// other side, and all are that.</returns>
    /// <exception cref="ArgumentException">There is not one seed for each pixel.</exception>
    public static bool[] Segment(RgbImage image, IReadOnlyList<PixelSeed> seeds, RandomStream random, int iterations = Iterations)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(seeds);
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1);
        if (seeds.Count != image.Width * image.Height)
        {
            throw new ArgumentException(
                $"There are {seeds.Count} seeds for {image.Width} x {image.Height} pixels.", nameof(seeds));
        }

        bool[] mask = [.. seeds.Select(seed => seed is PixelSeed.Foreground or PixelSeed.ProbableForeground)];
        if (!mask.Contains(true) || !mask.Contains(false))
        {
            return mask;
        }

        double[] colors = Array.ConvertAll(image.Pixels, value => (double)value);
        Edges edges = Edges.Of(image, colors);
        ColorMixture background = ColorMixture.Begin(colors, Array.ConvertAll(mask, inside => !inside), random, first: 0),
            foreground = ColorMixture.Begin(colors, mask, random, first: 1L << 32);
        for (int iteration = 0; iteration < iterations; iteration++)
        {
            background.Learn(colors, mask, side: false);
            foreground.Learn(colors, mask, side: true);
            mask = Cut(image, colors, edges, seeds, background, foreground);
        }

        return mask;
    }

    private static bool[] Cut(
        RgbImage image, double[] colors, Edges edges, IReadOnlyList<PixelSeed> seeds, ColorMixture background, ColorMixture foreground)
    {
        var cut = new GridCut(image.Width, image.Height);
        for (int pixel = 0; pixel < seeds.Count; pixel++)
        {
            (double source, double sink) = seeds[pixel] switch
            {
                PixelSeed.Background => (0, Certain),
                PixelSeed.Foreground => (Certain, 0),
                _ => (background.Cost(colors, pixel), foreground.Cost(colors, pixel)),
            };
            cut.SetTerminals(pixel, source, sink);
        }

        edges.AddTo(cut);
        return cut.Solve();
    }

    /// <summary>What the edges to the neighbors on the right, below on the left, below, and below on the right cost.</summary>
    private sealed class Edges(int width, int height, double[][] costs)
    {
        private static readonly (int X, int Y)[] Forward = [(1, 0), (-1, 1), (0, 1), (1, 1)];

        public static Edges Of(RgbImage image, double[] colors)
        {
            int width = image.Width, height = image.Height;
            double[][] costs = [.. Forward.Select(step => Differences(colors, width, height, step))];
            double sum = 0;
            long count = 0;
            foreach (double difference in costs.SelectMany(direction => direction).Where(difference => !double.IsNaN(difference)))
            {
                sum += difference;
                count++;
            }

            double sharpness = sum > 0 ? count / (2 * sum) : 0;
            for (int direction = 0; direction < Forward.Length; direction++)
            {
                double distance = Math.Sqrt(Math.Abs(Forward[direction].X) + Forward[direction].Y);
                costs[direction] = Array.ConvertAll(
                    costs[direction], difference => Gamma / distance * Math.Exp(-sharpness * difference));
            }

            return new Edges(width, height, costs);
        }

        public void AddTo(GridCut cut)
        {
            for (int direction = 0; direction < Forward.Length; direction++)
            {
                for (int pixel = 0; pixel < width * height; pixel++)
                {
                    if (!double.IsNaN(costs[direction][pixel]))
                    {
                        cut.SetEdge(pixel, Forward[direction].X, Forward[direction].Y, costs[direction][pixel]);
                    }
                }
            }
        }

        // The squared difference of each pixel's color to a neighbor's; NaN where it has none there.
        private static double[] Differences(double[] colors, int width, int height, (int X, int Y) step)
        {
            double[] differences = new double[width * height];
            for (int pixel = 0; pixel < differences.Length; pixel++)
            {
                int x = (pixel % width) + step.X, y = (pixel / width) + step.Y;
                if (x < 0 || x >= width || y >= height)
                {
                    differences[pixel] = double.NaN;
                    continue;
                }

                int other = (y * width) + x;
                for (int channel = 0; channel < 3; channel++)
                {
                    double difference = colors[(3 * pixel) + channel] - colors[(3 * other) + channel];
                    differences[pixel] += difference * difference;
                }
            }

            return differences;
        }
    }
}
