namespace SanityChecks.Compute;

/// <summary>Window, stride and padding of a pooling; padding is never a maximum.</summary>
/// <param name="Kernel">Rows and columns of the window.</param>
/// <param name="Stride">Rows and columns between two windows.</param>
/// <param name="Padding">Rows and columns added on each side, at most half the window.</param>
/// <param name="CeilMode">Whether a last, partial window counts (PyTorch's <c>ceil_mode</c>); it must start inside the input or its leading
/// padding.</param>
/// <param name="CountPadding">Whether padding counts in an average's divisor, as zeros (PyTorch's <c>count_include_pad</c>).</param>
public readonly record struct PoolingGeometry(int Kernel, int Stride, int Padding = 0, bool CeilMode = false, bool CountPadding = false)
{
    /// <summary>The shape [N, C, H', W'] that a pooling gives.</summary>
    /// <param name="input">[N, C, H, W].</param>
    /// <exception cref="ArgumentException">The input is smaller than the window.</exception>
    public Shape OutputShape(Shape input) => new(input[0], input[1], OutputLength(input[2]), OutputLength(input[3]));

    /// <summary>The range of input positions [first, end) that one output position reads along an axis.</summary>
    /// <param name="output">Position along the output's axis.</param>
    /// <param name="length">The input's length along that axis.</param>
    public (int First, int End) Window(int output, int length)
    {
        int start = (output * Stride) - Padding;
        return (Math.Max(start, 0), Math.Min(start + Kernel, length));
    }

    /// <summary>How many positions along an axis an average divides by.</summary>
    /// <param name="output">Position along the output's axis.</param>
    /// <param name="length">The input's length along that axis.</param>
    public int Divisor(int output, int length)
    {
        int start = (output * Stride) - Padding;
        (int first, int end) = Window(output, length);
        return CountPadding ? Math.Min(start + Kernel, length + Padding) - start : end - first;
    }

    private int OutputLength(int length)
    {
        int span = length + (2 * Padding) - Kernel;
        if (span < 0)
        {
            throw new ArgumentException($"A pooling window of {Kernel} does not fit into a length of {length} with padding {Padding}.");
        }

        int count = ((CeilMode ? span + Stride - 1 : span) / Stride) + 1;
        return CeilMode && (count - 1) * Stride >= length + Padding ? count - 1 : count;
    }
}
