using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SanityChecks.Compute.Cpu;

/// <summary>Activations and their gradients, eight elements at a time; each element as in <see cref="Reference.Elementwise"/>,
/// exactly.</summary>
internal static class ElementwiseKernel
{
    public static void InputGradient(
        ReadOnlySpan<float> outputGradient, ReadOnlySpan<float> output, Activation activation, Gates gates, Span<float> gradient)
    {
        ref float g = ref MemoryMarshal.GetReference(outputGradient);
        ref float y = ref MemoryMarshal.GetReference(output);
        ref float r = ref MemoryMarshal.GetReference(gradient);
        Vector256<float> zero = Vector256<float>.Zero;
        Vector256<float> ceiling = Vector256.Create(activation == Activation.Relu6 ? 6 : float.PositiveInfinity);
        bool saturates = activation == Activation.Relu6, open = (gates & Gates.Open) != 0, positive = (gates & Gates.Positive) != 0;
        int i = 0;
        for (; i + 8 <= output.Length; i += 8)
        {
            Vector256<float> incoming = Vector256.LoadUnsafe(ref g, (nuint)i), value = Vector256.LoadUnsafe(ref y, (nuint)i);
            Vector256<float> pass = Vector256<float>.AllBitsSet;
            if (open)
            {
                pass = Vector256.GreaterThan(value, zero);
                pass = saturates ? pass & Vector256.LessThan(value, ceiling) : pass;
            }

            if (positive)
            {
                pass &= Vector256.GreaterThan(incoming, zero);
            }

            (incoming & pass).StoreUnsafe(ref r, (nuint)i);
        }

        for (; i < output.Length; i++)
        {
            gradient[i] = Reference.Elementwise.InputGradient(outputGradient[i], output[i], activation, gates);
        }
    }

    public static void Activate(ReadOnlySpan<float> input, Activation activation, Span<float> output)
    {
        if (activation == Activation.None)
        {
            input.CopyTo(output);
            return;
        }

        ref float x = ref MemoryMarshal.GetReference(input), y = ref MemoryMarshal.GetReference(output);
        Vector256<float> zero = Vector256<float>.Zero;
        Vector256<float> ceiling = Vector256.Create(activation == Activation.Relu6 ? 6 : float.PositiveInfinity);
        int i = 0;
        for (; i + 8 <= input.Length; i += 8)
        {
            Limits.Clamp(Vector256.LoadUnsafe(ref x, (nuint)i), zero, ceiling).StoreUnsafe(ref y, (nuint)i);
        }

        for (; i < input.Length; i++)
        {
            output[i] = Reference.Elementwise.Activate(input[i], activation);
        }
    }

    /// <summary>The sum of two, then the activation's limits.</summary>
    public static void Add(ReadOnlySpan<float> left, ReadOnlySpan<float> right, float lower, float upper, Span<float> sum)
    {
        ref float a = ref MemoryMarshal.GetReference(left);
        ref float b = ref MemoryMarshal.GetReference(right);
        ref float s = ref MemoryMarshal.GetReference(sum);
        Vector256<float> lowers = Vector256.Create(lower), uppers = Vector256.Create(upper);
        int i = 0;
        for (; i + 8 <= sum.Length; i += 8)
        {
            Vector256.Min(Vector256.Max(Vector256.LoadUnsafe(ref a, (nuint)i) + Vector256.LoadUnsafe(ref b, (nuint)i), lowers), uppers)
                .StoreUnsafe(ref s, (nuint)i);
        }

        for (; i < sum.Length; i++)
        {
            sum[i] = Math.Min(Math.Max(left[i] + right[i], lower), upper);
        }
    }

    /// <summary>left + scale times right, the product rounded first.</summary>
    public static void AddScaled(ReadOnlySpan<float> left, ReadOnlySpan<float> right, float scale, Span<float> sum)
    {
        ref float a = ref MemoryMarshal.GetReference(left);
        ref float b = ref MemoryMarshal.GetReference(right);
        ref float s = ref MemoryMarshal.GetReference(sum);
        Vector256<float> scales = Vector256.Create(scale);
        int i = 0;
        for (; i + 8 <= sum.Length; i += 8)
        {
            (Vector256.LoadUnsafe(ref a, (nuint)i) + (scales * Vector256.LoadUnsafe(ref b, (nuint)i))).StoreUnsafe(ref s, (nuint)i);
        }

        for (; i < sum.Length; i++)
        {
            sum[i] = left[i] + (scale * right[i]);
        }
    }

    /// <summary>The products.</summary>
    public static void Multiply(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> product)
    {
        ref float a = ref MemoryMarshal.GetReference(left);
        ref float b = ref MemoryMarshal.GetReference(right);
        ref float p = ref MemoryMarshal.GetReference(product);
        int i = 0;
        for (; i + 8 <= product.Length; i += 8)
        {
            (Vector256.LoadUnsafe(ref a, (nuint)i) * Vector256.LoadUnsafe(ref b, (nuint)i)).StoreUnsafe(ref p, (nuint)i);
        }

        for (; i < product.Length; i++)
        {
            product[i] = left[i] * right[i];
        }
    }

    /// <summary>dividend / (divisor + epsilon sign(divisor)) with sign(0) = 1; 0 / 0 is 0.</summary>
    public static void Divide(ReadOnlySpan<float> dividend, ReadOnlySpan<float> divisor, float epsilon, Span<float> quotient)
    {
        ref float a = ref MemoryMarshal.GetReference(dividend);
        ref float b = ref MemoryMarshal.GetReference(divisor);
        ref float q = ref MemoryMarshal.GetReference(quotient);
        Vector256<float> zero = Vector256<float>.Zero, epsilons = Vector256.Create(epsilon);
        int i = 0;
        for (; i + 8 <= quotient.Length; i += 8)
        {
            Vector256<float> top = Vector256.LoadUnsafe(ref a, (nuint)i), below = Vector256.LoadUnsafe(ref b, (nuint)i);
            Vector256<float> stabilized = Vector256.ConditionalSelect(
                Vector256.GreaterThanOrEqual(below, zero), below + epsilons, below - epsilons);
            Vector256<float> nothing = Vector256.Equals(stabilized, zero) & Vector256.Equals(top, zero);
            Vector256.AndNot(top / stabilized, nothing).StoreUnsafe(ref q, (nuint)i);
        }

        for (; i < quotient.Length; i++)
        {
            quotient[i] = Reference.Elementwise.Divide(dividend[i], divisor[i], epsilon);
        }
    }
}
