namespace SanityChecks.Compute.Cpu;

/// <summary>The left matrix of a product, A [M, K], in panels of six rows: [M / 6][K][6], missing rows zero.</summary>
internal sealed class PackedRows
{
    private PackedRows(int rows, int depth)
    {
        Rows = rows;
        Depth = depth;
        Panels = (rows + GemmKernel.Rows - 1) / GemmKernel.Rows;
        Values = new float[checked(Panels * depth * GemmKernel.Rows)];
    }

    public int Rows { get; }

    public int Depth { get; }

    public int Panels { get; }

    public float[] Values { get; }

    /// <summary>Element (row, k) is <c>source[row * rowStride + k]</c>.</summary>
    public static PackedRows From(ReadOnlySpan<float> source, int rows, int depth, int rowStride)
    {
        var packed = new PackedRows(rows, depth);
        for (int row = 0; row < rows; row++)
        {
            Span<float> panel = packed.Panel(row);
            ReadOnlySpan<float> values = source.Slice(row * rowStride, depth);
            for (int k = 0; k < depth; k++)
            {
                panel[k * GemmKernel.Rows] = values[k];
            }
        }

        return packed;
    }

    /// <summary>
    /// The filters that turn an output gradient into an input gradient: row c, column (o, u, v) is the weight
    /// [o, c, KH - 1 - u, KW - 1 - v] of one group.
    /// </summary>
    public static PackedRows Transposed(ReadOnlySpan<float> weight, int outputs, int channels, int height, int width)
    {
        int window = height * width;
        var packed = new PackedRows(channels, outputs * window);
        for (int c = 0; c < channels; c++)
        {
            Span<float> panel = packed.Panel(c);
            for (int o = 0; o < outputs; o++)
            {
                ReadOnlySpan<float> filter = weight.Slice(((o * channels) + c) * window, window);
                for (int t = 0; t < window; t++)
                {
                    panel[((o * window) + t) * GemmKernel.Rows] = filter[window - 1 - t];
                }
            }
        }

        return packed;
    }

    private Span<float> Panel(int row) =>
        Values.AsSpan((row / GemmKernel.Rows * Depth * GemmKernel.Rows) + (row % GemmKernel.Rows));
}
