using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SanityChecks.Compute.Cpu;

/// <summary>The innermost product: a 6 x 16 tile of C from a panel of A and a panel of B.</summary>
/// <remarks>
/// <para>C[i, j] = (sum over k of a[k * 6 + i] * b[k * 16 + j]) + start, then clamped to [lower, upper] where asked.</para>
/// <para>
/// Twelve accumulators of eight lanes stay in registers for the whole loop, beside two of B and one broadcast of A: fifteen of
/// AVX2's sixteen, and 12 multiply-adds for 8 loads. The caller's blocks keep the panel of A (6 KiB) and of B (16 KiB) in L1.
/// </para>
/// <para>
/// The caller guarantees that both panels are full (padded with zeros) and that C has room for 6 rows of 16.
/// Each element is a chain of fused multiply-adds in the order of k that starts from 0, and is added to what C holds: the
/// result depends on neither the tile, the batch, the number of threads nor the vector width. Adding blocks of a few hundred products instead
/// of one long chain keeps the error against the double-precision reference near 16 * 2^-24 of the sum's size for any K: it matters,
/// since a ReLU or a maximum near a tie turns a rounding error into another map. The shape of the tile is that of BLIS's Haswell kernel (Van Zee and van de Geijn 2015).
/// </para>
/// </remarks>
internal static unsafe class GemmKernel
{
    public const int Rows = 6;
    public const int Columns = 16;

    /// <summary>How a tile begins and ends.</summary>
    /// <param name="Bias">Six values to add, one a row; null to add to what C holds.</param>
    /// <param name="Lower">Smallest value to store.</param>
    /// <param name="Upper">Largest value to store.</param>
    /// <param name="Clamp">Whether to clamp; NaN stays NaN.</param>
    public readonly record struct Edges(nint Bias, float Lower, float Upper, bool Clamp);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(int depth, float* a, float* b, float* c, nint stride, in Edges edges)
    {
        Vector256<float> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default;
        Vector256<float> c30 = default, c31 = default, c40 = default, c41 = default, c50 = default, c51 = default;
        for (int k = 0; k < depth; k++)
        {
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
            a += Rows;
            b += Columns;
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
