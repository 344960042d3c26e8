namespace SanityChecks.Compute;

/// <summary>Window, stride and padding of a pooling; padding is never a maximum.</summary>
/// <param name="Y">Along the rows.</param>
/// <param name="X">Along the columns.</param>
/// <param name="CeilMode">Whether a last, partial window counts (PyTorch's <c>ceil_mode</c>); it must start inside the input or its leading
/// padding.</param>
/// <param name="CountPadding">Whether padding counts in an average's divisor, as zeros (PyTorch's <c>count_include_pad</c>).</param>
public readonly record struct PoolingGeometry(PoolingAxis Y, PoolingAxis X, bool CeilMode = false, bool CountPadding = false)
{
    /// <summary>The same in both directions, and on all sides.</summary>
    /// <param name="kernel">Rows and columns of the window.</param>
    /// <param name="stride">Rows and columns between two windows.</param>
    /// <param name="padding">Rows and columns added on each side, at most half the window.</param>
    /// <param name="ceilMode">Whether a last, partial window counts.</param>
    /// <param name="countPadding">Whether padding counts in an average's divisor.</param>
    public PoolingGeometry(int kernel, int stride, int padding = 0, bool ceilMode = false, bool countPadding = false)
        : this(new PoolingAxis(kernel, stride, padding, padding), new PoolingAxis(kernel, stride, padding, padding), ceilMode, countPadding)
    {
    }

    /// <summary>The shape [N, C, H', W'] that a pooling gives.</summary>
    /// <param name="input">[N, C, H, W].</param>
    /// <exception cref="ArgumentException">The input is smaller than the window.</exception>
    public Shape OutputShape(Shape input) =>
        new(input[0], input[1], Y.OutputLength(input[2], CeilMode), X.OutputLength(input[3], CeilMode));

    /// <summary>How many positions an average divides by.</summary>
    /// <param name="row">Row of the output.</param>
    /// <param name="column">Column of the output.</param>
    /// <param name="height">Rows of the input.</param>
    /// <param name="width">Columns of the input.</param>
    public int Divisor(int row, int column, int height, int width) =>
        Y.Divisor(row, height, CountPadding) * X.Divisor(column, width, CountPadding);
}

/// <summary>A pooling along one axis.</summary>
/// <param name="Kernel">Length of the window.</param>
/// <param name="Stride">Positions between two windows.</param>
/// <param name="PaddingBefore">Positions added at the start, less than the window's.</param>
/// <param name="PaddingAfter">Positions added at the end, less than the window's.</param>
public readonly record struct PoolingAxis(int Kernel, int Stride, int PaddingBefore = 0, int PaddingAfter = 0)
{
    /// <summary>The range of input positions [first, end) that one output position reads.</summary>
    /// <param name="output">Position in the output.</param>
    /// <param name="length">The input's length.</param>
    public (int First, int End) Window(int output, int length)
    {
        int start = (output * Stride) - PaddingBefore;
        return (Math.Max(start, 0), Math.Min(start + Kernel, length));
    }

    internal int Divisor(int output, int length, bool countPadding)
    {
        int start = (output * Stride) - PaddingBefore;
        (int first, int end) = Window(output, length);
        return countPadding ? Math.Min(start + Kernel, length + PaddingAfter) - start : end - first;
    }

    internal int OutputLength(int length, bool ceilMode)
    {
        int span = length + PaddingBefore + PaddingAfter - Kernel;
        if (span < 0)
        {
            throw new ArgumentException(
                $"A pooling window of {Kernel} does not fit into a length of {length} with padding {PaddingBefore} and {PaddingAfter}.");
        }

        int count = ((ceilMode ? span + Stride - 1 : span) / Stride) + 1;
        return ceilMode && (count - 1) * Stride >= length + PaddingBefore ? count - 1 : count;
    }
}
