using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SanityChecks.Compute.Cpu;

/// <summary><see cref="TileKernel"/> with 256-bit vectors: tiles of 6 x 16.</summary>
/// <remarks>
/// Twelve accumulators of eight lanes stay in registers for the whole loop, beside two of B and one broadcast of A: fifteen of
/// AVX2's sixteen, and 12 multiply-adds for 8 loads. The shape of the tile is that of BLIS's Haswell kernel (Van Zee and van de Geijn 2015).
/// </remarks>
internal static unsafe class TileKernel256
{
    public const int Columns = 16;

    /// <summary>The sums of one tile, row after row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sum<TColumns>(int depth, float* a, TColumns b, float* sums)
        where TColumns : struct, ITileColumns<TColumns>
    {
        Vector256<float> c00 = default, c01 = default;
        Vector256<float> c10 = default, c11 = default;
        Vector256<float> c20 = default, c21 = default;
        Vector256<float> c30 = default, c31 = default;
        Vector256<float> c40 = default, c41 = default;
        Vector256<float> c50 = default, c51 = default;
        for (int k = 0; k < depth; k++, a += TileKernel.Rows)
        {
            float* row = b.Row(k);
            Vector256<float> b0 = Vector256.Load(row), b1 = Vector256.Load(row + 8);
            Vector256<float> factor = Vector256.Create(a[0]);
            c00 = Vector256.FusedMultiplyAdd(factor, b0, c00);
            c01 = Vector256.FusedMultiplyAdd(factor, b1, c01);
            factor = Vector256.Create(a[1]);
            c10 = Vector256.FusedMultiplyAdd(factor, b0, c10);
            c11 = Vector256.FusedMultiplyAdd(factor, b1, c11);
            factor = Vector256.Create(a[2]);
            c20 = Vector256.FusedMultiplyAdd(factor, b0, c20);
            c21 = Vector256.FusedMultiplyAdd(factor, b1, c21);
            factor = Vector256.Create(a[3]);
            c30 = Vector256.FusedMultiplyAdd(factor, b0, c30);
            c31 = Vector256.FusedMultiplyAdd(factor, b1, c31);
            factor = Vector256.Create(a[4]);
            c40 = Vector256.FusedMultiplyAdd(factor, b0, c40);
            c41 = Vector256.FusedMultiplyAdd(factor, b1, c41);
            factor = Vector256.Create(a[5]);
            c50 = Vector256.FusedMultiplyAdd(factor, b0, c50);
            c51 = Vector256.FusedMultiplyAdd(factor, b1, c51);
        }

        c00.Store(sums);
        c01.Store(sums + 8);
        c10.Store(sums + 16);
        c11.Store(sums + 24);
        c20.Store(sums + 32);
        c21.Store(sums + 40);
        c30.Store(sums + 48);
        c31.Store(sums + 56);
        c40.Store(sums + 64);
        c41.Store(sums + 72);
        c50.Store(sums + 80);
        c51.Store(sums + 88);
    }
}
