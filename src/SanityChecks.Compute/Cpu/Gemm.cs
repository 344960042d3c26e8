namespace SanityChecks.Compute.Cpu;

/// <summary>Writes a block of the right matrix of a product, B [K, N], in panels of sixteen columns: [columns / 16][depth][16], missing columns zero.</summary>
internal unsafe interface IColumnSource
{
    void Pack(int firstDepth, int depth, int firstColumn, int columns, float* panels);
}

/// <summary>C = A B + bias, blocked for the caches.</summary>
/// <remarks>
/// A block of B, 144 (3 x 3 windows) or 384 deep and up to 512 columns wide (at most 768 KiB), stays in L2 while all of A streams past it, one panel of
/// six rows at a time (9 KiB, in L1 for the width of the block). The columns of C are cut into such blocks, each computed by one
/// thread from start to end: an element's sum is never split between threads. After Goto and van de Geijn 2008.
/// </remarks>
internal static unsafe class Gemm
{
    private const int MaximumColumns = 512;

    // Blocks begin at whole tiles of the widest kernel; B's panels at whole cache lines.
    private const int Unit = TileKernel512.Columns;
    private const int Line = 16;

    [ThreadStatic]
    private static float[]? columnBlock;

    /// <summary>How many column blocks to cut a product into: at least two, so that a second thread has one.</summary>
    public static int ColumnBlocks(int columns) => Math.Max((columns + MaximumColumns - 1) / MaximumColumns, Math.Min(2, (columns + Unit - 1) / Unit));

    /// <summary>Computes one column block of C.</summary>
    /// <param name="set">The vectors to use.</param>
    /// <param name="a">[M, K].</param>
    /// <param name="b">[K, N].</param>
    /// <param name="columns">N.</param>
    /// <param name="block">Which of the <see cref="ColumnBlocks"/>.</param>
    /// <param name="depthBlock">How many products are added before they join the sum; also the depth of a packed block of B.</param>
    /// <param name="c">C [M, N], rows contiguous.</param>
    /// <param name="bias">Start value of each row; empty for 0.</param>
    /// <param name="activation">Applied to the finished sums.</param>
    public static void MultiplyBlock<TColumns>(
        InstructionSet set, PackedRows a, in TColumns b, int columns, int block, int depthBlock, float* c, ReadOnlySpan<float> bias, Activation activation)
        where TColumns : IColumnSource
    {
        int blocks = ColumnBlocks(columns);
        int units = (columns + Unit - 1) / Unit;
        int first = (int)((long)units * block / blocks) * Unit;
        int end = Math.Min((int)((long)units * (block + 1) / blocks) * Unit, columns);
        EnsureColumnBlock(depthBlock);
        float* start = stackalloc float[TileKernel.Rows];
        fixed (float* unaligned = columnBlock, rows = a.Values)
        {
            float* packed = (float*)(((nint)unaligned + 63) & ~63);
            for (int k = 0; k < a.Depth; k += depthBlock)
            {
                int depth = Math.Min(depthBlock, a.Depth - k);
                bool last = k + depth == a.Depth;
                b.Pack(k, depth, first, end - first, packed);
                for (int panel = 0; panel < a.Panels; panel++)
                {
                    int row = panel * TileKernel.Rows;
                    int count = Math.Min(TileKernel.Rows, a.Rows - row);
                    for (int i = 0; i < TileKernel.Rows; i++)
                    {
                        start[i] = bias.IsEmpty || i >= count ? 0 : bias[row + i];
                    }

                    var edges = new TileEdges(
                        k == 0 ? (nint)start : 0, 0, activation == Activation.Relu6 ? 6 : float.PositiveInfinity,
                        last && activation != Activation.None);
                    MultiplyRow(set, depth, rows + (((nint)panel * a.Depth) + k) * TileKernel.Rows, packed, end - first, c + ((nint)row * columns) + first, columns, count, edges);
                }
            }
        }
    }

    private static void EnsureColumnBlock(int depth)
    {
        int length = (depth * (MaximumColumns + Unit)) + Line;
        if (columnBlock is null || columnBlock.Length < length)
        {
            columnBlock = new float[length];
        }
    }

    /// <summary>One panel of A with each panel of the block of B.</summary>
    private static void MultiplyRow(InstructionSet set, int depth, float* a, float* b, int width, float* c, int stride, int rows, in TileEdges edges)
    {
        var panels = new PackedColumns(b, depth);
        int full = rows == TileKernel.Rows ? width / TileKernel.Columns * TileKernel.Columns : 0;
        TileKernel.Multiply(set, depth, a, panels, full, c, stride, edges);

        // A tile over the matrix's edge goes through a full one: the same chain of operations for every element.
        float* tile = stackalloc float[TileKernel.Rows * TileKernel.Columns];
        for (int column = full; column < width; column += TileKernel.Columns)
        {
            int columns = Math.Min(TileKernel.Columns, width - column);
            if (edges.Bias == 0)
            {
                Copy(c + column, stride, tile, TileKernel.Columns, rows, columns);
            }

            TileKernel.Multiply(set, depth, a, panels.From(column), TileKernel.Columns, tile, TileKernel.Columns, edges);
            Copy(tile, TileKernel.Columns, c + column, stride, rows, columns);
        }
    }

    private static void Copy(float* source, int sourceStride, float* destination, int destinationStride, int rows, int columns)
    {
        for (int i = 0; i < rows; i++)
        {
            new ReadOnlySpan<float>(source + ((nint)i * sourceStride), columns).CopyTo(new Span<float>(destination + ((nint)i * destinationStride), columns));
        }
    }
}
