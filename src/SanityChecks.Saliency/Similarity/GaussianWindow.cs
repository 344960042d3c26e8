using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SanityChecks.Saliency.Similarity;

/// <summary>A Gaussian of standard deviation 1.5, cut after 5 pixels to each side: 11 weights that sum to 1 along each axis.</summary>
/// <param name="Dimensions">2 for rows and columns, 1 for a row alone.</param>
public sealed record GaussianWindow(int Dimensions) : MovingWindow(Taps, Dimensions)
{
    private const int Taps = (2 * Radius) + 1;
    private const int Radius = 5;
    private const double Sigma = 1.5;
    private static readonly double[] Weights = HalfWindow();

    /// <inheritdoc/>
    protected override void FoldRows(ReadOnlySpan<double> rows, Span<double> row)
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

    /// <inheritdoc/>
    protected override void FoldColumns(ReadOnlySpan<double> row, Span<double> filtered)
    {
        for (int x = FoldVectors(row, 1, filtered); x < filtered.Length; x++)
        {
            ReadOnlySpan<double> v = row.Slice(x, Taps);
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
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Length, sums.Length + ((Taps - 1) * step));
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
