using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SanityChecks.Compute.Cpu;

/// <summary>Functions of each element, eight at a time; what is at an end that is no eight goes the same way, so that no element's bits
/// depend on where it lies.</summary>
internal static class PointwiseKernel
{
    private const int Width = 8;

    /// <summary>Whether the kernel is made for a function; the others are rare, and computed one by one.</summary>
    public static bool Serves(PointwiseFunction function) =>
        function.Kind is not (PointwiseKind.Elu or PointwiseKind.Tanh or PointwiseKind.Power);

    public static void Apply(ReadOnlySpan<float> input, PointwiseFunction function, Span<float> output)
    {
        ref float x = ref MemoryMarshal.GetReference(input), y = ref MemoryMarshal.GetReference(output);
        int i = 0;
        for (; i + Width <= input.Length; i += Width)
        {
            Value(Vector256.LoadUnsafe(ref x, (nuint)i), function).StoreUnsafe(ref y, (nuint)i);
        }

        if (i < input.Length)
        {
            Copy(Value(Padded(input[i..]), function), output[i..]);
        }
    }

    public static void InputGradient(
        ReadOnlySpan<float> outputGradient, ReadOnlySpan<float> input, PointwiseFunction function, Span<float> gradient)
    {
        ref float g = ref MemoryMarshal.GetReference(outputGradient);
        ref float x = ref MemoryMarshal.GetReference(input);
        ref float r = ref MemoryMarshal.GetReference(gradient);
        int i = 0;
        for (; i + Width <= input.Length; i += Width)
        {
            (Vector256.LoadUnsafe(ref g, (nuint)i) * Derivative(Vector256.LoadUnsafe(ref x, (nuint)i), function))
                .StoreUnsafe(ref r, (nuint)i);
        }

        if (i < input.Length)
        {
            Copy(Padded(outputGradient[i..]) * Derivative(Padded(input[i..]), function), gradient[i..]);
        }
    }

    private static Vector256<float> Value(Vector256<float> x, PointwiseFunction function)
    {
        Vector256<float> a = Vector256.Create(function.A), b = Vector256.Create(function.B), zero = Vector256<float>.Zero;
        return function.Kind switch
        {
            PointwiseKind.Linear => (a * x) + b,
            PointwiseKind.LeakyRelu => Vector256.ConditionalSelect(Vector256.GreaterThan(x, zero), x, a * x),
            PointwiseKind.Sigmoid => Sigmoid(x),
            PointwiseKind.Silu => x * Sigmoid(x),
            PointwiseKind.HardSigmoid => Vector256.Min(Vector256.Max((a * x) + b, zero), Vector256<float>.One),
            PointwiseKind.HardSwish =>
                x * Vector256.Min(Vector256.Max(x + Vector256.Create(3f), zero), Vector256.Create(6f)) / Vector256.Create(6f),
            PointwiseKind.Clamp => Vector256.Min(Vector256.Max(x, a), b),
            _ => throw new ArgumentOutOfRangeException(nameof(function)),
        };
    }

    private static Vector256<float> Derivative(Vector256<float> x, PointwiseFunction function)
    {
        Vector256<float> a = Vector256.Create(function.A), b = Vector256.Create(function.B);
        Vector256<float> zero = Vector256<float>.Zero, one = Vector256<float>.One, three = Vector256.Create(3f);
        return function.Kind switch
        {
            PointwiseKind.Linear => a,
            PointwiseKind.LeakyRelu => Vector256.ConditionalSelect(Vector256.GreaterThan(x, zero), one, a),
            PointwiseKind.Sigmoid => Sigmoid(x) * Sigmoid(-x),
            PointwiseKind.Silu => Sigmoid(x) * (one + (x * Sigmoid(-x))),
            PointwiseKind.HardSigmoid =>
                a & Vector256.GreaterThan((a * x) + b, zero) & Vector256.LessThan((a * x) + b, one),
            PointwiseKind.HardSwish => Vector256.ConditionalSelect(
                Vector256.LessThan(x, three), ((x / three) + Vector256.Create(0.5f)) & Vector256.GreaterThan(x, -three), one),
            PointwiseKind.Clamp => one & Vector256.GreaterThanOrEqual(x, a) & Vector256.LessThanOrEqual(x, b),
            _ => throw new ArgumentOutOfRangeException(nameof(function)),
        };
    }

    private static Vector256<float> Sigmoid(Vector256<float> x) => Vector256<float>.One / (Vector256<float>.One + Vector256.Exp(-x));

    private static Vector256<float> Padded(ReadOnlySpan<float> values)
    {
        Span<float> eight = stackalloc float[Width];
        eight.Clear();
        values.CopyTo(eight);
        return Vector256.Create((ReadOnlySpan<float>)eight);
    }

    private static void Copy(Vector256<float> values, Span<float> destination)
    {
        Span<float> eight = stackalloc float[Width];
        values.CopyTo(eight);
        eight[..destination.Length].CopyTo(destination);
    }
}
