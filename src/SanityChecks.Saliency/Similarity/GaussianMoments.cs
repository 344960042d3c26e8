using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SanityChecks.Saliency.Similarity;

/// <summary>Mean and variance of a map under an 11x11 Gaussian window with sigma 1.5, wherever the window lies inside the map.</summary>
/// <remarks>
/// SSIM leaves out a border of 5 pixels, the window's radius, so what lies beyond the border never counts and how to extend the
/// map there is no question. Weights and sums are double precision. The arrays are the pool's, and go back to it with
/// <see cref="Dispose"/>.
/// </remarks>
public sealed class GaussianMoments : IDisposable
{
    /// <summary>Rows and columns of the window, in pixels.</summary>
    public const int Window = (2 * Radius) + 1;

    private const int Radius = 5;
    private const double Sigma = 1.5;
    private static readonly double[] Weights = HalfWindow();

    private readonly int height;
    private readonly int width;
    private double[] means;
    private double[] variances;

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
        variances = CenteredProduct(values, values, Means, Means, height, width);
    }

    private int Count => (height - (2 * Radius)) * (width - (2 * Radius));

    /// <summary>Weighted means, [H - 10, W - 10].</summary>
    public ReadOnlySpan<double> Means => means.AsSpan(0, Count);

    /// <summary>Weighted population variances, [H - 10, W - 10].</summary>
    public ReadOnlySpan<double> Variances => variances.AsSpan(0, Count);

    /// <summary>Gives the arrays back; the moments must not be used any more.</summary>
    public void Dispose()
    {
        ArrayPool<double>.Shared.Return(means);
        ArrayPool<double>.Shared.Return(variances);
        means = variances = [];
    }

    /// <summary>Weighted population covariances of two maps of one shape, [H - 10, W - 10], in an array of the pool's that may be
    /// longer.</summary>
    /// <remarks>The same sequence of operations as for the variances: a map's covariance with itself is its variance to the bit.</remarks>
    internal static double[] Covariances(MapFeatures a, MapFeatures b) =>
        CenteredProduct(a.Unit, b.Unit, a.Moments.Means, b.Moments.Means, a.Moments.height, a.Moments.width);

    private static double[] CenteredProduct(
        ReadOnlySpan<double> a, ReadOnlySpan<double> b, ReadOnlySpan<double> meansOfA, ReadOnlySpan<double> meansOfB, int height, int width)
    {
        double[] product = ArrayPool<double>.Shared.Rent(height * width);
        int done = 0;
        for (; done + Vector<double>.Count <= a.Length; done += Vector<double>.Count)
        {
            (new Vector<double>(a[done..]) * new Vector<double>(b[done..])).CopyTo(product, done);
        }

        for (; done < a.Length; done++)
        {
            product[done] = a[done] * b[done];
        }

        double[] filtered = Filter(product.AsSpan(0, height * width), height, width);
        ArrayPool<double>.Shared.Return(product);
        int i = 0;
        for (; i + Vector<double>.Count <= meansOfA.Length; i += Vector<double>.Count)
        {
            (new Vector<double>(filtered, i) - (new Vector<double>(meansOfA[i..]) * new Vector<double>(meansOfB[i..]))).CopyTo(filtered, i);
        }

        for (; i < meansOfA.Length; i++)
        {
            filtered[i] -= meansOfA[i] * meansOfB[i];
        }

        return filtered;
    }

    /// <summary>Weighted means: columns first, into one row that stays in the first-level cache, then along that row.</summary>
    private static double[] Filter(ReadOnlySpan<double> source, int height, int width)
    {
        int rows = height - (2 * Radius), columns = width - (2 * Radius);
        double[] filtered = ArrayPool<double>.Shared.Rent(rows * columns);
        var row = new double[width];
        for (int top = 0; top < rows; top++)
        {
            FoldRows(source.Slice(top * width, Window * width), row);
            FoldColumns(row, filtered.AsSpan(top * columns, columns));
        }

        return filtered;
    }

    private static void FoldRows(ReadOnlySpan<double> rows, Span<double> row)
    {
        int n = row.Length, x = FoldVectors(rows, n, row);
        for (; x < n; x++)
        {
            row[x] = (Weights[0] * rows[x + (5 * n)]) + (Weights[1] * (rows[x + (4 * n)] + rows[x + (6 * n)]))
                + (Weights[2] * (rows[x + (3 * n)] + rows[x + (7 * n)]))
                + ((Weights[3] * (rows[x + (2 * n)] + rows[x + (8 * n)])) + (Weights[4] * (rows[x + n] + rows[x + (9 * n)]))
                    + (Weights[5] * (rows[x] + rows[x + (10 * n)])));
        }
    }

    private static void FoldColumns(ReadOnlySpan<double> row, Span<double> filtered)
    {
        for (int x = FoldVectors(row, 1, filtered); x < filtered.Length; x++)
        {
            ReadOnlySpan<double> v = row.Slice(x, Window);
            filtered[x] = (Weights[0] * v[5]) + (Weights[1] * (v[4] + v[6])) + (Weights[2] * (v[3] + v[7]))
                + ((Weights[3] * (v[2] + v[8])) + (Weights[4] * (v[1] + v[9])) + (Weights[5] * (v[0] + v[10])));
        }
    }

    /// <summary>Weighted sums of eleven values that lie <paramref name="step"/> apart, a vector of them at a time; the remainder loops add
    /// in the same order.</summary>
    /// <returns>How many sums are done; a vector's worth at most is not.</returns>
    private static int FoldVectors(ReadOnlySpan<double> values, int step, Span<double> sums)
    {
        // A range check for each of the eleven loads would take longer than the sums.
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Length, sums.Length + ((Window - 1) * step));
        ref double value = ref MemoryMarshal.GetReference(values), sum = ref MemoryMarshal.GetReference(sums);
        Vector<double> w0 = new(Weights[0]);
        Vector<double> w1 = new(Weights[1]);
        Vector<double> w2 = new(Weights[2]);
        Vector<double> w3 = new(Weights[3]);
        Vector<double> w4 = new(Weights[4]);
        Vector<double> w5 = new(Weights[5]);
        nuint at = (nuint)step;
        int x = 0;
        for (; x + Vector<double>.Count <= sums.Length; x += Vector<double>.Count)
        {
            ref double first = ref Unsafe.Add(ref value, x);
            Vector<double> near = (w0 * Vector.LoadUnsafe(ref first, 5 * at))
                + (w1 * (Vector.LoadUnsafe(ref first, 4 * at) + Vector.LoadUnsafe(ref first, 6 * at)))
                + (w2 * (Vector.LoadUnsafe(ref first, 3 * at) + Vector.LoadUnsafe(ref first, 7 * at)));
            Vector<double> far = (w3 * (Vector.LoadUnsafe(ref first, 2 * at) + Vector.LoadUnsafe(ref first, 8 * at)))
                + (w4 * (Vector.LoadUnsafe(ref first, at) + Vector.LoadUnsafe(ref first, 9 * at)))
                    + (w5 * (Vector.LoadUnsafe(ref first) + Vector.LoadUnsafe(ref first, 10 * at)));
            (near + far).StoreUnsafe(ref sum, (nuint)x);
        }

        return x;
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
