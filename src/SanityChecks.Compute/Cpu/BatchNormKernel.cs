using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SanityChecks.Compute.Cpu;

/// <summary>Batch normalisation of one plane and the sums that its gradients need, eight elements at a time.</summary>
/// <remarks>
/// Single precision but for <see cref="Forward"/>. A sum goes through four vectors of partial sums, added in double precision at the end:
/// its error is that of chains of a thirty-second of the plane's length. The result depends on the plane alone.
/// </remarks>
internal static class BatchNormKernel
{
    private const int Width = 8, Chains = 4;

    /// <summary>(x - mean) factor + shift, then the activation's limits; in double precision and rounded once.</summary>
    /// <remarks>A factor in single precision shifts all of a channel to one side, and the layers behind it add up such errors instead of
    /// averaging them.</remarks>
    public static void Forward(
        ReadOnlySpan<float> input, float mean, double factor, float shift, float lower, float upper, Span<float> output)
    {
        ref float x = ref MemoryMarshal.GetReference(input), y = ref MemoryMarshal.GetReference(output);
        Vector256<double> means = Vector256.Create((double)mean);
        Vector256<double> factors = Vector256.Create(factor);
        Vector256<double> shifts = Vector256.Create((double)shift);
        Vector256<float> lowers = Vector256.Create(lower), uppers = Vector256.Create(upper);
        int i = 0;
        for (; i + Width <= input.Length; i += Width)
        {
            (Vector256<double> low, Vector256<double> high) = Vector256.Widen(Vector256.LoadUnsafe(ref x, (nuint)i));
            Vector256<float> value = Vector256.Narrow(
                Vector256.FusedMultiplyAdd(low - means, factors, shifts), Vector256.FusedMultiplyAdd(high - means, factors, shifts));
            Vector256.Min(Vector256.Max(value, lowers), uppers).StoreUnsafe(ref y, (nuint)i);
        }

        for (; i < input.Length; i++)
        {
            output[i] = Math.Min(Math.Max((float)Math.FusedMultiplyAdd((double)input[i] - mean, factor, shift), lower), upper);
        }
    }

    /// <summary>x factor.</summary>
    public static void Scale(ReadOnlySpan<float> input, float factor, Span<float> output)
    {
        ref float x = ref MemoryMarshal.GetReference(input), y = ref MemoryMarshal.GetReference(output);
        Vector256<float> factors = Vector256.Create(factor);
        int i = 0;
        for (; i + Width <= input.Length; i += Width)
        {
            (Vector256.LoadUnsafe(ref x, (nuint)i) * factors).StoreUnsafe(ref y, (nuint)i);
        }

        for (; i < input.Length; i++)
        {
            output[i] = input[i] * factor;
        }
    }

    /// <summary>g factor + (x - mean) slope + shift.</summary>
    public static void TrainingGradient(
        ReadOnlySpan<float> gradient, ReadOnlySpan<float> input, float factor, float mean, float slope, float shift, Span<float> output)
    {
        ref float g = ref MemoryMarshal.GetReference(gradient);
        ref float x = ref MemoryMarshal.GetReference(input);
        ref float y = ref MemoryMarshal.GetReference(output);
        Vector256<float> factors = Vector256.Create(factor);
        Vector256<float> means = Vector256.Create(mean);
        Vector256<float> slopes = Vector256.Create(slope);
        Vector256<float> shifts = Vector256.Create(shift);
        int i = 0;
        for (; i + Width <= input.Length; i += Width)
        {
            Vector256<float> through = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref x, (nuint)i) - means, slopes, shifts);
            ((Vector256.LoadUnsafe(ref g, (nuint)i) * factors) + through).StoreUnsafe(ref y, (nuint)i);
        }

        for (; i < input.Length; i++)
        {
            output[i] = (gradient[i] * factor) + MathF.FusedMultiplyAdd(input[i] - mean, slope, shift);
        }
    }

    /// <summary>The sum of x.</summary>
    public static double Sum(ReadOnlySpan<float> input)
    {
        ref float x = ref MemoryMarshal.GetReference(input);
        Vector256<float> a = default, b = default, c = default, d = default;
        int i = 0;
        for (; i + (Chains * Width) <= input.Length; i += Chains * Width)
        {
            a += Vector256.LoadUnsafe(ref x, (nuint)i);
            b += Vector256.LoadUnsafe(ref x, (nuint)(i + Width));
            c += Vector256.LoadUnsafe(ref x, (nuint)(i + (2 * Width)));
            d += Vector256.LoadUnsafe(ref x, (nuint)(i + (3 * Width)));
        }

        double sum = Total(a) + Total(b) + Total(c) + Total(d);
        for (; i < input.Length; i++)
        {
            sum += input[i];
        }

        return sum;
    }

    /// <summary>The sum of g (x - mean).</summary>
    public static double CenteredProduct(ReadOnlySpan<float> gradient, ReadOnlySpan<float> input, float mean)
    {
        ref float g = ref MemoryMarshal.GetReference(gradient), x = ref MemoryMarshal.GetReference(input);
        Vector256<float> a = default, b = default, c = default, d = default, means = Vector256.Create(mean);
        int i = 0;
        for (; i + (Chains * Width) <= input.Length; i += Chains * Width)
        {
            a = Product(ref g, ref x, means, i, a);
            b = Product(ref g, ref x, means, i + Width, b);
            c = Product(ref g, ref x, means, i + (2 * Width), c);
            d = Product(ref g, ref x, means, i + (3 * Width), d);
        }

        double sum = Total(a) + Total(b) + Total(c) + Total(d);
        for (; i < input.Length; i++)
        {
            sum += gradient[i] * (input[i] - mean);
        }

        return sum;
    }

    private static Vector256<float> Product(ref float g, ref float x, Vector256<float> means, int i, Vector256<float> sum) =>
        Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref g, (nuint)i), Vector256.LoadUnsafe(ref x, (nuint)i) - means, sum);

    private static double Total(Vector256<float> sums)
    {
        double total = 0;
        for (int lane = 0; lane < Width; lane++)
        {
            total += sums[lane];
        }

        return total;
    }
}
