using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SanityChecks.Compute.Cpu;

/// <summary><see cref="WeightGradientKernel"/> with 512-bit vectors: eight output channels, two in a vector, with six shifts of the
/// input.</summary>
/// <remarks>
/// A vector holds eight positions of two output channels, so its halves are the sums of <see cref="WeightGradientKernel256"/>. Twenty-four
/// accumulators stay in registers beside four of g and one of x: twenty-nine of AVX-512's thirty-two, and 24 multiply-adds for 10 loads.
/// </remarks>
internal static unsafe class WeightGradientKernel512
{
    public const int Outputs = 8;
    public const int Shifts = 6;

    /// <summary>From rows of g to pairs of them, eight positions in turn.</summary>
    public static void Interleave(int length, float* rows, float* pairs)
    {
        for (int row = 0; row < Outputs; row += 2, rows += 2 * length)
        {
            for (int p = 0; p < length; p += 8, pairs += 16)
            {
                Vector256.Load(rows + p).Store(pairs);
                Vector256.Load(rows + length + p).Store(pairs + 8);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sum(int length, float* pairs, float** x, float* sums)
    {
        Shift s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default;
        nint next = 2 * length;
        float* x0 = x[0], x1 = x[1], x2 = x[2], x3 = x[3], x4 = x[4], x5 = x[5];
        for (nint p = 0; p < length; p += 8, pairs += 16)
        {
            Vector512<float> g0 = Vector512.Load(pairs);
            Vector512<float> g1 = Vector512.Load(pairs + next);
            Vector512<float> g2 = Vector512.Load(pairs + (2 * next));
            Vector512<float> g3 = Vector512.Load(pairs + (3 * next));
            s0.Add(x0 + p, g0, g1, g2, g3);
            s1.Add(x1 + p, g0, g1, g2, g3);
            s2.Add(x2 + p, g0, g1, g2, g3);
            s3.Add(x3 + p, g0, g1, g2, g3);
            s4.Add(x4 + p, g0, g1, g2, g3);
            s5.Add(x5 + p, g0, g1, g2, g3);
        }

        s0.Store(sums);
        s1.Store(sums + 1);
        s2.Store(sums + 2);
        s3.Store(sums + 3);
        s4.Store(sums + 4);
        s5.Store(sums + 5);
    }

    /// <summary>The sums of one shift with all output channels, in registers.</summary>
    private struct Shift
    {
        private Vector512<float> first, second, third, fourth;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(float* x, Vector512<float> g0, Vector512<float> g1, Vector512<float> g2, Vector512<float> g3)
        {
            Vector512<float> twice = Avx512DQ.BroadcastVector256ToVector512(x);
            first = Vector512.FusedMultiplyAdd(twice, g0, first);
            second = Vector512.FusedMultiplyAdd(twice, g1, second);
            third = Vector512.FusedMultiplyAdd(twice, g2, third);
            fourth = Vector512.FusedMultiplyAdd(twice, g3, fourth);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(float* sums)
        {
            Store(first, sums);
            Store(second, sums + (2 * Shifts));
            Store(third, sums + (4 * Shifts));
            Store(fourth, sums + (6 * Shifts));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Store(Vector512<float> pair, float* sums)
        {
            sums[0] = WeightGradientKernel.Lanes(pair.GetLower());
            sums[Shifts] = WeightGradientKernel.Lanes(pair.GetUpper());
        }
    }
}
