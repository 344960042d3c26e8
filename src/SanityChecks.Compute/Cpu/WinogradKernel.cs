using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SanityChecks.Compute.Cpu;

/// <summary>The transforms of Winograd's minimal filtering F(2 x 2, 3 x 3): 2 x 2 outputs from a 4 x 4 tile by 16 products instead of 36.</summary>
/// <remarks>
/// <para>Y = A' [(G g G') * (B' d B)] A (Lavin and Gray 2016), interpolated at 0, 1, -1 and infinity.</para>
/// <para>
/// Larger tiles save more products, but not exactly enough: F(4 x 4, 3 x 3) is three to six times as far from the exact sums, and an output depends on all of its tile. Here
/// an output reads nothing but its own 3 x 3 window: what the others of the tile need stands in elements of which it takes none. So a window of zeros gives exactly 0;
/// windows that lie an even number of rows and columns apart and hold the same values give the same bits; and so do neighbouring windows of a flat area,
/// where every difference is exactly 0 and all outputs are the same single element.
/// </para>
/// <para>All is computed lane by lane, a lane being a tile: the result does not depend on the vectors.</para>
/// </remarks>
internal static unsafe class WinogradKernel
{
    /// <summary>Rows and columns of the outputs of a tile.</summary>
    public const int Outputs = 2;

    /// <summary>Rows and columns of a tile.</summary>
    public const int Inputs = 4;

    /// <summary>Elements of a tile, each of which is a matrix product of its own.</summary>
    public const int Positions = Inputs * Inputs;

    /// <summary>Tiles side by side in memory.</summary>
    public const int Group = 16;

    /// <summary>G g G' of four filters side by side, in double precision.</summary>
    /// <param name="filters">Nine taps, row by row, each a vector of four filters' values.</param>
    /// <param name="transformed">Gets sixteen vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Filter(Vector256<double>* filters, Vector256<double>* transformed)
    {
        Vector256<double>* rows = stackalloc Vector256<double>[Inputs * 3];
        for (int v = 0; v < 3; v++)
        {
            Taps(filters[v], filters[3 + v], filters[6 + v], rows + v, 3);
        }

        for (int i = 0; i < Inputs; i++)
        {
            Taps(rows[i * 3], rows[(i * 3) + 1], rows[(i * 3) + 2], transformed + (i * Inputs), 1);
        }
    }

    /// <summary>B' d for some columns of a row of tiles: four rows to four rows.</summary>
    /// <param name="rows">The first of four rows.</param>
    /// <param name="stride">From one row to the next.</param>
    /// <param name="columns">At least this many columns are computed, up to a vector more.</param>
    /// <param name="result">The first of four rows.</param>
    /// <param name="resultStride">From one row of the result to the next.</param>
    public static void Down<T>(float* rows, nint stride, int columns, float* result, nint resultStride)
        where T : struct, ILanes<T>
    {
        for (int x = 0; x < columns; x += T.Count)
        {
            float* d = rows + x;
            Input(T.Load(d), T.Load(d + stride), T.Load(d + (2 * stride)), T.Load(d + (3 * stride)), result + x, resultStride);
        }
    }

    /// <summary>(B' d) B for the sixteen tiles of a group, one row of the tiles: four values of each.</summary>
    /// <param name="left">Columns 0 and 1 of each tile in turn, 32 values.</param>
    /// <param name="right">Columns 2 and 3 of each tile in turn.</param>
    /// <param name="result">Gets sixteen values, one of each tile, for the first column.</param>
    /// <param name="next">From one column of the result to the next.</param>
    public static void Across<T>(float* left, float* right, float* result, nint next)
        where T : struct, ILanes<T>
    {
        for (int tile = 0; tile < Group; tile += T.Count)
        {
            T.Deal(left + (tile * Outputs), out T d0, out T d1);
            T.Deal(right + (tile * Outputs), out T d2, out T d3);
            Input(d0, d1, d2, d3, result + tile, next);
        }
    }

    /// <summary>A' m A, plus bias, clamped, for the sixteen tiles of a group.</summary>
    /// <param name="products">Element (0, 0) of the sixteen tiles.</param>
    /// <param name="next">From one element of the tiles to the next.</param>
    /// <param name="bias">Added to all.</param>
    /// <param name="lower">Smallest value to store.</param>
    /// <param name="upper">Largest value to store.</param>
    /// <param name="rows">The first of two rows of 32 columns, two for each tile.</param>
    /// <param name="stride">From one row to the next.</param>
    public static void Output<T>(float* products, nint next, float bias, float lower, float upper, float* rows, nint stride)
        where T : struct, ILanes<T>
    {
        T start = T.All(bias), least = T.All(lower), most = T.All(upper);
        for (int tile = 0; tile < Group; tile += T.Count)
        {
            float* m = products + tile;
            Sums(T.Load(m), T.Load(m + next), T.Load(m + (2 * next)), T.Load(m + (3 * next)), out T a0, out T a1);
            m += Inputs * next;
            Sums(T.Load(m), T.Load(m + next), T.Load(m + (2 * next)), T.Load(m + (3 * next)), out T b0, out T b1);
            m += Inputs * next;
            Sums(T.Load(m), T.Load(m + next), T.Load(m + (2 * next)), T.Load(m + (3 * next)), out T c0, out T c1);
            m += Inputs * next;
            Sums(T.Load(m), T.Load(m + next), T.Load(m + (2 * next)), T.Load(m + (3 * next)), out T d0, out T d1);
            Sums(a0, b0, c0, d0, out T upperLeft, out T lowerLeft);
            Sums(a1, b1, c1, d1, out T upperRight, out T lowerRight);
            float* row = rows + (tile * Outputs);
            T.Gather(T.Clamp(upperLeft + start, least, most), T.Clamp(upperRight + start, least, most), row);
            T.Gather(T.Clamp(lowerLeft + start, least, most), T.Clamp(lowerRight + start, least, most), row + stride);
        }
    }

    /// <summary>G of three taps.</summary>
    private static void Taps(Vector256<double> first, Vector256<double> second, Vector256<double> third, Vector256<double>* result, int next)
    {
        result[0] = first;
        result[next] = (first + second + third) * 0.5;
        result[2 * next] = (first - second + third) * 0.5;
        result[3 * next] = third;
    }

    /// <summary>B' of four values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Input<T>(T d0, T d1, T d2, T d3, float* result, nint next)
        where T : struct, ILanes<T>
    {
        (d0 - d2).Store(result);
        (d1 + d2).Store(result + next);
        (d2 - d1).Store(result + (2 * next));
        (d1 - d3).Store(result + (3 * next));
    }

    /// <summary>A' of four values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sums<T>(T m0, T m1, T m2, T m3, out T y0, out T y1)
        where T : struct, ILanes<T>
    {
        y0 = m0 + m1 + m2;
        y1 = m1 - m2 - m3;
    }
}
