using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SanityChecks.Compute.Cpu;

/// <summary>Which vectors the products and convolutions use. All sets give the same bits: only how many elements are computed at once
/// differs.</summary>
/// <remarks>Kernels that wait for memory do not choose: they use 256-bit vectors, which .NET makes of smaller ones where it must.</remarks>
/// <param name="Name">What stands after <c>cpu:</c> to force it.</param>
/// <param name="Description">For people, and for the manifest.</param>
/// <param name="Bits">Bits of a vector: 512, 256 or 128.</param>
/// <param name="IsSupported">Whether this machine has it.</param>
internal sealed record InstructionSet(string Name, string Description, int Bits, bool IsSupported)
{
    /// <summary>The sets, in the order of preference.</summary>
    public static IReadOnlyList<InstructionSet> Ordered { get; } =
    [
        // twice the products of an instruction: VGG16 takes 0.7 of AVX2's time
        new("avx512", "AVX-512", 512, Vector512.IsHardwareAccelerated && Avx512DQ.IsSupported),
        // every x64 processor since 2013
        new("avx2", "AVX2 with fused multiply-add", 256, Vector256.IsHardwareAccelerated && Fma.IsSupported),
        new("portable", "128-bit vectors", 128, true), // Arm64 and old x64: .NET finds the instructions, or does without
    ];

    /// <summary>The first of the sets that this machine has.</summary>
    public static InstructionSet Best { get; } = Ordered.First(set => set.IsSupported);
}
