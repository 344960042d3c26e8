using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SanityChecks.Compute.Cpu;

/// <summary><see cref="TileKernel"/> with 512-bit vectors: tiles of 6 x 64, or of as many columns as are left.</summary>
/// <remarks>
/// Twenty-four accumulators of sixteen lanes stay in registers for the whole loop, beside four of B and one broadcast of A: twenty-nine of AVX-512's
/// thirty-two, and 24 multiply-adds for 10 loads.
/// </remarks>
internal static unsafe class TileKernel512
{
    public const int Columns = 64;

    /// <summary>A number of vectors that the JIT compiler knows: what lies behind it vanishes from the code.</summary>
    private interface IVectors
    {
        static abstract int Count { get; }
    }

    /// <summary>The sums of one tile, row after row of the given columns: 64, 48, 32 or 16.</summary>
    public static void Sum<TColumns>(int depth, float* a, TColumns b, int columns, float* sums)
        where TColumns : struct, ITileColumns<TColumns>
    {
        switch (columns)
        {
            case 64:
                Sum<TColumns, Four>(depth, a, b, sums);
                break;
            case 48:
                Sum<TColumns, Three>(depth, a, b, sums);
                break;
            case 32:
                Sum<TColumns, Two>(depth, a, b, sums);
                break;
            default:
                Sum<TColumns, One>(depth, a, b, sums);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum<TColumns, TVectors>(int depth, float* a, TColumns b, float* sums)
        where TColumns : struct, ITileColumns<TColumns>
        where TVectors : struct, IVectors
    {
        Vector512<float> c00 = default, c01 = default, c02 = default, c03 = default;
        Vector512<float> c10 = default, c11 = default, c12 = default, c13 = default;
        Vector512<float> c20 = default, c21 = default, c22 = default, c23 = default;
        Vector512<float> c30 = default, c31 = default, c32 = default, c33 = default;
        Vector512<float> c40 = default, c41 = default, c42 = default, c43 = default;
        Vector512<float> c50 = default, c51 = default, c52 = default, c53 = default;
        nint next = b.NextSixteen;
        for (int k = 0; k < depth; k++, a += TileKernel.Rows)
        {
            float* row = b.Row(k);
            Vector512<float> b0 = Vector512.Load(row), b1 = TVectors.Count > 1 ? Vector512.Load(row + next) : default;
            Vector512<float> b2 = TVectors.Count > 2 ? Vector512.Load(row + (2 * next)) : default, b3 = TVectors.Count > 3 ? Vector512.Load(row + (3 * next)) : default;
            Vector512<float> factor = Vector512.Create(a[0]);
            c00 = Vector512.FusedMultiplyAdd(factor, b0, c00);
            c01 = Vector512.FusedMultiplyAdd(factor, b1, c01);
            c02 = Vector512.FusedMultiplyAdd(factor, b2, c02);
            c03 = Vector512.FusedMultiplyAdd(factor, b3, c03);
            factor = Vector512.Create(a[1]);
            c10 = Vector512.FusedMultiplyAdd(factor, b0, c10);
            c11 = Vector512.FusedMultiplyAdd(factor, b1, c11);
            c12 = Vector512.FusedMultiplyAdd(factor, b2, c12);
            c13 = Vector512.FusedMultiplyAdd(factor, b3, c13);
            factor = Vector512.Create(a[2]);
            c20 = Vector512.FusedMultiplyAdd(factor, b0, c20);
            c21 = Vector512.FusedMultiplyAdd(factor, b1, c21);
            c22 = Vector512.FusedMultiplyAdd(factor, b2, c22);
            c23 = Vector512.FusedMultiplyAdd(factor, b3, c23);
            factor = Vector512.Create(a[3]);
            c30 = Vector512.FusedMultiplyAdd(factor, b0, c30);
            c31 = Vector512.FusedMultiplyAdd(factor, b1, c31);
            c32 = Vector512.FusedMultiplyAdd(factor, b2, c32);
            c33 = Vector512.FusedMultiplyAdd(factor, b3, c33);
            factor = Vector512.Create(a[4]);
            c40 = Vector512.FusedMultiplyAdd(factor, b0, c40);
            c41 = Vector512.FusedMultiplyAdd(factor, b1, c41);
            c42 = Vector512.FusedMultiplyAdd(factor, b2, c42);
            c43 = Vector512.FusedMultiplyAdd(factor, b3, c43);
            factor = Vector512.Create(a[5]);
            c50 = Vector512.FusedMultiplyAdd(factor, b0, c50);
            c51 = Vector512.FusedMultiplyAdd(factor, b1, c51);
            c52 = Vector512.FusedMultiplyAdd(factor, b2, c52);
            c53 = Vector512.FusedMultiplyAdd(factor, b3, c53);
        }

        int width = 16 * TVectors.Count;
        Store<TVectors>(c00, c01, c02, c03, sums);
        Store<TVectors>(c10, c11, c12, c13, sums + width);
        Store<TVectors>(c20, c21, c22, c23, sums + (2 * width));
        Store<TVectors>(c30, c31, c32, c33, sums + (3 * width));
        Store<TVectors>(c40, c41, c42, c43, sums + (4 * width));
        Store<TVectors>(c50, c51, c52, c53, sums + (5 * width));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TVectors>(Vector512<float> first, Vector512<float> second, Vector512<float> third, Vector512<float> fourth, float* sums)
        where TVectors : struct, IVectors
    {
        first.Store(sums);
        if (TVectors.Count > 1)
        {
            second.Store(sums + 16);
        }

        if (TVectors.Count > 2)
        {
            third.Store(sums + 32);
        }

        if (TVectors.Count > 3)
        {
            fourth.Store(sums + 48);
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
