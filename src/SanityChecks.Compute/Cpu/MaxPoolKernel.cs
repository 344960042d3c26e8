namespace SanityChecks.Compute.Cpu;

/// <summary>Maximum pooling of one plane with windows of 2 x 2 that do not overlap, VGG's: no window reaches over the edge, so nothing is checked inside.</summary>
/// <remarks>The same maxima and the same winners as the reference: the first of equal values in row order; NaN wins.</remarks>
internal static class MaxPoolKernel
{
    /// <summary>Whether this kernel computes a pooling.</summary>
    public static bool Handles(PoolingGeometry geometry) => geometry is { Kernel: 2, Stride: 2, Padding: 0, CeilMode: false };

    /// <summary>The maximum of each window.</summary>
    /// <param name="input">[H, W].</param>
    /// <param name="width">W.</param>
    /// <param name="output">[H / 2, W / 2], rounded down.</param>
    public static void Forward(ReadOnlySpan<float> input, int width, Span<float> output)
    {
        int outWidth = width / 2;
        for (int row = 0; row * outWidth < output.Length; row++)
        {
            ReadOnlySpan<float> upper = input.Slice(2 * row * width, 2 * outWidth), lower = input.Slice(((2 * row) + 1) * width, 2 * outWidth);
            Span<float> maxima = output.Slice(row * outWidth, outWidth);
            for (int j = 0; j < maxima.Length; j++)
            {
                maxima[j] = Math.Max(Math.Max(upper[2 * j], upper[(2 * j) + 1]), Math.Max(lower[2 * j], lower[(2 * j) + 1]));
            }
        }
    }

    /// <summary>Gives each window's gradient to its first maximum.</summary>
    /// <param name="outputGradient">[H / 2, W / 2], rounded down.</param>
    /// <param name="input">[H, W].</param>
    /// <param name="width">W.</param>
    /// <param name="inputGradient">[H, W]; every element is written.</param>
    public static void InputGradient(ReadOnlySpan<float> outputGradient, ReadOnlySpan<float> input, int width, Span<float> inputGradient)
    {
        int outWidth = width / 2;
        inputGradient.Clear();
        for (int row = 0; row * outWidth < outputGradient.Length; row++)
        {
            ReadOnlySpan<float> gradients = outputGradient.Slice(row * outWidth, outWidth);
            int corner = 2 * row * width;
            for (int j = 0; j < gradients.Length; j++, corner += 2)
            {
                int upper = Later(input, corner, corner + 1), lower = Later(input, corner + width, corner + width + 1);
                inputGradient[Later(input, upper, lower)] = gradients[j];
            }
        }
    }

    /// <summary>The second place where its value is larger, or NaN and the first is not; else the first.</summary>
    private static int Later(ReadOnlySpan<float> input, int first, int second) =>
        !(input[second] <= input[first]) && !float.IsNaN(input[first]) ? second : first;
}
