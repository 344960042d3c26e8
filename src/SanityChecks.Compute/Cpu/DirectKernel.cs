using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SanityChecks.Compute.Cpu;

/// <summary>The innermost product of a convolution that reads its windows where they lie: a 6 x 16 tile of C from a panel of filters and a padded image.</summary>
/// <remarks>
/// <para>C[i, j] = (sum over k of a[k * 6 + i] * x[offsets[k] + j]) + start, then clamped where asked: <see cref="GemmKernel"/>, but for the right matrix.</para>
/// <para>
/// The same twelve accumulators in registers, and the same chain of fused multiply-adds for each element, so the results are those of
/// <see cref="GemmKernel"/> to the bit. Nothing is packed: with few filters, packing a window takes longer than multiplying by it. Of the three taps
/// of a row two find their line in L1 already.
/// </para>
/// <para>The caller guarantees sixteen readable values behind each offset, and room in C for six rows of sixteen.</para>
/// </remarks>
internal static unsafe class DirectKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(int depth, float* a, float* x, int* offsets, float* c, nint stride, in GemmKernel.Edges edges)
    {
        Vector256<float> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default;
        Vector256<float> c30 = default, c31 = default, c40 = default, c41 = default, c50 = default, c51 = default;
        for (int k = 0; k < depth; k++)
        {
            float* b = x + offsets[k];
            Vector256<float> b0 = Vector256.Load(b), b1 = Vector256.Load(b + 8);
            Vector256<float> row = Vector256.Create(a[0]);
            c00 = Vector256.FusedMultiplyAdd(row, b0, c00);
            c01 = Vector256.FusedMultiplyAdd(row, b1, c01);
            row = Vector256.Create(a[1]);
            c10 = Vector256.FusedMultiplyAdd(row, b0, c10);
            c11 = Vector256.FusedMultiplyAdd(row, b1, c11);
            row = Vector256.Create(a[2]);
            c20 = Vector256.FusedMultiplyAdd(row, b0, c20);
            c21 = Vector256.FusedMultiplyAdd(row, b1, c21);
            row = Vector256.Create(a[3]);
            c30 = Vector256.FusedMultiplyAdd(row, b0, c30);
            c31 = Vector256.FusedMultiplyAdd(row, b1, c31);
            row = Vector256.Create(a[4]);
            c40 = Vector256.FusedMultiplyAdd(row, b0, c40);
            c41 = Vector256.FusedMultiplyAdd(row, b1, c41);
            row = Vector256.Create(a[5]);
            c50 = Vector256.FusedMultiplyAdd(row, b0, c50);
            c51 = Vector256.FusedMultiplyAdd(row, b1, c51);
            a += GemmKernel.Rows;
        }

        float* bias = (float*)edges.Bias;
        if (bias != null)
        {
            c00 += Vector256.Create(bias[0]);
            c01 += Vector256.Create(bias[0]);
            c10 += Vector256.Create(bias[1]);
            c11 += Vector256.Create(bias[1]);
            c20 += Vector256.Create(bias[2]);
            c21 += Vector256.Create(bias[2]);
            c30 += Vector256.Create(bias[3]);
            c31 += Vector256.Create(bias[3]);
            c40 += Vector256.Create(bias[4]);
            c41 += Vector256.Create(bias[4]);
            c50 += Vector256.Create(bias[5]);
            c51 += Vector256.Create(bias[5]);
        }
        else
        {
            c00 += Vector256.Load(c);
            c01 += Vector256.Load(c + 8);
            c10 += Vector256.Load(c + stride);
            c11 += Vector256.Load(c + stride + 8);
            c20 += Vector256.Load(c + (2 * stride));
            c21 += Vector256.Load(c + (2 * stride) + 8);
            c30 += Vector256.Load(c + (3 * stride));
            c31 += Vector256.Load(c + (3 * stride) + 8);
            c40 += Vector256.Load(c + (4 * stride));
            c41 += Vector256.Load(c + (4 * stride) + 8);
            c50 += Vector256.Load(c + (5 * stride));
            c51 += Vector256.Load(c + (5 * stride) + 8);
        }

        if (edges.Clamp)
        {
            Vector256<float> lower = Vector256.Create(edges.Lower), upper = Vector256.Create(edges.Upper);
            c00 = Vector256.Min(Vector256.Max(c00, lower), upper);
            c01 = Vector256.Min(Vector256.Max(c01, lower), upper);
            c10 = Vector256.Min(Vector256.Max(c10, lower), upper);
            c11 = Vector256.Min(Vector256.Max(c11, lower), upper);
            c20 = Vector256.Min(Vector256.Max(c20, lower), upper);
            c21 = Vector256.Min(Vector256.Max(c21, lower), upper);
            c30 = Vector256.Min(Vector256.Max(c30, lower), upper);
            c31 = Vector256.Min(Vector256.Max(c31, lower), upper);
            c40 = Vector256.Min(Vector256.Max(c40, lower), upper);
            c41 = Vector256.Min(Vector256.Max(c41, lower), upper);
            c50 = Vector256.Min(Vector256.Max(c50, lower), upper);
            c51 = Vector256.Min(Vector256.Max(c51, lower), upper);
        }

        c00.Store(c);
        c01.Store(c + 8);
        c10.Store(c + stride);
        c11.Store(c + stride + 8);
        c20.Store(c + (2 * stride));
        c21.Store(c + (2 * stride) + 8);
        c30.Store(c + (3 * stride));
        c31.Store(c + (3 * stride) + 8);
        c40.Store(c + (4 * stride));
        c41.Store(c + (4 * stride) + 8);
        c50.Store(c + (5 * stride));
        c51.Store(c + (5 * stride) + 8);
    }
}
