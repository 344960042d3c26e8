using System.Buffers;

namespace SanityChecks.Saliency.Similarity;

/// <summary>Mean and variance of a map under an 11x11 Gaussian window with sigma 1.5, wherever the window lies inside the map.</summary>
/// <remarks>
/// SSIM leaves out a border of 5 pixels, the window's radius, so what lies beyond the border never counts and how to extend the
/// map there is no question. Weights and sums are double precision.
/// </remarks>
public sealed class GaussianMoments
{
    /// <summary>Rows and columns of the window, in pixels.</summary>
    public const int Window = (2 * Radius) + 1;

    private const int Radius = 5;
    private const double Sigma = 1.5;
    private static readonly double[] Weights = HalfWindow();

    private readonly int height;
    private readonly int width;
    private readonly double[] means;
    private readonly double[] variances;

    /// <summary>Computes the moments.</summary>
    /// <param name="values">The map, [H, W].</param>
    /// <param name="height">H, at least <see cref="Window"/>.</param>
    /// <param name="width">W, at least <see cref="Window"/>.</param>
    /// <exception cref="ArgumentException">The map is smaller than the window.</exception>
    public GaussianMoments(ReadOnlySpan<double> values, int height, int width)
    {
        if (height < Window || width < Window)
        {
            throw new ArgumentException($"The window is {Window}x{Window}; the map only [{height}, {width}].", nameof(values));
        }

        this.height = height;
        this.width = width;
        means = Filter(values, height, width);
        variances = CentredProduct(values, values, means, means, height, width);
    }

    /// <summary>Weighted means, [H - 10, W - 10].</summary>
    public ReadOnlySpan<double> Means => means;

    /// <summary>Weighted population variances, [H - 10, W - 10].</summary>
    public ReadOnlySpan<double> Variances => variances;

    /// <summary>Weighted population covariances of two maps of one shape, [H - 10, W - 10].</summary>
    /// <remarks>The same sequence of operations as for the variances: a map's covariance with itself is its variance to the bit.</remarks>
    internal static double[] Covariances(MapFeatures a, MapFeatures b) =>
        CentredProduct(a.Unit, b.Unit, a.Moments.means, b.Moments.means, a.Moments.height, a.Moments.width);

    private static double[] CentredProduct(
        ReadOnlySpan<double> a, ReadOnlySpan<double> b, double[] meansOfA, double[] meansOfB, int height, int width)
    {
        double[] product = ArrayPool<double>.Shared.Rent(height * width);
        for (int i = 0; i < a.Length; i++)
        {
            product[i] = a[i] * b[i];
        }

        double[] filtered = Filter(product, height, width);
        ArrayPool<double>.Shared.Return(product);
        for (int i = 0; i < filtered.Length; i++)
        {
            filtered[i] -= meansOfA[i] * meansOfB[i];
        }

        return filtered;
    }

    /// <summary>Weighted means: columns first, into one row that stays in the first-level cache, then along that row.</summary>
    private static double[] Filter(ReadOnlySpan<double> source, int height, int width)
    {
        double[] filtered = GC.AllocateUninitializedArray<double>((height - (2 * Radius)) * (width - (2 * Radius)));
        var row = new double[width];
        int columns = width - (2 * Radius);
        for (int top = 0; top < height - (2 * Radius); top++)
        {
            FoldRows(source.Slice(top * width, Window * width), row);
            FoldColumns(row, filtered.AsSpan(top * columns, columns));
        }

        return filtered;
    }

    private static void FoldRows(ReadOnlySpan<double> rows, Span<double> row)
    {
        int n = row.Length;
        ReadOnlySpan<double> v0 = rows[..n], v1 = rows.Slice(n, n), v2 = rows.Slice(2 * n, n), v3 = rows.Slice(3 * n, n);
        ReadOnlySpan<double> v4 = rows.Slice(4 * n, n), v5 = rows.Slice(5 * n, n), v6 = rows.Slice(6 * n, n), v7 = rows.Slice(7 * n, n);
        ReadOnlySpan<double> v8 = rows.Slice(8 * n, n), v9 = rows.Slice(9 * n, n), v10 = rows.Slice(10 * n, n);
        double w0 = Weights[0], w1 = Weights[1], w2 = Weights[2], w3 = Weights[3], w4 = Weights[4], w5 = Weights[5];
        for (int x = 0; x < row.Length; x++)
        {
            row[x] = (w0 * v5[x]) + (w1 * (v4[x] + v6[x])) + (w2 * (v3[x] + v7[x]));
        }

        for (int x = 0; x < row.Length; x++)
        {
            row[x] += (w3 * (v2[x] + v8[x])) + (w4 * (v1[x] + v9[x])) + (w5 * (v0[x] + v10[x]));
        }
    }

    private static void FoldColumns(ReadOnlySpan<double> row, Span<double> filtered)
    {
        double w0 = Weights[0], w1 = Weights[1], w2 = Weights[2], w3 = Weights[3], w4 = Weights[4], w5 = Weights[5];
        for (int x = 0; x < filtered.Length; x++)
        {
            ReadOnlySpan<double> v = row.Slice(x, Window);
            filtered[x] = (w0 * v[5]) + (w1 * (v[4] + v[6])) + (w2 * (v[3] + v[7]))
                + (w3 * (v[2] + v[8])) + (w4 * (v[1] + v[9])) + (w5 * (v[0] + v[10]));
        }
    }

    /// <summary>The weights at distance 0 .. 5; those of both sides and the middle sum to 1.</summary>
    private static double[] HalfWindow()
    {
        var weights = new double[Radius + 1];
        double sum = 0;
        for (int distance = 0; distance <= Radius; distance++)
        {
            weights[distance] = Math.Exp(-0.5 * distance * distance / (Sigma * Sigma));
            sum += distance == 0 ? weights[0] : 2 * weights[distance];
        }

        return Array.ConvertAll(weights, weight => weight / sum);
    }
}
