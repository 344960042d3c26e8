using System.Runtime.Intrinsics;

namespace SanityChecks.Compute.Cpu;

/// <summary>Values held between a lower and an upper limit; NaN stays NaN, and -0 becomes 0.</summary>
/// <remarks>
/// By the processor's own minimum and maximum: of a NaN and a number x64 takes the right one and Arm the NaN; of two zeros x64 takes the
/// right one and Arm the larger, which the addition of 0 makes alike. <see cref="Vector256.Max{T}"/>, which gives the same, takes nine
/// instructions for one.
/// </remarks>
internal static class Limits
{
    public static Vector512<float> Clamp(Vector512<float> value, Vector512<float> lower, Vector512<float> upper) =>
        Vector512.MinNative(upper, Vector512.MaxNative(lower, value)) + Vector512<float>.Zero;

    public static Vector256<float> Clamp(Vector256<float> value, Vector256<float> lower, Vector256<float> upper) =>
        Vector256.MinNative(upper, Vector256.MaxNative(lower, value)) + Vector256<float>.Zero;

    public static Vector128<float> Clamp(Vector128<float> value, Vector128<float> lower, Vector128<float> upper) =>
        Vector128.MinNative(upper, Vector128.MaxNative(lower, value)) + Vector128<float>.Zero;
}
