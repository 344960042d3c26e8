using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SanityChecks.Compute.Cpu;

/// <summary>The innermost sum of a weight gradient: some output channels with some shifts of the input, summed over positions.</summary>
/// <remarks>
/// <para>sums[i * shifts + j] = sum over p of g[i, p] * x[j][p].</para>
/// <para>
/// The caller guarantees a number of positions that eight divides, g being 0 where there is no position and x finite there. A sum has eight
/// lanes, lane l adding positions l, l + 8, ... in order, and the lanes are added in a fixed tree: it depends on nothing but its positions,
/// whatever the vectors.
/// Error about 16 * 2^-24 of the sum's size.
/// </para>
/// </remarks>
internal static unsafe class WeightGradientKernel
{
    /// <summary>Room that a tile of sums needs.</summary>
    public const int MostSums = WeightGradientKernel512.Outputs * WeightGradientKernel512.Shifts;

    /// <summary>Output channels and shifts of a tile.</summary>
    public static (int Outputs, int Shifts) Tile(InstructionSet set) => set.Bits == 512
        ? (WeightGradientKernel512.Outputs, WeightGradientKernel512.Shifts)
        : (WeightGradientKernel256.Outputs, WeightGradientKernel256.Shifts);

    /// <summary>Brings the rows of g, [outputs][length], into the order that <see cref="Sum"/> reads.</summary>
    public static void Arrange(InstructionSet set, int length, float* rows, float* arranged)
    {
        if (set.Bits == 512)
        {
            WeightGradientKernel512.Interleave(length, rows, arranged);
        }
        else
        {
            new ReadOnlySpan<float>(rows, WeightGradientKernel256.Outputs * length)
                .CopyTo(new Span<float>(arranged, WeightGradientKernel256.Outputs * length));
        }
    }

    /// <summary>Computes a tile of sums.</summary>
    /// <param name="set">The vectors to use.</param>
    /// <param name="length">Positions.</param>
    /// <param name="g">What <see cref="Arrange"/> gave.</param>
    /// <param name="x">For each shift where the input's positions lie.</param>
    /// <param name="sums">[outputs, shifts].</param>
    public static void Sum(InstructionSet set, int length, float* g, float** x, float* sums)
    {
        if (set.Bits == 512)
        {
            WeightGradientKernel512.Sum(length, g, x, sums);
        }
        else
        {
            WeightGradientKernel256.Sum(length, g, x, sums);
        }
    }

    /// <summary>The sum of a vector's lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Lanes(Vector256<float> eight)
    {
        Vector128<float> four = eight.GetLower() + eight.GetUpper();
        return (four[0] + four[2]) + (four[1] + four[3]);
    }
}
