using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SanityChecks.Compute.Cpu;

/// <summary>A weight's 3 x 3 filters in the form that <see cref="WinogradConvolution{TTile}"/> multiplies by: for each position of the tile
/// a left matrix in panels of six rows.</summary>
internal sealed unsafe class WinogradFilters<TTile>
    where TTile : struct, IWinogradTile
{
    // Keyed by the weight object: a weight never changes, so it is transformed once, and the result goes when it goes.
    private static readonly ConditionalWeakTable<HostTensor, WinogradFilters<TTile>> Forwards = [];
    private static readonly ConditionalWeakTable<HostTensor, WinogradFilters<TTile>> Transposes = [];

    /// <summary>So many rows of 64 columns of the right matrix, 32 KiB, stay in L1 while the filters pass.</summary>
    public const int DepthBlock = 128;

    private const int Taps = 9;

    // Divides a block's depth.
    private const int Together = 16;

    private WinogradFilters(int rows, int depth, int chain)
    {
        Rows = rows;
        Depth = depth;
        Chain = chain;
        Values = GC.AllocateUninitializedArray<float>(checked(TTile.Positions * Panels * depth * TileKernel.Rows));
    }

    /// <summary>Channels that come out.</summary>
    public int Rows { get; }

    /// <summary>Channels that go in.</summary>
    public int Depth { get; }

    public int Panels => (Rows + TileKernel.Rows - 1) / TileKernel.Rows;

    /// <summary>How many products <see cref="TileKernel"/> adds in one chain.</summary>
    public int Chain { get; }

    /// <summary>[positions][Depth / 128][Panels][128][6], so that a product reads them from first to last; missing rows zero.</summary>
    public float[] Values { get; }

    /// <summary>Where rows k to k + 127 of a panel begin.</summary>
    public nint At(int position, int panel, int k) =>
        ((((nint)position * Depth) + k) * Panels + ((nint)panel * Math.Min(DepthBlock, Depth - k))) * TileKernel.Rows;

    /// <summary>For the convolution itself.</summary>
    public static WinogradFilters<TTile> Forward(HostTensor weight, Cores cores) =>
        Forwards.GetValue(weight, w => Transform(w, transpose: false, cores));

    /// <summary>For its input gradient: inputs and outputs exchanged, taps reversed.</summary>
    public static WinogradFilters<TTile> Transposed(HostTensor weight, Cores cores) =>
        Transposes.GetValue(weight, w => Transform(w, transpose: true, cores));

    private static WinogradFilters<TTile> Transform(HostTensor weight, bool transpose, Cores cores)
    {
        int outputs = weight.Shape[0], channels = weight.Shape[1];
        var filters = transpose
            ? new WinogradFilters<TTile>(channels, outputs, TileKernel.BackwardChain)
            : new WinogradFilters<TTile>(outputs, channels, TileKernel.ForwardChain(channels));
        (int rowStep, int depthStep) = transpose ? (Taps, channels * Taps) : (channels * Taps, Taps);
        cores.ForEach(filters.Panels, panel =>
        {
            fixed (float* source = weight.Array)
            {
                filters.TransformPanel(panel, source, rowStep, depthStep, transpose);
            }
        });
        return filters;
    }

    /// <summary>Six rows of all positions.</summary>
    /// <param name="panel">Which.</param>
    /// <param name="source">The weight.</param>
    /// <param name="rowStep">From a row's filter to the next row's.</param>
    /// <param name="depthStep">From a filter to the next one of its row.</param>
    /// <param name="reversed">Whether the taps are taken from last to first.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TransformPanel(int panel, float* source, int rowStep, int depthStep, bool reversed)
    {
        // The rows of a panel lie side by side in two vectors, the last two and missing ones zero.
        Vector256<double>* taps = stackalloc Vector256<double>[2 * Taps], transformed = stackalloc Vector256<double>[2 * TTile.Positions];
        float* together = stackalloc float[TTile.Positions * Together * TileKernel.Rows], zero = stackalloc float[Taps];
        float** rows = stackalloc float*[8];
        new Span<float>(zero, Taps).Clear();
        for (int k = 0; k < Depth; k += Together)
        {
            // A few columns at once: of single ones, the positions' pieces of a line would all fall into one set of the cache.
            int columns = Math.Min(Together, Depth - k), length = columns * TileKernel.Rows;
            for (int column = 0; column < columns; column++)
            {
                for (int i = 0; i < 8; i++)
                {
                    int row = (panel * TileKernel.Rows) + i;
                    rows[i] = i < TileKernel.Rows && row < Rows ? source + ((nint)row * rowStep) + ((nint)(k + column) * depthStep) : zero;
                }

                for (int tap = 0; tap < Taps; tap++)
                {
                    int at = reversed ? Taps - 1 - tap : tap;
                    taps[tap] = Vector256.Create((double)rows[0][at], rows[1][at], rows[2][at], rows[3][at]);
                    taps[Taps + tap] = Vector256.Create((double)rows[4][at], rows[5][at], rows[6][at], rows[7][at]);
                }

                TTile.Filter(taps, transformed);
                TTile.Filter(taps + Taps, transformed + TTile.Positions);
                float* to = together + (column * TileKernel.Rows);
                for (int position = 0; position < TTile.Positions; position++, to += length)
                {
                    Vector256<float> values = Vector256.Narrow(transformed[position], transformed[TTile.Positions + position]);
                    values.GetLower().Store(to);
                    values.GetUpper().GetLower().Store(to + 4);
                }
            }

            nint destination = At(0, panel, k - (k % DepthBlock)) + (k % DepthBlock * TileKernel.Rows);
            for (int position = 0; position < TTile.Positions; position++, destination += (nint)Depth * Panels * TileKernel.Rows)
            {
                new ReadOnlySpan<float>(together + (position * length), length).CopyTo(Values.AsSpan((int)destination, length));
            }
        }
    }
}
