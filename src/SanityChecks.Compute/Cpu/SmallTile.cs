using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SanityChecks.Compute.Cpu;

/// <summary>F(2 x 2, 3 x 3), interpolated at 0, 1, -1 and infinity: four outputs by 16 products instead of 36, for sums that
/// decide.</summary>
/// <remarks>
/// As near to the exact sums as direct ones. An output reads nothing but its own 3 x 3 window: what the others of the tile need stands in
/// elements of which it takes none. So a window of zeros gives exactly 0; windows that lie an even number of rows and columns apart and
/// hold the same values give the same bits; and so do neighbouring windows of a flat area, where every difference is exactly 0 and all
/// outputs are the same single element.
/// </remarks>
internal readonly unsafe struct SmallTile : IWinogradTile
{
    private const int OutputCount = 2;
    private const int InputCount = 4;

    /// <inheritdoc/>
    public static int Outputs => OutputCount;

    /// <inheritdoc/>
    public static int Inputs => InputCount;

    /// <inheritdoc/>
    public static int Positions => InputCount * InputCount;

    /// <inheritdoc/>
    public static bool KeepsWindowsApart => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Filter(Vector256<double>* filters, Vector256<double>* transformed)
    {
        Vector256<double>* rows = stackalloc Vector256<double>[InputCount * 3];
        for (int v = 0; v < 3; v++)
        {
            Taps(filters[v], filters[3 + v], filters[6 + v], rows + v, 3);
        }

        for (int i = 0; i < InputCount; i++)
        {
            Taps(rows[i * 3], rows[(i * 3) + 1], rows[(i * 3) + 2], transformed + (i * InputCount), 1);
        }
    }

    /// <inheritdoc/>
    public static void Down<T>(float* rows, nint stride, int columns, float* result, nint resultStride)
        where T : struct, ILanes<T>
    {
        for (int x = 0; x < columns; x += T.Count)
        {
            float* d = rows + x;
            Input(T.Load(d), T.Load(d + stride), T.Load(d + (2 * stride)), T.Load(d + (3 * stride)), result + x, resultStride);
        }
    }

    /// <inheritdoc/>
    public static void Across<T>(float* left, float* right, float* result, nint next)
        where T : struct, ILanes<T>
    {
        for (int tile = 0; tile < IWinogradTile.Group; tile += T.Count)
        {
            T.Deal(left + (tile * OutputCount), out T d0, out T d1);
            T.Deal(right + (tile * OutputCount), out T d2, out T d3);
            Input(d0, d1, d2, d3, result + tile, next);
        }
    }

    /// <inheritdoc/>
    public static void Output<T>(float* products, nint next, float bias, float lower, float upper, float* rows, nint stride)
        where T : struct, ILanes<T>
    {
        T start = T.All(bias), least = T.All(lower), most = T.All(upper);
        for (int tile = 0; tile < IWinogradTile.Group; tile += T.Count)
        {
            float* m = products + tile;
            Sums(T.Load(m), T.Load(m + next), T.Load(m + (2 * next)), T.Load(m + (3 * next)), out T a0, out T a1);
            m += InputCount * next;
            Sums(T.Load(m), T.Load(m + next), T.Load(m + (2 * next)), T.Load(m + (3 * next)), out T b0, out T b1);
            m += InputCount * next;
            Sums(T.Load(m), T.Load(m + next), T.Load(m + (2 * next)), T.Load(m + (3 * next)), out T c0, out T c1);
            m += InputCount * next;
            Sums(T.Load(m), T.Load(m + next), T.Load(m + (2 * next)), T.Load(m + (3 * next)), out T d0, out T d1);
            Sums(a0, b0, c0, d0, out T upperLeft, out T lowerLeft);
            Sums(a1, b1, c1, d1, out T upperRight, out T lowerRight);
            float* row = rows + (tile * OutputCount);
            T.Gather(T.Clamp(upperLeft + start, least, most), T.Clamp(upperRight + start, least, most), row);
            T.Gather(T.Clamp(lowerLeft + start, least, most), T.Clamp(lowerRight + start, least, most), row + stride);
        }
    }

    /// <summary>G of three taps.</summary>
    private static void Taps(
        Vector256<double> first, Vector256<double> second, Vector256<double> third, Vector256<double>* result, int next)
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
