using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SanityChecks.Compute.Cpu;

/// <summary>Maximum pooling of one plane by 2 x 2 windows that neither overlap nor leave the plane, eight windows at a time; as in
/// <see cref="Reference.Pooling"/>, exactly.</summary>
/// <remarks>
/// Sixteen values of two rows are parted into the windows' left and right columns. In each row the right one wins when it is larger, or
/// NaN; then the lower row's winner against the upper's by the same rule: that is the first maximum in row order, or the last NaN, and its
/// gradient goes there.
/// </remarks>
internal static unsafe class MaxPoolKernel
{
    private static readonly PoolingAxis Pairs = new(2, 2);
    private static readonly Vector256<int> Even = Vector256.Create(0, 2, 4, 6, 1, 3, 5, 7);
    private static readonly Vector256<int> Interleaved = Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7);

    /// <summary>Whether the kernel is made for a geometry.</summary>
    public static bool Serves(PoolingGeometry geometry, int height, int width, int outHeight, int outWidth) =>
        geometry.Y == Pairs && geometry.X == Pairs && 2 * outHeight <= height && 2 * outWidth <= width;

    /// <summary>The maxima of a plane.</summary>
    public static void Forward(ReadOnlySpan<float> input, int width, Span<float> output, int outHeight, int outWidth)
    {
        fixed (float* x = input, y = output)
        {
            for (int i = 0; i < outHeight; i++)
            {
                float* upper = x + ((nint)2 * i * width), lower = upper + width, row = y + ((nint)i * outWidth);
                int j = 0;
                for (; j + 8 <= outWidth; j += 8)
                {
                    Winner(upper + (2 * j), out Vector256<float> above, out _);
                    Winner(lower + (2 * j), out Vector256<float> below, out _);
                    Vector256.ConditionalSelect(Wins(below, above), below, above).Store(row + j);
                }

                for (; j < outWidth; j++)
                {
                    row[j] = *First(upper, lower, j);
                }
            }
        }
    }

    /// <summary>The gradient at a plane: each window's goes to its first maximum, all else is 0.</summary>
    public static void Gradient(
        ReadOnlySpan<float> outputGradient, int outHeight, int outWidth, ReadOnlySpan<float> input, int width, Span<float> gradient)
    {
        if (2 * outWidth != width || gradient.Length != 4 * outHeight * outWidth)
        {
            gradient.Clear();
        }

        fixed (float* g = outputGradient, x = input, r = gradient)
        {
            for (int i = 0; i < outHeight; i++)
            {
                nint start = (nint)2 * i * width;
                float* upper = x + start, lower = upper + width, row = g + ((nint)i * outWidth);
                int j = 0;
                for (; j + 8 <= outWidth; j += 8)
                {
                    Vector256<float> incoming = Vector256.Load(row + j);
                    Winner(upper + (2 * j), out Vector256<float> above, out Vector256<float> rightAbove);
                    Winner(lower + (2 * j), out Vector256<float> below, out Vector256<float> rightBelow);
                    Vector256<float> down = Wins(below, above);
                    Spread(incoming & ~down, rightAbove, r + start + (2 * j));
                    Spread(incoming & down, rightBelow, r + start + width + (2 * j));
                }

                for (; j < outWidth; j++)
                {
                    r[start + (2 * j)] = r[start + (2 * j) + 1] = r[start + width + (2 * j)] = r[start + width + (2 * j) + 1] = 0;
                    r[First(upper, lower, j) - x] = row[j];
                }
            }
        }
    }

    /// <summary>Of each pair in sixteen values the larger, and whether it is the right one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Winner(float* values, out Vector256<float> larger, out Vector256<float> isRight)
    {
        Vector256<float> first = Vector256.Shuffle(Vector256.Load(values), Even);
        Vector256<float> second = Vector256.Shuffle(Vector256.Load(values + 8), Even);
        Vector256<float> left = Vector256.Create(first.GetLower(), second.GetLower());
        Vector256<float> right = Vector256.Create(first.GetUpper(), second.GetUpper());
        isRight = Wins(right, left);
        larger = Vector256.ConditionalSelect(isRight, right, left);
    }

    private static Vector256<float> Wins(Vector256<float> later, Vector256<float> earlier) =>
        Vector256.GreaterThan(later, earlier) | ~Vector256.Equals(later, later);

    /// <summary>Each value to the left or right of its pair, 0 beside it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Spread(Vector256<float> values, Vector256<float> toRight, float* pairs)
    {
        Vector256<float> left = values & ~toRight, right = values & toRight;
        Vector256.Shuffle(Vector256.Create(left.GetLower(), right.GetLower()), Interleaved).Store(pairs);
        Vector256.Shuffle(Vector256.Create(left.GetUpper(), right.GetUpper()), Interleaved).Store(pairs + 8);
    }

    private static float* First(float* upper, float* lower, int window)
    {
        float* place = Later(upper + (2 * window), upper + (2 * window) + 1);
        return Later(Later(place, lower + (2 * window)), lower + (2 * window) + 1);
    }

    private static float* Later(float* best, float* later) => *later > *best || float.IsNaN(*later) ? later : best;
}
