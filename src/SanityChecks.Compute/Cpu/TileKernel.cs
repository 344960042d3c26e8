using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace SanityChecks.Compute.Cpu;

/// <summary>The innermost product: six rows of C from a panel of A and columns of B.</summary>
/// <remarks>
/// <para>C[i, j] = start[i] (or C[i, j]) + sum over k of a[k * 6 + i] * b[k, j].</para>
/// <para>
/// The products of an element are added in chains: a chain of fused multiply-adds in the order of k starts from 0. The sums of the chains
/// are added, and their sum is added to what C holds. The result depends on neither the tile, the batch, the number of threads nor the
/// vectors.
/// A rounding is as large as the sum that it rounds, so the error of one long chain of K products grows like sqrt(K / 2) roundings of the
/// result, and that of chains of 16 in blocks of 128 like sqrt(16 / 2 + 8 / 2 + K / 128 / 2): less than 4 instead of 16 for 512 products.
/// It matters on the way forward, since a ReLU or a maximum near a tie turns a rounding error into another map
/// (<see cref="ForwardChain"/>). A gradient decides nothing: its chains are as long as the block (<see cref="BackwardChain"/>).
/// </para>
/// <para>
/// The sums of a chain stay in registers. AVX-512 has thirty-two: 6 x 4 sums of sixteen lanes, four vectors of B and a broadcast of A take
/// twenty-nine, and 24 multiply-adds need 10 loads. Others have sixteen: 6 x 2 sums, two vectors of B and a broadcast take fifteen, 12
/// multiply-adds need 8 loads (the tile of BLIS's Haswell kernel; Van Zee and van de Geijn 2015). Meanwhile the tile's part of C, last
/// touched when the block of products before was added, is fetched into L1.
/// </para>
/// <para>
/// The loop takes two steps at a time and moves its pointers once, which leaves 47 instructions for 24 multiply-adds. On a shared machine a
/// loop with 26 for 12 ran at 74 to 95 GFLOP/s a core, in the same minutes with 24 at 83 to 96 and with 21 at 88 to 96; probably because
/// the core's other hardware thread takes its turns.
/// </para>
/// </remarks>
internal static unsafe class TileKernel
{
    public const int Rows = 6;

    /// <summary>Columns come in multiples of this.</summary>
    public const int Columns = 16;

    /// <summary>Columns of the widest tile.</summary>
    public const int WidestTile = 64;

    /// <summary>The length of chains where nothing depends on the last digits.</summary>
    public const int BackwardChain = int.MaxValue;

    /// <summary>A number of vectors that the JIT compiler knows: what lies behind it vanishes from the code.</summary>
    private interface IVectors
    {
        static abstract int Count { get; }
    }

    /// <summary>The length of chains where the result decides which way a ReLU or a maximum goes: shorter ones cost more, and bring most
    /// where few products are added.</summary>
    /// <param name="depth">Products of an element in all.</param>
    public static int ForwardChain(int depth) => depth <= 128 ? 16 : 32;

    /// <summary>Computes six rows of C.</summary>
    /// <param name="set">The vectors to use.</param>
    /// <param name="depth">Columns of A, rows of B.</param>
    /// <param name="chain">Products of a chain.</param>
    /// <param name="a">[depth][6], full.</param>
    /// <param name="b">The right matrix.</param>
    /// <param name="columns">How many columns; a multiple of sixteen that C and B have room for.</param>
    /// <param name="c">The first of six rows.</param>
    /// <param name="stride">From one row of C to the next.</param>
    /// <param name="start">Six values that the rows begin with; null to add to what C holds.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TColumns>(
        InstructionSet set, int depth, int chain, float* a, TColumns b, int columns, float* c, nint stride, float* start)
        where TColumns : struct, ITileColumns<TColumns>
    {
        switch (set.Bits)
        {
            case 512:
                int column = 0;
                for (; column + 64 <= columns; column += 64)
                {
                    Tile<Lanes512, Four, TColumns>(depth, chain, a, b.From(column), c + column, stride, start);
                }

                switch (columns - column)
                {
                    case 48:
                        Tile<Lanes512, Three, TColumns>(depth, chain, a, b.From(column), c + column, stride, start);
                        break;
                    case 32:
                        Tile<Lanes512, Two, TColumns>(depth, chain, a, b.From(column), c + column, stride, start);
                        break;
                    case 16:
                        Tile<Lanes512, One, TColumns>(depth, chain, a, b.From(column), c + column, stride, start);
                        break;
                }

                break;
            case 256:
                for (column = 0; column < columns; column += 16)
                {
                    Tile<Lanes256, Two, TColumns>(depth, chain, a, b.From(column), c + column, stride, start);
                }

                break;
            default:
                for (column = 0; column < columns; column += 8)
                {
                    Tile<Lanes128, Two, TColumns>(depth, chain, a, b.From(column), c + column, stride, start);
                }

                break;
        }
    }

    /// <summary>Six rows of some vectors.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile<T, TVectors, TColumns>(int depth, int chain, float* a, TColumns b, float* c, nint stride, float* start)
        where T : struct, ILanes<T>
        where TVectors : struct, IVectors
        where TColumns : struct, ITileColumns<TColumns>
    {
        if (start != null)
        {
            for (int i = 0; i < Rows; i++)
            {
                for (int j = 0; j < T.Count * TVectors.Count; j += T.Count)
                {
                    T.All(start[i]).Store(c + (i * stride) + j);
                }
            }
        }
        else if (Sse.IsSupported)
        {
            for (int i = 0; i < Rows; i++)
            {
                for (int j = 0; j < T.Count * TVectors.Count; j += 16)
                {
                    Sse.Prefetch0(c + (i * stride) + j);
                }
            }
        }

        // Several chains meet in a block of their own, which joins C at the end: one addition less of the size of what C holds for each.
        // It begins with a cache line: vectors of sixteen that lie in two lines each are read and written twice.
        float* unaligned = stackalloc float[(Rows * WidestTile) + Columns];
        float* block = (float*)(((nint)unaligned + 63) & ~63);
        bool several = depth > chain;
        float* sums = several ? block : c;
        nint sumsStride = several ? T.Count * TVectors.Count : stride;
        if (several)
        {
            for (int i = 0; i < Rows * T.Count * TVectors.Count; i += T.Count)
            {
                T.All(0).Store(block + i);
            }
        }

        nint next = T.Count == Columns ? b.NextSixteen : T.Count;
        while (depth > 0)
        {
            T c00 = default, c01 = default, c02 = default, c03 = default;
            T c10 = default, c11 = default, c12 = default, c13 = default;
            T c20 = default, c21 = default, c22 = default, c23 = default;
            T c30 = default, c31 = default, c32 = default, c33 = default;
            T c40 = default, c41 = default, c42 = default, c43 = default;
            T c50 = default, c51 = default, c52 = default, c53 = default;
            int left = Math.Min(depth, chain);
            depth -= left;
            for (; left >= 2; left -= 2, a += 2 * Rows, b = b.Past(2))
            {
                Step<T, TVectors>(a, b.Row(0), next,
                    ref c00, ref c01, ref c02, ref c03, ref c10, ref c11, ref c12, ref c13,
                    ref c20, ref c21, ref c22, ref c23, ref c30, ref c31, ref c32, ref c33,
                    ref c40, ref c41, ref c42, ref c43, ref c50, ref c51, ref c52, ref c53);
                Step<T, TVectors>(a + Rows, b.Row(1), next,
                    ref c00, ref c01, ref c02, ref c03, ref c10, ref c11, ref c12, ref c13,
                    ref c20, ref c21, ref c22, ref c23, ref c30, ref c31, ref c32, ref c33,
                    ref c40, ref c41, ref c42, ref c43, ref c50, ref c51, ref c52, ref c53);
            }

            if (left > 0)
            {
                Step<T, TVectors>(a, b.Row(0), next,
                    ref c00, ref c01, ref c02, ref c03, ref c10, ref c11, ref c12, ref c13,
                    ref c20, ref c21, ref c22, ref c23, ref c30, ref c31, ref c32, ref c33,
                    ref c40, ref c41, ref c42, ref c43, ref c50, ref c51, ref c52, ref c53);
            }

            AddRow<T, TVectors>(c00, c01, c02, c03, sums);
            AddRow<T, TVectors>(c10, c11, c12, c13, sums + sumsStride);
            AddRow<T, TVectors>(c20, c21, c22, c23, sums + (2 * sumsStride));
            AddRow<T, TVectors>(c30, c31, c32, c33, sums + (3 * sumsStride));
            AddRow<T, TVectors>(c40, c41, c42, c43, sums + (4 * sumsStride));
            AddRow<T, TVectors>(c50, c51, c52, c53, sums + (5 * sumsStride));
        }

        if (several)
        {
            for (int i = 0; i < Rows; i++)
            {
                for (int j = 0; j < T.Count * TVectors.Count; j += T.Count)
                {
                    (T.Load(c + (i * stride) + j) + T.Load(block + (i * sumsStride) + j)).Store(c + (i * stride) + j);
                }
            }
        }
    }

    /// <summary>The products of a column of A and a row of B.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<T, TVectors>(float* a, float* row, nint next,
        ref T c00, ref T c01, ref T c02, ref T c03, ref T c10, ref T c11, ref T c12, ref T c13,
        ref T c20, ref T c21, ref T c22, ref T c23, ref T c30, ref T c31, ref T c32, ref T c33,
        ref T c40, ref T c41, ref T c42, ref T c43, ref T c50, ref T c51, ref T c52, ref T c53)
        where T : struct, ILanes<T>
        where TVectors : struct, IVectors
    {
        T b0 = T.Load(row), b1 = TVectors.Count > 1 ? T.Load(row + next) : default;
        T b2 = TVectors.Count > 2 ? T.Load(row + (2 * next)) : default, b3 = TVectors.Count > 3 ? T.Load(row + (3 * next)) : default;
        AddProducts<T, TVectors>(a[0], b0, b1, b2, b3, ref c00, ref c01, ref c02, ref c03);
        AddProducts<T, TVectors>(a[1], b0, b1, b2, b3, ref c10, ref c11, ref c12, ref c13);
        AddProducts<T, TVectors>(a[2], b0, b1, b2, b3, ref c20, ref c21, ref c22, ref c23);
        AddProducts<T, TVectors>(a[3], b0, b1, b2, b3, ref c30, ref c31, ref c32, ref c33);
        AddProducts<T, TVectors>(a[4], b0, b1, b2, b3, ref c40, ref c41, ref c42, ref c43);
        AddProducts<T, TVectors>(a[5], b0, b1, b2, b3, ref c50, ref c51, ref c52, ref c53);
    }

    /// <summary>The products of an element of A and a row of B.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddProducts<T, TVectors>(float a, T b0, T b1, T b2, T b3, ref T c0, ref T c1, ref T c2, ref T c3)
        where T : struct, ILanes<T>
        where TVectors : struct, IVectors
    {
        T factor = T.All(a);
        T.AddProduct(ref c0, factor, b0);
        if (TVectors.Count > 1)
        {
            T.AddProduct(ref c1, factor, b1);
        }

        if (TVectors.Count > 2)
        {
            T.AddProduct(ref c2, factor, b2);
        }

        if (TVectors.Count > 3)
        {
            T.AddProduct(ref c3, factor, b3);
        }
    }

    /// <summary>Adds the sums of a row to those of the chains before.</summary>
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
