using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SanityChecks.Compute.Cpu;

/// <summary><see cref="WeightGradientKernel"/> with 256-bit vectors: four output channels with three shifts of the input.</summary>
/// <remarks>
/// Twelve accumulators of eight positions stay in registers beside three of x and one of g: sixteen of AVX2's sixteen, and 12 multiply-adds
/// for 7 loads.
/// With about a thousand positions the four rows of g (16 KiB) stay in L1 while the channels of the input pass by.
/// </remarks>
internal static unsafe class WeightGradientKernel256
{
    public const int Outputs = 4;
    public const int Shifts = 3;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sum(int length, float* g, float** x, float* sums)
    {
        Vector256<float> a00 = default, a01 = default, a02 = default, a10 = default, a11 = default, a12 = default;
        Vector256<float> a20 = default, a21 = default, a22 = default, a30 = default, a31 = default, a32 = default;
        float* g1 = g + length, g2 = g1 + length, g3 = g2 + length, x0 = x[0], x1 = x[1], x2 = x[2];
        for (nint p = 0; p < length; p += 8)
        {
            Vector256<float> b0 = Vector256.Load(x0 + p), b1 = Vector256.Load(x1 + p), b2 = Vector256.Load(x2 + p);
            Vector256<float> row = Vector256.Load(g + p);
            a00 = Vector256.FusedMultiplyAdd(row, b0, a00);
            a01 = Vector256.FusedMultiplyAdd(row, b1, a01);
            a02 = Vector256.FusedMultiplyAdd(row, b2, a02);
            row = Vector256.Load(g1 + p);
            a10 = Vector256.FusedMultiplyAdd(row, b0, a10);
            a11 = Vector256.FusedMultiplyAdd(row, b1, a11);
            a12 = Vector256.FusedMultiplyAdd(row, b2, a12);
            row = Vector256.Load(g2 + p);
            a20 = Vector256.FusedMultiplyAdd(row, b0, a20);
            a21 = Vector256.FusedMultiplyAdd(row, b1, a21);
            a22 = Vector256.FusedMultiplyAdd(row, b2, a22);
            row = Vector256.Load(g3 + p);
            a30 = Vector256.FusedMultiplyAdd(row, b0, a30);
            a31 = Vector256.FusedMultiplyAdd(row, b1, a31);
            a32 = Vector256.FusedMultiplyAdd(row, b2, a32);
        }

        sums[0] = WeightGradientKernel.Lanes(a00);
        sums[1] = WeightGradientKernel.Lanes(a01);
        sums[2] = WeightGradientKernel.Lanes(a02);
        sums[3] = WeightGradientKernel.Lanes(a10);
        sums[4] = WeightGradientKernel.Lanes(a11);
        sums[5] = WeightGradientKernel.Lanes(a12);
        sums[6] = WeightGradientKernel.Lanes(a20);
        sums[7] = WeightGradientKernel.Lanes(a21);
        sums[8] = WeightGradientKernel.Lanes(a22);
        sums[9] = WeightGradientKernel.Lanes(a30);
        sums[10] = WeightGradientKernel.Lanes(a31);
        sums[11] = WeightGradientKernel.Lanes(a32);
    }
}
