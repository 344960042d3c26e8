using System.Runtime.CompilerServices;

namespace SanityChecks.Compute.Cpu;

/// <summary>A weight's 3 x 3 filters in the form that <see cref="WinogradConvolution"/> multiplies by: for each of 36 positions a left matrix in panels of six rows.</summary>
internal sealed class WinogradFilters
{
    // Keyed by the weight object: a weight never changes, so it is transformed once, and the result goes when it goes.
    private static readonly ConditionalWeakTable<HostTensor, WinogradFilters> Forwards = [];
    private static readonly ConditionalWeakTable<HostTensor, WinogradFilters> Transposes = [];

    /// <summary>So many rows of 64 columns of the right matrix, 32 KiB, stay in L1 while the filters pass.</summary>
    public const int DepthBlock = 128;

    private WinogradFilters(int rows, int depth)
    {
        Rows = rows;
        Depth = depth;
        Values = GC.AllocateUninitializedArray<float>(checked(WinogradKernel.Positions * Panels * depth * TileKernel.Rows));
    }

    /// <summary>Channels that come out.</summary>
    public int Rows { get; }

    /// <summary>Channels that go in.</summary>
    public int Depth { get; }

    public int Panels => (Rows + TileKernel.Rows - 1) / TileKernel.Rows;

    /// <summary>[36][Depth / 128][Panels][128][6], so that a product reads them from first to last; missing rows zero.</summary>
    public float[] Values { get; }

    /// <summary>Where rows k to k + 127 of a panel begin.</summary>
    public nint At(int position, int panel, int k) =>
        ((((nint)position * Depth) + k) * Panels + ((nint)panel * Math.Min(DepthBlock, Depth - k))) * TileKernel.Rows;

    /// <summary>For the convolution itself.</summary>
    public static WinogradFilters Forward(HostTensor weight, Cores cores) =>
        Forwards.GetValue(weight, w => Transform(w, transpose: false, cores));

    /// <summary>For its input gradient: inputs and outputs exchanged, taps reversed.</summary>
    public static WinogradFilters Transposed(HostTensor weight, Cores cores) =>
        Transposes.GetValue(weight, w => Transform(w, transpose: true, cores));

    private static WinogradFilters Transform(HostTensor weight, bool transpose, Cores cores)
    {
        int outputs = weight.Shape[0], channels = weight.Shape[1];
        var filters = transpose ? new WinogradFilters(channels, outputs) : new WinogradFilters(outputs, channels);
        cores.ForEach(filters.Panels, panel =>
        {
            ReadOnlySpan<float> values = weight.Values;
            Span<double> transformed = stackalloc double[WinogradKernel.Positions];
            Span<float> reversed = stackalloc float[9];
            for (int i = 0; i < TileKernel.Rows; i++)
            {
                int row = (panel * TileKernel.Rows) + i;
                for (int k = 0; k < filters.Depth; k++)
                {
                    if (row >= filters.Rows)
                    {
                        transformed.Clear();
                    }
                    else if (transpose)
                    {
                        values.Slice(((k * channels) + row) * 9, 9).CopyTo(reversed);
                        reversed.Reverse();
                        WinogradKernel.Filter(reversed, transformed);
                    }
                    else
                    {
                        WinogradKernel.Filter(values.Slice(((row * channels) + k) * 9, 9), transformed);
                    }

                    for (int position = 0; position < WinogradKernel.Positions; position++)
                    {
                        filters.Values[filters.At(position, panel, k - (k % DepthBlock)) + (k % DepthBlock * TileKernel.Rows) + i] = (float)transformed[position];
                    }
                }
            }
        });
        return filters;
    }
}
