using SanityChecks.Compute;

namespace SanityChecks.Images.GrabCut;

/// <summary>A mixture of Gaussians over colors, learned by giving each pixel to one component.</summary>
/// <remarks>A covariance that is not invertible (pixels of one color, or of colors on a line or plane) gets 0.01 on its diagonal, and
/// -log p stops at what the smallest number allows.</remarks>
internal sealed class ColorMixture
{
    private const int Components = 5, Rounds = 10, Trials = 3;
    private const double SmallestDeterminant = 1e-6, Widening = 0.01, SmallestDensity = 1e-300;

    private readonly double[] shares = new double[Components];
    private readonly double[,] means = new double[Components, 3];
    private readonly double[,] inverses = new double[Components, 6];
    private readonly double[] scales = new double[Components];

    /// <summary>A mixture that begins with clusters.</summary>
    /// <param name="colors">Red, green and blue of each pixel.</param>
    /// <param name="inside">Which pixels it is of; at least one.</param>
    /// <param name="random">Chooses the first centers.</param>
    /// <param name="first">The first element of the stream that it may take.</param>
    public static ColorMixture Begin(double[] colors, bool[] inside, RandomStream random, long first)
    {
        int[] pixels = [.. Enumerable.Range(0, inside.Length).Where(pixel => inside[pixel])];
        var mixture = new ColorMixture();
        mixture.Fit(colors, pixels, Clusters(colors, pixels, random, first));
        return mixture;
    }

    /// <summary>Gives each pixel of a side of a mask to the component that it is likeliest of, and learns the components anew.</summary>
    public void Learn(double[] colors, bool[] mask, bool side)
    {
        int[] pixels = [.. Enumerable.Range(0, mask.Length).Where(pixel => mask[pixel] == side)];
        Fit(colors, pixels, Array.ConvertAll(pixels, pixel => Likeliest(colors, pixel)));
    }

    /// <summary>-log p of a pixel's color, less the constant that all mixtures share.</summary>
    public double Cost(double[] colors, int pixel)
    {
        double density = 0;
        for (int component = 0; component < Components; component++)
        {
            density += shares[component] > 0 ? shares[component] * Density(component, colors, pixel) : 0;
        }

        return -Math.Log(Math.Max(density, SmallestDensity));
    }

    private int Likeliest(double[] colors, int pixel)
    {
        int best = 0;
        double most = -1;
        for (int component = 0; component < Components; component++)
        {
            double density = shares[component] > 0 ? Density(component, colors, pixel) : -1;
            if (density > most)
            {
                (best, most) = (component, density);
            }
        }

        return best;
    }

    private double Density(int component, double[] colors, int pixel)
    {
        double r = colors[3 * pixel] - means[component, 0], g = colors[(3 * pixel) + 1] - means[component, 1],
            b = colors[(3 * pixel) + 2] - means[component, 2];
        double form = (r * ((r * inverses[component, 0]) + (2 * g * inverses[component, 1]) + (2 * b * inverses[component, 2])))
            + (g * ((g * inverses[component, 3]) + (2 * b * inverses[component, 4]))) + (b * b * inverses[component, 5]);
        return scales[component] * Math.Exp(-0.5 * form);
    }

    private void Fit(double[] colors, int[] pixels, int[] components)
    {
        int[] counts = new int[Components];
        double[,] sums = new double[Components, 3], products = new double[Components, 6];
        for (int i = 0; i < pixels.Length; i++)
        {
            int at = 3 * pixels[i], component = components[i];
            double r = colors[at], g = colors[at + 1], b = colors[at + 2];
            counts[component]++;
            (sums[component, 0], sums[component, 1], sums[component, 2]) =
                (sums[component, 0] + r, sums[component, 1] + g, sums[component, 2] + b);
            products[component, 0] += r * r;
            products[component, 1] += r * g;
            products[component, 2] += r * b;
            products[component, 3] += g * g;
            products[component, 4] += g * b;
            products[component, 5] += b * b;
        }

        for (int component = 0; component < Components; component++)
        {
            shares[component] = pixels.Length > 0 ? counts[component] / (double)pixels.Length : 0;
            if (counts[component] > 0)
            {
                SetComponent(component, counts[component], sums, products);
            }
        }
    }

    private void SetComponent(int component, int count, double[,] sums, double[,] products)
    {
        for (int channel = 0; channel < 3; channel++)
        {
            means[component, channel] = sums[component, channel] / count;
        }

        double mr = means[component, 0], mg = means[component, 1], mb = means[component, 2];
        double rr = (products[component, 0] / count) - (mr * mr), rg = (products[component, 1] / count) - (mr * mg),
            rb = (products[component, 2] / count) - (mr * mb), gg = (products[component, 3] / count) - (mg * mg),
            gb = (products[component, 4] / count) - (mg * mb), bb = (products[component, 5] / count) - (mb * mb);
        double determinant = Determinant();
        if (determinant <= SmallestDeterminant)
        {
            (rr, gg, bb) = (rr + Widening, gg + Widening, bb + Widening);
            determinant = Determinant();
        }

        scales[component] = 1 / Math.Sqrt(determinant);
        inverses[component, 0] = ((gg * bb) - (gb * gb)) / determinant;
        inverses[component, 1] = ((rb * gb) - (rg * bb)) / determinant;
        inverses[component, 2] = ((rg * gb) - (rb * gg)) / determinant;
        inverses[component, 3] = ((rr * bb) - (rb * rb)) / determinant;
        inverses[component, 4] = ((rb * rg) - (rr * gb)) / determinant;
        inverses[component, 5] = ((rr * gg) - (rg * rg)) / determinant;

        double Determinant() =>
            (rr * ((gg * bb) - (gb * gb))) - (rg * ((rg * bb) - (gb * rb))) + (rb * ((rg * gb) - (gg * rb)));
    }

    /// <summary>k-means++: each center is the best of three pixels drawn with probabilities by the squared distance to the nearest center
    /// so far (Arthur and Vassilvitskii 2007); then ten rounds of k-means.</summary>
    private static int[] Clusters(double[] colors, int[] pixels, RandomStream random, long element)
    {
        var centers = new List<(double R, double G, double B)> { At((int)random.Below(element++, pixels.Length)) };
        double[] nearest = [.. pixels.Select((_, i) => Distance(i, centers[0]))];
        while (centers.Count < Components)
        {
            double[]? best = null;
            (double R, double G, double B) chosen = default;
            for (int trial = 0; trial < Trials; trial++)
            {
                (double R, double G, double B) center = At(Drawn(nearest, random.Uniform(element++)));
                double[] with = [.. nearest.Select((distance, i) => Math.Min(distance, Distance(i, center)))];
                if (best is null || with.Sum() < best.Sum())
                {
                    (best, chosen) = (with, center);
                }
            }

            nearest = best!;
            centers.Add(chosen);
        }

        int[] clusters = new int[pixels.Length];
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < pixels.Length; i++)
            {
                clusters[i] = Nearest(i);
            }

            Move();
        }

        return clusters;

        (double R, double G, double B) At(int i) => (colors[3 * pixels[i]], colors[(3 * pixels[i]) + 1], colors[(3 * pixels[i]) + 2]);

        double Distance(int i, (double R, double G, double B) center)
        {
            (double r, double g, double b) = At(i);
            return ((r - center.R) * (r - center.R)) + ((g - center.G) * (g - center.G)) + ((b - center.B) * (b - center.B));
        }

        int Nearest(int i)
        {
            int best = 0;
            for (int cluster = 1; cluster < centers.Count; cluster++)
            {
                best = Distance(i, centers[cluster]) < Distance(i, centers[best]) ? cluster : best;
            }

            return best;
        }

        // A cluster without pixels keeps its center.
        void Move()
        {
            var sums = new (double R, double G, double B, int Count)[centers.Count];
            for (int i = 0; i < pixels.Length; i++)
            {
                (double r, double g, double b) = At(i);
                ref (double R, double G, double B, int Count) sum = ref sums[clusters[i]];
                sum = (sum.R + r, sum.G + g, sum.B + b, sum.Count + 1);
            }

            for (int cluster = 0; cluster < centers.Count; cluster++)
            {
                (double r, double g, double b, int count) = sums[cluster];
                centers[cluster] = count > 0 ? (r / count, g / count, b / count) : centers[cluster];
            }
        }
    }

    private static int Drawn(double[] weights, double uniform)
    {
        double left = uniform * weights.Sum();
        for (int i = 0; i < weights.Length; i++)
        {
            left -= weights[i];
            if (left < 0)
            {
                return i;
            }
        }

        return weights.Length - 1;
    }
}
