using System.Runtime.CompilerServices;

namespace SanityChecks.Compute.Cpu;

/// <summary>The left matrix of a product, A [M, K], in panels of six rows: [M / 6][K][6], missing rows zero.</summary>
internal sealed unsafe class PackedRows
{
    private PackedRows(int rows, int depth, int chain)
    {
        Rows = rows;
        Depth = depth;
        Chain = chain;
        Panels = (rows + TileKernel.Rows - 1) / TileKernel.Rows;
        Values = GC.AllocateUninitializedArray<float>(checked(Panels * depth * TileKernel.Rows));
        Values.AsSpan((Panels - 1) * depth * TileKernel.Rows).Clear();
    }

    public int Rows { get; }

    public int Depth { get; }

    public int Panels { get; }

    /// <summary>How many products <see cref="TileKernel"/> adds in one chain.</summary>
    public int Chain { get; }

    public float[] Values { get; }

    /// <summary>The filters of one group: row o, column (c, u, v) in <see cref="WindowOrder"/> is the weight [o, c, u, v].</summary>
    public static PackedRows Filters(HostTensor weight, int group, int groups, Cores cores)
    {
        int outputs = weight.Shape[0] / groups;
        int channels = weight.Shape[1];
        int window = weight.Shape[2] * weight.Shape[3];
        int depth = channels * window;
        return Pack(
            weight, group * outputs * depth, outputs, depth, Offsets(channels, window, (channel, tap) => (channel * window) + tap),
            TileKernel.ForwardChain(depth), cores);
    }

    /// <summary>
    /// The filters that turn an output gradient into an input gradient: row c, column (o, u, v) in <see cref="WindowOrder"/> is the weight
    /// [o, c, KH - 1 - u, KW - 1 - v] of one group.
    /// </summary>
    public static PackedRows Transposed(HostTensor weight, int group, int groups, Cores cores)
    {
        int outputs = weight.Shape[0] / groups;
        int channels = weight.Shape[1];
        int window = weight.Shape[2] * weight.Shape[3];
        int size = channels * window;
        return Pack(
            weight, group * outputs * size, channels, window, Offsets(outputs, window, (output, tap) => (output * size) + window - 1 - tap),
            TileKernel.BackwardChain, cores);
    }

    /// <summary>Element (row, k) is the weight's at <c>first + row * step + offsets[k]</c>.</summary>
    private static PackedRows Pack(HostTensor weight, int first, int rows, int step, int[] offsets, int chain, Cores cores)
    {
        var packed = new PackedRows(rows, offsets.Length, chain);
        cores.ForEach(packed.Panels, panel =>
        {
            int row = panel * TileKernel.Rows;
            fixed (float* source = weight.Array, panels = packed.Values)
            {
                PackPanel(
                    source + first + ((nint)row * step), Math.Min(TileKernel.Rows, rows - row), step, offsets,
                    panels + ((nint)panel * packed.Depth * TileKernel.Rows));
            }
        });
        return packed;
    }

    /// <summary>Column by column of A, so that a panel is written in order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackPanel(float* source, int rows, int step, ReadOnlySpan<int> offsets, float* panel)
    {
        foreach (int offset in offsets)
        {
            float* value = source + offset;
            for (int i = 0; i < rows; i++, value += step)
            {
                panel[i] = *value;
            }

            panel += TileKernel.Rows;
        }
    }

    private static int[] Offsets(int channels, int window, Func<int, int, int> offset)
    {
        var order = new WindowOrder(channels, window);
        int[] offsets = new int[channels * window];
        for (int k = 0; k < offsets.Length; k++)
        {
            (int channel, int tap) = order.At(k);
            offsets[k] = offset(channel, tap);
        }

        return offsets;
    }
}
