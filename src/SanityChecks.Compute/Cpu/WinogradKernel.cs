using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SanityChecks.Compute.Cpu;

/// <summary>The transforms of Winograd's minimal filtering F(4 x 4, 3 x 3): 4 x 4 outputs from a 6 x 6 tile by 36 products instead of 144.</summary>
/// <remarks>
/// <para>Y = A' [(G g G') * (B' d B)] A (Lavin and Gray 2016), interpolated at 0, +-3/4, +-3/2 and infinity.</para>
/// <para>
/// These points, all exact in binary, halve the error of the usual 0, +-1, +-2: 1.3e-6 instead of 2.6e-6 of the results' standard deviation for 256
/// channels (a direct sum has 2e-7); Barabasz et al. 2020 compare many. The two points of a pair share their terms.
/// </para>
/// <para>All is computed lane by lane, a lane being a tile: the result does not depend on the vectors.</para>
/// </remarks>
internal static unsafe class WinogradKernel
{
    /// <summary>Rows and columns of the outputs of a tile.</summary>
    public const int Outputs = 4;

    /// <summary>Rows and columns of a tile.</summary>
    public const int Inputs = 6;

    /// <summary>Elements of a tile, each of which is a matrix product of its own.</summary>
    public const int Positions = Inputs * Inputs;

    /// <summary>Tiles side by side in memory.</summary>
    public const int Group = 16;

    private const float A = 0.75f, B = 1.5f, AA = A * A, BB = B * B;

    /// <summary>Rows of G: filter taps to elements of a tile.</summary>
    private static readonly double[][] FilterMatrix =
    [
        [1 / (AA * BB), 0, 0],
        [.. Row(A, 2 * AA * (AA - BB))],
        [.. Row(-A, 2 * AA * (AA - BB))],
        [.. Row(B, 2 * BB * (BB - AA))],
        [.. Row(-B, 2 * BB * (BB - AA))],
        [0, 0, 1],
    ];

    /// <summary>G g G' of four filters side by side, in double precision.</summary>
    /// <param name="filters">Nine taps, row by row, each a vector of four filters' values.</param>
    /// <param name="transformed">Gets 36 vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Filter(Vector256<double>* filters, Vector256<double>* transformed)
    {
        Vector256<double>* rows = stackalloc Vector256<double>[Inputs * 3];
        for (int i = 0; i < Inputs; i++)
        {
            ReadOnlySpan<double> g = FilterMatrix[i];
            for (int v = 0; v < 3; v++)
            {
                rows[(i * 3) + v] = Sum(g, filters[v], filters[3 + v], filters[6 + v]);
            }
        }

        for (int j = 0; j < Inputs; j++)
        {
            ReadOnlySpan<double> g = FilterMatrix[j];
            for (int i = 0; i < Inputs; i++)
            {
                transformed[(i * Inputs) + j] = Sum(g, rows[i * 3], rows[(i * 3) + 1], rows[(i * 3) + 2]);
            }
        }
    }

    /// <summary>B' d for some columns of a row of tiles: six rows to six rows.</summary>
    /// <param name="rows">The first of six rows.</param>
    /// <param name="stride">From one row to the next.</param>
    /// <param name="columns">At least this many columns are computed, up to a vector more.</param>
    /// <param name="result">The first of six rows.</param>
    /// <param name="resultStride">From one row of the result to the next.</param>
    public static void Down<T>(float* rows, nint stride, int columns, float* result, nint resultStride)
        where T : struct, ILanes<T>
    {
        for (int x = 0; x < columns; x += T.Count)
        {
            float* d = rows + x;
            Input(
                T.Load(d), T.Load(d + stride), T.Load(d + (2 * stride)), T.Load(d + (3 * stride)), T.Load(d + (4 * stride)), T.Load(d + (5 * stride)),
                result + x, resultStride);
        }
    }

    /// <summary>(B' d) B for the sixteen tiles of a group, one row of the tiles: six values of each.</summary>
    /// <param name="left">Columns 0 to 3 of each tile in turn, 64 values.</param>
    /// <param name="right">Columns 4 to 7 of each tile in turn, of which the first two belong to the tile.</param>
    /// <param name="result">Gets sixteen values, one of each tile, for the first column.</param>
    /// <param name="next">From one column of the result to the next.</param>
    public static void Across<T>(float* left, float* right, float* result, nint next)
        where T : struct, ILanes<T>
    {
        for (int tile = 0; tile < Group; tile += T.Count)
        {
            T.Deal(left + (tile * Outputs), out T d0, out T d1, out T d2, out T d3);
            T.Deal(right + (tile * Outputs), out T d4, out T d5, out _, out _);
            Input(d0, d1, d2, d3, d4, d5, result + tile, next);
        }
    }

    /// <summary>A' m A, plus bias, clamped, for the sixteen tiles of a group.</summary>
    /// <param name="products">Element (0, 0) of the sixteen tiles.</param>
    /// <param name="next">From one element of the tiles to the next.</param>
    /// <param name="bias">Added to all.</param>
    /// <param name="lower">Smallest value to store.</param>
    /// <param name="upper">Largest value to store.</param>
    /// <param name="rows">The first of four rows of 64 columns, four for each tile.</param>
    /// <param name="stride">From one row to the next.</param>
    public static void Output<T>(float* products, nint next, float bias, float lower, float upper, float* rows, nint stride)
        where T : struct, ILanes<T>
    {
        float* half = stackalloc float[Inputs * Outputs * Group];
        for (int tile = 0; tile < Group; tile += T.Count)
        {
            for (int i = 0; i < Inputs; i++)
            {
                float* m = products + (i * Inputs * next) + tile;
                Sums(
                    T.Load(m), T.Load(m + next), T.Load(m + (2 * next)), T.Load(m + (3 * next)), T.Load(m + (4 * next)), T.Load(m + (5 * next)),
                    out T y0, out T y1, out T y2, out T y3);
                float* y = half + (i * Outputs * Group);
                y0.Store(y);
                y1.Store(y + Group);
                y2.Store(y + (2 * Group));
                y3.Store(y + (3 * Group));
            }

            Columns<T>(half, out T a0, out T a1, out T a2, out T a3);
            Columns<T>(half + Group, out T b0, out T b1, out T b2, out T b3);
            Columns<T>(half + (2 * Group), out T c0, out T c1, out T c2, out T c3);
            Columns<T>(half + (3 * Group), out T d0, out T d1, out T d2, out T d3);
            T start = T.All(bias), least = T.All(lower), most = T.All(upper);
            float* row = rows + (tile * Outputs);
            Finish(a0, b0, c0, d0, start, least, most, row);
            Finish(a1, b1, c1, d1, start, least, most, row + stride);
            Finish(a2, b2, c2, d2, start, least, most, row + (2 * stride));
            Finish(a3, b3, c3, d3, start, least, most, row + (3 * stride));
        }
    }

    /// <summary>B' of six values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Input<T>(T d0, T d1, T d2, T d3, T d4, T d5, float* result, nint next)
        where T : struct, ILanes<T>
    {
        T sum = T.All(-(AA + BB)), product = T.All(AA * BB);
        T.MultiplyAdd(product, d0, T.MultiplyAdd(sum, d2, d4)).Store(result);
        T.MultiplyAdd(product, d1, T.MultiplyAdd(sum, d3, d5)).Store(result + (5 * next));
        T even = T.MultiplyAdd(T.All(-BB), d2, d4), odd = T.MultiplyAdd(T.All(-BB), d1, d3);
        T.MultiplyAdd(T.All(A), odd, even).Store(result + next);
        T.MultiplyAdd(T.All(-A), odd, even).Store(result + (2 * next));
        even = T.MultiplyAdd(T.All(-AA), d2, d4);
        odd = T.MultiplyAdd(T.All(-AA), d1, d3);
        T.MultiplyAdd(T.All(B), odd, even).Store(result + (3 * next));
        T.MultiplyAdd(T.All(-B), odd, even).Store(result + (4 * next));
    }

    /// <summary>A' of six values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sums<T>(T m0, T m1, T m2, T m3, T m4, T m5, out T y0, out T y1, out T y2, out T y3)
        where T : struct, ILanes<T>
    {
        T sumA = m1 + m2, differenceA = m1 - m2, sumB = m3 + m4, differenceB = m3 - m4;
        y0 = m0 + sumA + sumB;
        T zero = T.All(0);
        y1 = T.MultiplyAdd(T.All(A), differenceA, T.MultiplyAdd(T.All(B), differenceB, zero));
        y2 = T.MultiplyAdd(T.All(AA), sumA, T.MultiplyAdd(T.All(BB), sumB, zero));
        y3 = T.MultiplyAdd(T.All(A * AA), differenceA, T.MultiplyAdd(T.All(B * BB), differenceB, m5));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Columns<T>(float* half, out T y0, out T y1, out T y2, out T y3)
        where T : struct, ILanes<T>
    {
        const int Next = Outputs * Group;
        Sums(
            T.Load(half), T.Load(half + Next), T.Load(half + (2 * Next)), T.Load(half + (3 * Next)), T.Load(half + (4 * Next)), T.Load(half + (5 * Next)),
            out y0, out y1, out y2, out y3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<T>(T a, T b, T c, T d, T bias, T lower, T upper, float* row)
        where T : struct, ILanes<T> =>
        T.Gather(
            T.Clamp(a + bias, lower, upper), T.Clamp(b + bias, lower, upper), T.Clamp(c + bias, lower, upper), T.Clamp(d + bias, lower, upper), row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Sum(ReadOnlySpan<double> factors, Vector256<double> first, Vector256<double> second, Vector256<double> third) =>
        (first * factors[0]) + (second * factors[1]) + (third * factors[2]);

    private static double[] Row(double point, double divisor) => [1 / divisor, point / divisor, point * point / divisor];
}
