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

    /// <summary>Element (row, k) is <c>source[row * depth + k]</c>.</summary>
    public static PackedRows From(ReadOnlySpan<float> source, int rows, int depth)
    {
        var packed = new PackedRows(rows, depth);
        for (int row = 0; row < rows; row++)
        {
            Span<float> panel = packed.Panel(row);
            ReadOnlySpan<float> values = source.Slice(row * depth, depth);
            for (int k = 0; k < depth; k++)
            {
                panel[k * GemmKernel.Rows] = values[k];
            }
        }

        return packed;
    }

    /// <summary>The filters of one group: row o, column (c, u, v) in <see cref="WindowOrder"/> is the weight [o, c, u, v].</summary>
    public static PackedRows Filters(ReadOnlySpan<float> weight, int outputs, int channels, int window)
    {
        var packed = new PackedRows(outputs, channels * window);
        var order = new WindowOrder(channels, window);
        for (int k = 0; k < packed.Depth; k++)
        {
            (int channel, int tap) = order.At(k);
            for (int o = 0; o < outputs; o++)
            {
                packed.Panel(o)[k * GemmKernel.Rows] = weight[(((o * channels) + channel) * window) + tap];
            }
        }

        return packed;
    }

    /// <summary>
    /// The filters that turn an output gradient into an input gradient: row c, column (o, u, v) in <see cref="WindowOrder"/> is the weight
    /// [o, c, KH - 1 - u, KW - 1 - v] of one group.
    /// </summary>
    public static PackedRows Transposed(ReadOnlySpan<float> weight, int outputs, int channels, int window)
    {
        var packed = new PackedRows(channels, outputs * window);
        var order = new WindowOrder(outputs, window);
        for (int k = 0; k < packed.Depth; k++)
        {
            (int output, int tap) = order.At(k);
            for (int c = 0; c < channels; c++)
            {
                packed.Panel(c)[k * GemmKernel.Rows] = weight[(((output * channels) + c) * window) + window - 1 - tap];
            }
        }

        return packed;
    }

    private Span<float> Panel(int row) =>
        Values.AsSpan((row / GemmKernel.Rows * Depth * GemmKernel.Rows) + (row % GemmKernel.Rows));
}
