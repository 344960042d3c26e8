using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace SanityChecks.Compute.Cpu;

/// <summary>Writes a block of the right matrix of a product, B [K, N], in panels of sixteen columns: [columns / 16][depth][16], missing
/// columns zero.</summary>
internal unsafe interface IColumnSource
{
    void Pack(int firstDepth, int depth, int firstColumn, int columns, float* panels);
}

/// <summary>C = A B + bias, blocked for the caches.</summary>
/// <remarks>
/// A block of B, 144 (3 x 3 windows) or 384 deep and up to 512 columns wide (at most 768 KiB), stays in L2, or L3 where that is smaller,
/// while all of A streams past it, one panel of six rows at a time (9 KiB, in L1 for the width of the block, fetched while the panel before
/// is multiplied). The columns of C are cut into such blocks, each computed by one thread from start to end: an element's sum is never
/// split between threads. After Goto and van de Geijn 2008.
/// The sums of a tile wait for its last products in one piece of memory and go to C once: there each of their rows would lie in a page of
/// its own.
/// </remarks>
internal static unsafe class Gemm
{
    private const int MaximumColumns = 512;

    // Blocks begin at whole tiles of the widest kernel; B's panels at whole cache lines.
    private const int Unit = TileKernel.WidestTile;
    private const int Line = 16;

    /// <summary>How many column blocks to cut a product into: at least two, so that a second thread has one.</summary>
    public static int ColumnBlocks(int columns) =>
        Math.Max((columns + MaximumColumns - 1) / MaximumColumns, Math.Min(2, (columns + Unit - 1) / Unit));

    /// <summary>Computes one column block of C.</summary>
    /// <param name="cores">Threads and vectors.</param>
    /// <param name="a">[M, K].</param>
    /// <param name="b">[K, N].</param>
    /// <param name="columns">N.</param>
    /// <param name="block">Which of the <see cref="ColumnBlocks"/>.</param>
    /// <param name="depthBlock">The depth of a packed block of B.</param>
    /// <param name="c">C [M, N], rows contiguous.</param>
    /// <param name="bias">Start value of each row; empty for 0.</param>
    /// <param name="activation">Applied to the finished sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyBlock<TColumns>(
        Cores cores, PackedRows a, in TColumns b, int columns, int block, int depthBlock, float* c, ReadOnlySpan<float> bias,
        Activation activation)
        where TColumns : IColumnSource
    {
        int blocks = ColumnBlocks(columns);
        int units = (columns + Unit - 1) / Unit;
        int first = (int)((long)units * block / blocks) * Unit;
        int width = Math.Min((int)((long)units * (block + 1) / blocks) * Unit, columns) - first;
        int whole = (width + TileKernel.Columns - 1) / TileKernel.Columns * TileKernel.Columns;
        int panelLength = TileKernel.Rows * whole, packedLength = Math.Min(depthBlock, a.Depth) * whole;

        // Where all products are added at once, a panel's sums need not wait.
        int waiting = a.Depth > depthBlock ? panelLength : 0, length = packedLength + (waiting * (a.Panels - 1)) + panelLength + Line;
        float* start = stackalloc float[TileKernel.Rows];
        fixed (float* unaligned = cores.Memory.Floats(MemoryUse.Gemm, length), rows = a.Values)
        {
            float* packed = (float*)(((nint)unaligned + 63) & ~63);
            for (int k = 0; k < a.Depth; k += depthBlock)
            {
                int depth = Math.Min(depthBlock, a.Depth - k);
                b.Pack(k, depth, first, width, packed);
                for (int panel = 0; panel < a.Panels; panel++)
                {
                    int row = panel * TileKernel.Rows, count = Math.Min(TileKernel.Rows, a.Rows - row);
                    for (int i = 0; i < TileKernel.Rows; i++)
                    {
                        start[i] = bias.IsEmpty || i >= count ? 0 : bias[row + i];
                    }

                    float* left = rows + (((nint)panel * a.Depth) + k) * TileKernel.Rows;
                    float* sums = packed + packedLength + ((nint)panel * waiting);
                    for (int column = 0; column < whole; column += Unit)
                    {
                        int stride = Math.Min(Unit, whole - column);
                        Prefetch(left + ((nint)a.Depth * TileKernel.Rows), depth * TileKernel.Rows, column, stride, whole);
                        float* tile = sums + ((nint)column * TileKernel.Rows);
                        TileKernel.Multiply(
                            cores.Set, depth, a.Chain, left, new PackedColumns(packed, depth).From(column), stride, tile, stride, k == 0
                                ? start
                                : null);
                        if (k + depth == a.Depth)
                        {
                            Write(tile, stride, count, Math.Min(stride, width - column), activation,
                                c + ((nint)row * columns) + first + column, columns);
                        }
                    }
                }
            }
        }
    }

    /// <summary>Fetches from the next panel of A into L2 a share as large as the tile's share of the columns. Behind the last panel it asks
    /// for nothing of use, which does no harm.</summary>
    private static void Prefetch(float* panel, int length, int column, int columns, int allColumns)
    {
        if (Sse.IsSupported)
        {
            float* end = panel + ((long)length * (column + columns) / allColumns);
            for (float* line = panel + ((long)length * column / allColumns); line < end; line += Line)
            {
                Sse.Prefetch1(line);
            }
        }
    }

    /// <summary>Brings the finished sums of a tile to C.</summary>
    private static void Write(float* tile, int tileStride, int rows, int width, Activation activation, float* c, int stride)
    {
        for (int i = 0; i < rows; i++, tile += tileStride, c += stride)
        {
            ElementwiseKernel.Activate(new ReadOnlySpan<float>(tile, width), activation, new Span<float>(c, width));
        }
    }
}
