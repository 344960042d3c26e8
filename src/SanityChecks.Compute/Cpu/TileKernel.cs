using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace SanityChecks.Compute.Cpu;

/// <summary>The innermost product: six rows of C from a panel of A and columns of B.</summary>
/// <remarks>
/// <para>C[i, j] = start[i] (or C[i, j]) + sum over k of a[k * 6 + i] * b[k, j].</para>
/// <para>
/// Each element is a chain of fused multiply-adds in the order of k that starts from 0, and is added to what C holds: the
/// result depends on neither the tile, the batch, the number of threads nor the vectors. Adding blocks of a few hundred products instead
/// of one long chain keeps the error against the double-precision reference near 16 * 2^-24 of the sum's size for any K: it matters,
/// since a ReLU or a maximum near a tie turns a rounding error into another map.
/// </para>
/// <para>
/// The sums of a tile stay in registers for the whole loop. AVX-512 has thirty-two: 6 x 4 sums of sixteen lanes, four vectors of B and a broadcast of A take
/// twenty-nine, and 24 multiply-adds need 10 loads. Others have sixteen: 6 x 2 sums, two vectors of B and a broadcast take fifteen, 12 multiply-adds need 8
/// loads (the tile of BLIS's Haswell kernel; Van Zee and van de Geijn 2015). Meanwhile the tile's part of C, last touched
/// when the block of products before was added, is fetched into L1.
/// </para>
/// </remarks>
internal static unsafe class TileKernel
{
    public const int Rows = 6;

    /// <summary>Columns come in multiples of this.</summary>
    public const int Columns = 16;

    /// <summary>Columns of the widest tile.</summary>
    public const int WidestTile = 64;

    /// <summary>A number of vectors that the JIT compiler knows: what lies behind it vanishes from the code.</summary>
    private interface IVectors
    {
        static abstract int Count { get; }
    }

    /// <summary>Computes six rows of C.</summary>
    /// <param name="set">The vectors to use.</param>
    /// <param name="depth">Columns of A, rows of B.</param>
    /// <param name="a">[depth][6], full.</param>
    /// <param name="b">The right matrix.</param>
    /// <param name="columns">How many columns; a multiple of sixteen that C and B have room for.</param>
    /// <param name="c">The first of six rows.</param>
    /// <param name="stride">From one row of C to the next.</param>
    /// <param name="start">Six values that the rows begin with; null to add to what C holds.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TColumns>(InstructionSet set, int depth, float* a, TColumns b, int columns, float* c, nint stride, float* start)
        where TColumns : struct, ITileColumns<TColumns>
    {
        switch (set.Bits)
        {
            case 512:
                int column = 0;
                for (; column + 64 <= columns; column += 64)
                {
                    Tile<Lanes512, Four, TColumns>(depth, a, b.From(column), c + column, stride, start);
                }

                switch (columns - column)
                {
                    case 48:
                        Tile<Lanes512, Three, TColumns>(depth, a, b.From(column), c + column, stride, start);
                        break;
                    case 32:
                        Tile<Lanes512, Two, TColumns>(depth, a, b.From(column), c + column, stride, start);
                        break;
                    case 16:
                        Tile<Lanes512, One, TColumns>(depth, a, b.From(column), c + column, stride, start);
                        break;
                }

                break;
            case 256:
                for (column = 0; column < columns; column += 16)
                {
                    Tile<Lanes256, Two, TColumns>(depth, a, b.From(column), c + column, stride, start);
                }

                break;
            default:
                for (column = 0; column < columns; column += 8)
                {
                    Tile<Lanes128, Two, TColumns>(depth, a, b.From(column), c + column, stride, start);
                }

                break;
        }
    }

    private static void Tile<T, TVectors, TColumns>(int depth, float* a, TColumns b, float* c, nint stride, float* start)
        where T : struct, ILanes<T>
        where TVectors : struct, IVectors
        where TColumns : struct, ITileColumns<TColumns>
    {
        int columns = T.Count * TVectors.Count;
        if (start == null)
        {
            Prefetch(c, columns, stride);
        }
        else
        {
            Fill<T>(start, c, columns, stride);
        }

        Add<T, TVectors, TColumns>(depth, a, b, c, stride);
    }

    /// <summary>Fetches a tile of C while its products are added.</summary>
    private static void Prefetch(float* c, int columns, nint stride)
    {
        if (Sse.IsSupported)
        {
            for (int i = 0; i < Rows; i++, c += stride)
            {
                for (int j = 0; j < columns; j += 16)
                {
                    Sse.Prefetch0(c + j);
                }
            }
        }
    }

    private static void Fill<T>(float* start, float* c, int columns, nint stride)
        where T : struct, ILanes<T>
    {
        for (int i = 0; i < Rows; i++, c += stride)
        {
            T value = T.All(start[i]);
            for (int j = 0; j < columns; j += T.Count)
            {
                value.Store(c + j);
            }
        }
    }

    /// <summary>C += A B for a tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add<T, TVectors, TColumns>(int depth, float* a, TColumns b, float* c, nint stride)
        where T : struct, ILanes<T>
        where TVectors : struct, IVectors
        where TColumns : struct, ITileColumns<TColumns>
    {
        T c00 = default, c01 = default, c02 = default, c03 = default;
        T c10 = default, c11 = default, c12 = default, c13 = default;
        T c20 = default, c21 = default, c22 = default, c23 = default;
        T c30 = default, c31 = default, c32 = default, c33 = default;
        T c40 = default, c41 = default, c42 = default, c43 = default;
        T c50 = default, c51 = default, c52 = default, c53 = default;
        nint next = T.Count == Columns ? b.NextSixteen : T.Count;
        for (int k = 0; k < depth; k++, a += Rows)
        {
            float* row = b.Row(k);
            T b0 = T.Load(row), b1 = TVectors.Count > 1 ? T.Load(row + next) : default;
            T b2 = TVectors.Count > 2 ? T.Load(row + (2 * next)) : default, b3 = TVectors.Count > 3 ? T.Load(row + (3 * next)) : default;
            T factor = T.All(a[0]);
            T.AddProduct(ref c00, factor, b0);
            T.AddProduct(ref c01, factor, b1);
            T.AddProduct(ref c02, factor, b2);
            T.AddProduct(ref c03, factor, b3);
            factor = T.All(a[1]);
            T.AddProduct(ref c10, factor, b0);
            T.AddProduct(ref c11, factor, b1);
            T.AddProduct(ref c12, factor, b2);
            T.AddProduct(ref c13, factor, b3);
            factor = T.All(a[2]);
            T.AddProduct(ref c20, factor, b0);
            T.AddProduct(ref c21, factor, b1);
            T.AddProduct(ref c22, factor, b2);
            T.AddProduct(ref c23, factor, b3);
            factor = T.All(a[3]);
            T.AddProduct(ref c30, factor, b0);
            T.AddProduct(ref c31, factor, b1);
            T.AddProduct(ref c32, factor, b2);
            T.AddProduct(ref c33, factor, b3);
            factor = T.All(a[4]);
            T.AddProduct(ref c40, factor, b0);
            T.AddProduct(ref c41, factor, b1);
            T.AddProduct(ref c42, factor, b2);
            T.AddProduct(ref c43, factor, b3);
            factor = T.All(a[5]);
            T.AddProduct(ref c50, factor, b0);
            T.AddProduct(ref c51, factor, b1);
            T.AddProduct(ref c52, factor, b2);
            T.AddProduct(ref c53, factor, b3);
        }

        AddRow<T, TVectors>(c00, c01, c02, c03, c);
        AddRow<T, TVectors>(c10, c11, c12, c13, c + stride);
        AddRow<T, TVectors>(c20, c21, c22, c23, c + (2 * stride));
        AddRow<T, TVectors>(c30, c31, c32, c33, c + (3 * stride));
        AddRow<T, TVectors>(c40, c41, c42, c43, c + (4 * stride));
        AddRow<T, TVectors>(c50, c51, c52, c53, c + (5 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRow<T, TVectors>(T first, T second, T third, T fourth, float* c)
        where T : struct, ILanes<T>
        where TVectors : struct, IVectors
    {
        (T.Load(c) + first).Store(c);
        if (TVectors.Count > 1)
        {
            (T.Load(c + T.Count) + second).Store(c + T.Count);
        }

        if (TVectors.Count > 2)
        {
            (T.Load(c + (2 * T.Count)) + third).Store(c + (2 * T.Count));
        }

        if (TVectors.Count > 3)
        {
            (T.Load(c + (3 * T.Count)) + fourth).Store(c + (3 * T.Count));
        }
    }

    private readonly struct One : IVectors
    {
        public static int Count => 1;
    }

    private readonly struct Two : IVectors
    {
        public static int Count => 2;
    }

    private readonly struct Three : IVectors
    {
        public static int Count => 3;
    }

    private readonly struct Four : IVectors
    {
        public static int Count => 4;
    }
}
