using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SanityChecks.Compute.Cpu;

/// <summary><see cref="TileKernel"/> with 128-bit vectors: tiles of 6 x 8.</summary>
/// <remarks>
/// As <see cref="TileKernel256"/>, with half the lanes: what any processor that .NET runs on has registers for.
/// </remarks>
internal static unsafe class TileKernel128
{
    public const int Columns = 8;

    /// <summary>The sums of one tile, row after row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sum<TColumns>(int depth, float* a, TColumns b, float* sums)
        where TColumns : struct, ITileColumns<TColumns>
    {
        Vector128<float> c00 = default, c01 = default;
        Vector128<float> c10 = default, c11 = default;
        Vector128<float> c20 = default, c21 = default;
        Vector128<float> c30 = default, c31 = default;
        Vector128<float> c40 = default, c41 = default;
        Vector128<float> c50 = default, c51 = default;
        for (int k = 0; k < depth; k++, a += TileKernel.Rows)
        {
            float* row = b.Row(k);
            Vector128<float> b0 = Vector128.Load(row), b1 = Vector128.Load(row + 4);
            Vector128<float> factor = Vector128.Create(a[0]);
            c00 = Vector128.FusedMultiplyAdd(factor, b0, c00);
            c01 = Vector128.FusedMultiplyAdd(factor, b1, c01);
            factor = Vector128.Create(a[1]);
            c10 = Vector128.FusedMultiplyAdd(factor, b0, c10);
            c11 = Vector128.FusedMultiplyAdd(factor, b1, c11);
            factor = Vector128.Create(a[2]);
            c20 = Vector128.FusedMultiplyAdd(factor, b0, c20);
            c21 = Vector128.FusedMultiplyAdd(factor, b1, c21);
            factor = Vector128.Create(a[3]);
            c30 = Vector128.FusedMultiplyAdd(factor, b0, c30);
            c31 = Vector128.FusedMultiplyAdd(factor, b1, c31);
            factor = Vector128.Create(a[4]);
            c40 = Vector128.FusedMultiplyAdd(factor, b0, c40);
            c41 = Vector128.FusedMultiplyAdd(factor, b1, c41);
            factor = Vector128.Create(a[5]);
            c50 = Vector128.FusedMultiplyAdd(factor, b0, c50);
            c51 = Vector128.FusedMultiplyAdd(factor, b1, c51);
        }

        c00.Store(sums);
        c01.Store(sums + 4);
        c10.Store(sums + 8);
        c11.Store(sums + 12);
        c20.Store(sums + 16);
        c21.Store(sums + 20);
        c30.Store(sums + 24);
        c31.Store(sums + 28);
        c40.Store(sums + 32);
        c41.Store(sums + 36);
        c50.Store(sums + 40);
        c51.Store(sums + 44);
    }
}
