using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SanityChecks.Compute.Cpu;

/// <summary>F(4 x 4, 3 x 3), interpolated at 0, +-3/4, +-3/2 and infinity: sixteen outputs by 36 products instead of 144.</summary>
/// <remarks>
/// <para>
/// Three times as far from the exact sums as <see cref="SmallTile"/>, and an output depends on all of its tile: what equal windows give,
/// and windows of zeros, is set right afterwards (<see cref="EqualWindows"/>).
/// </para>
/// <para>
/// These points, all exact in binary, halve the error of the usual 0, +-1, +-2; +-sqrt(1/2), +-sqrt(2) and +-11/16, +-11/8 are as good.
/// Barabasz et al. 2020 compare many. The two points of a pair share their terms.
/// </para>
/// </remarks>
internal readonly unsafe struct LargeTile : IWinogradTile
{
    private const int OutputCount = 4;
    private const int InputCount = 6;
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

    /// <inheritdoc/>
    public static int Outputs => OutputCount;

    /// <inheritdoc/>
    public static int Inputs => InputCount;

    /// <inheritdoc/>
    public static int Positions => InputCount * InputCount;

    /// <inheritdoc/>
    public static bool KeepsWindowsApart => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Filter(Vector256<double>* filters, Vector256<double>* transformed)
    {
        Vector256<double>* rows = stackalloc Vector256<double>[InputCount * 3];
        for (int i = 0; i < InputCount; i++)
        {
            ReadOnlySpan<double> g = FilterMatrix[i];
            for (int v = 0; v < 3; v++)
            {
                rows[(i * 3) + v] = Sum(g, filters[v], filters[3 + v], filters[6 + v]);
            }
        }

        for (int j = 0; j < InputCount; j++)
        {
            ReadOnlySpan<double> g = FilterMatrix[j];
            for (int i = 0; i < InputCount; i++)
            {
                transformed[(i * InputCount) + j] = Sum(g, rows[i * 3], rows[(i * 3) + 1], rows[(i * 3) + 2]);
            }
        }
    }

    /// <inheritdoc/>
    public static void Down<T>(float* rows, nint stride, int columns, float* result, nint resultStride)
        where T : struct, ILanes<T>
    {
        for (int x = 0; x < columns; x += T.Count)
        {
            float* d = rows + x;
            Input(
                T.Load(d), T.Load(d + stride), T.Load(d + (2 * stride)), T.Load(d + (3 * stride)), T.Load(d + (4 * stride)),
                T.Load(d + (5 * stride)),
                result + x, resultStride);
        }
    }

    /// <inheritdoc/>
    public static void Across<T>(float* left, float* right, float* result, nint next)
        where T : struct, ILanes<T>
    {
        for (int tile = 0; tile < IWinogradTile.Group; tile += T.Count)
        {
            T.Deal(left + (tile * OutputCount), out T d0, out T d1, out T d2, out T d3);
            T.Deal(right + (tile * OutputCount), out T d4, out T d5, out _, out _);
            Input(d0, d1, d2, d3, d4, d5, result + tile, next);
        }
    }

    /// <inheritdoc/>
    public static void Output<T>(float* products, nint next, float bias, float lower, float upper, float* rows, nint stride)
        where T : struct, ILanes<T>
    {
        float* half = stackalloc float[InputCount * OutputCount * IWinogradTile.Group];
        for (int tile = 0; tile < IWinogradTile.Group; tile += T.Count)
        {
            for (int i = 0; i < InputCount; i++)
            {
                float* m = products + (i * InputCount * next) + tile;
                Sums(
                    T.Load(m), T.Load(m + next), T.Load(m + (2 * next)), T.Load(m + (3 * next)), T.Load(m + (4 * next)),
                    T.Load(m + (5 * next)),
                    out T y0, out T y1, out T y2, out T y3);
                float* y = half + (i * OutputCount * IWinogradTile.Group);
                y0.Store(y);
                y1.Store(y + IWinogradTile.Group);
                y2.Store(y + (2 * IWinogradTile.Group));
                y3.Store(y + (3 * IWinogradTile.Group));
            }

            Columns<T>(half, out T a0, out T a1, out T a2, out T a3);
            Columns<T>(half + IWinogradTile.Group, out T b0, out T b1, out T b2, out T b3);
            Columns<T>(half + (2 * IWinogradTile.Group), out T c0, out T c1, out T c2, out T c3);
            Columns<T>(half + (3 * IWinogradTile.Group), out T d0, out T d1, out T d2, out T d3);
            T start = T.All(bias), least = T.All(lower), most = T.All(upper);
            float* row = rows + (tile * OutputCount);
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
        const int Next = OutputCount * IWinogradTile.Group;
        Sums(
            T.Load(half), T.Load(half + Next), T.Load(half + (2 * Next)), T.Load(half + (3 * Next)), T.Load(half + (4 * Next)),
            T.Load(half + (5 * Next)),
            out y0, out y1, out y2, out y3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<T>(T a, T b, T c, T d, T bias, T lower, T upper, float* row)
        where T : struct, ILanes<T> =>
        T.Gather(
            T.Clamp(a + bias, lower, upper), T.Clamp(b + bias, lower, upper), T.Clamp(c + bias, lower, upper),
            T.Clamp(d + bias, lower, upper), row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Sum(
        ReadOnlySpan<double> factors, Vector256<double> first, Vector256<double> second, Vector256<double> third) =>
        (first * factors[0]) + (second * factors[1]) + (third * factors[2]);

    private static double[] Row(double point, double divisor) => [1 / divisor, point / divisor, point * point / divisor];
}
