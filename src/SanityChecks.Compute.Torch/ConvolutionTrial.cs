using System.Globalization;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace SanityChecks.Compute.Torch;

/// <summary>Whether libtorch's convolutions in single precision are right on this processor.</summary>
/// <remarks>
/// On AMD's family 26 (Zen 5) those of libtorch 2.10.0 are not: oneDNN's kernels for AVX2 and AVX-512 give numbers that are unlike its own
/// in double precision by more than half of the largest, without a word. Maps of such a network would be noise, and look like a
/// finding.
/// </remarks>
internal static class ConvolutionTrial
{
    /// <summary>The part of the largest output by which single precision may differ from double; sums of a thousand terms take some
    /// 1e-6.</summary>
    private const double Tolerance = 1e-4;

    // Images, channels, side, outputs, window, padding, stride: one that is known to go wrong, and the kinds that networks are made of.
    private static readonly (int N, int C, int Side, int O, int Window, int Padding, int Stride)[] Cases =
        [(2, 40, 14, 65, 5, 2, 1), (2, 64, 14, 128, 3, 1, 1), (1, 3, 56, 64, 7, 3, 2), (2, 64, 14, 32, 1, 0, 1)];

    private static readonly Lazy<string?> OnThisProcessor = new(() => Fault(
        (input, weight, padding, stride) => functional.conv2d(input, weight, null, [stride, stride], [padding, padding])));

    /// <summary>Why the processor is not to be used, as a clause; null where it is. Computed once in a process, in some milliseconds;
    /// libtorch must be loaded.</summary>
    public static string? Fault() => OnThisProcessor.Value;

    /// <summary>Why a convolution is not to be trusted, as a clause; null where it is.</summary>
    /// <param name="convolution">Input, weight, padding and stride to the output, in the type of the input.</param>
    internal static string? Fault(Func<torch.Tensor, torch.Tensor, long, long, torch.Tensor> convolution)
    {
        using IDisposable noGradients = torch.no_grad();
        using DisposeScope scope = torch.NewDisposeScope();
        foreach (var one in Cases)
        {
            torch.Tensor input = Values(one.N, one.C, one.Side, one.Side);
            torch.Tensor weight = Values(one.O, one.C, one.Window, one.Window);
            torch.Tensor right = functional.conv2d(input, weight, null, [one.Stride, one.Stride], [one.Padding, one.Padding]);
            torch.Tensor own = convolution(input.to(torch.float32), weight.to(torch.float32), one.Padding, one.Stride).to(torch.float64);
            double apart = (own - right).abs().max().ToDouble(), largest = right.abs().max().ToDouble();
            if (!(apart <= Tolerance * largest))
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"libtorch {NativeLibtorch.Version} computes wrong convolutions on this processor ({one.Window} x {one.Window}: {apart:g3} off where the largest value is {largest:g3}); with ONEDNN_MAX_CPU_ISA=SSE41 in the environment it takes other kernels");
            }
        }

        return null;
    }

    /// <summary>Numbers between -1 and 1 in no pattern, the same everywhere.</summary>
    private static torch.Tensor Values(params long[] shape) =>
        torch.arange(shape.Aggregate((one, other) => one * other), dtype: torch.float64).mul(12.9898).sin().mul(43.75).frac()
            .reshape(shape);
}
