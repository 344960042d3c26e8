namespace SanityChecks.Compute.Cpu;

/// <summary>Convolutions of stride 1 with 3 x 3 windows, and their input gradients, by Winograd's minimal filtering.</summary>
/// <remarks>
/// <para>
/// The batch's tiles, image by image and row by row, are cut into chunks of up to 64. A thread takes a chunk through all three stages: each
/// input channel's tiles are transformed into V [positions][C][tiles]; as many products give M [positions][O][tiles]; each output channel
/// is transformed back, with bias and activation.
/// Where there are fewer chunks than threads, the output channels are divided as well.
/// </para>
/// <para>
/// An element passes through the same operations wherever its tile lies in a chunk: results depend on neither batch, threads nor vectors.
/// Windows that hold the same values give the same bits, and windows of zeros exactly the bias: <see cref="EqualWindows"/> sees to those
/// that the tile does not treat alike by itself.
/// </para>
/// </remarks>
internal static unsafe class WinogradConvolution<TTile>
    where TTile : struct, IWinogradTile
{
    private const int ChunkGroups = 4;
    private const int Slack = 16;

    private static int ChunkColumns => ChunkGroups * IWinogradTile.Group * TTile.Outputs;

    /// <summary>Computes [N, O, H', W'].</summary>
    /// <param name="cores">What to compute with.</param>
    /// <param name="filters">The transformed filters.</param>
    /// <param name="input">[N, C, H, W].</param>
    /// <param name="padding">Zero rows and columns on each side.</param>
    /// <param name="bias">Start value of each output channel; null for 0.</param>
    /// <param name="activation">Applied to the finished sums.</param>
    /// <param name="output">[N, O, H', W'].</param>
    public static void Run(
        Cores cores, WinogradFilters<TTile> filters, HostTensor input, (int Y, int X) padding, HostTensor? bias, Activation activation,
        HostTensor output)
    {
        var tiles = new Tiles(output.Shape, input.Shape, padding);
        int groups = (tiles.Count + IWinogradTile.Group - 1) / IWinogradTile.Group;
        int chunks = (groups + ChunkGroups - 1) / ChunkGroups;
        int splits = 1;
        if (chunks < cores.Threads)
        {
            splits = Math.Min((cores.Threads + chunks - 1) / chunks, filters.Panels);
        }
        else
        {
            chunks = Math.Min((chunks + cores.Threads - 1) / cores.Threads * cores.Threads, groups);
        }

        float lower = activation == Activation.None ? float.NegativeInfinity : 0;
        float upper = activation == Activation.Relu6 ? 6 : float.PositiveInfinity;
        using var hashes = new PixelHashes(input.Shape);

        // With padding the windows of a tile's outputs have the pixels in their middle that lie where the outputs do, and every pixel lies
        // in the middle of one.
        bool hasMiddles = padding is { Y: 1 or 2, X: 1 or 2 };
        cores.ForEach(chunks * splits, task =>
        {
            (int chunk, int split) = Math.DivRem(task, splits);
            int firstGroup = (int)((long)groups * chunk / chunks), count = (int)((long)groups * (chunk + 1) / chunks) - firstGroup;
            int firstPanel = filters.Panels * split / splits, panels = (filters.Panels * (split + 1) / splits) - firstPanel;
            var part = new Part(tiles, firstGroup * IWinogradTile.Group, count, filters.Depth, panels);
            fixed (float* start = cores.Memory.Floats(MemoryUse.Winograd, part.Length), x = input.Array, u = filters.Values,
                y = output.Array)
            fixed (uint* all = hashes.Values)
            {
                uint* h = hasMiddles && split == 0 ? all : null;
                float* aligned = (float*)(((nint)start + 63) & ~63);
                float* v = aligned + part.TileLength;
                float* m = v + (TTile.Positions * part.InputNext);
                switch (cores.Set.Bits)
                {
                    case 512:
                        TransformInput<Lanes512>(part, x, aligned, v, h);
                        break;
                    case 256:
                        TransformInput<Lanes256>(part, x, aligned, v, h);
                        break;
                    default:
                        TransformInput<Lanes128>(part, x, aligned, v, h);
                        break;
                }

                Multiply(cores.Set, part, filters, firstPanel, u, v, m);
                int firstRow = firstPanel * TileKernel.Rows, rows = Math.Min(panels * TileKernel.Rows, filters.Rows - firstRow);
                for (int row = 0; row < rows; row++)
                {
                    float add = bias is null ? 0 : bias.Values[firstRow + row];
                    float* products = m + (row * part.Columns);
                    switch (cores.Set.Bits)
                    {
                        case 512:
                            TransformOutput<Lanes512>(part, products, add, lower, upper, aligned, y, firstRow + row);
                            break;
                        case 256:
                            TransformOutput<Lanes256>(part, products, add, lower, upper, aligned, y, firstRow + row);
                            break;
                        default:
                            TransformOutput<Lanes128>(part, products, add, lower, upper, aligned, y, firstRow + row);
                            break;
                    }
                }
            }
        });
        if (!hasMiddles)
        {
            hashes.AddAll(cores, input);
        }

        EqualWindows.Share(cores, input, hashes, padding, TTile.KeepsWindowsApart, bias, lower, upper, output);
    }

    /// <summary>All tiles of each input channel: copied with their padding, then transformed downwards, then across. On the way the pixels
    /// in their middles are added to the hashes, unless these are null.</summary>
    private static void TransformInput<T>(in Part part, float* x, float* tile, float* v, uint* hashes)
        where T : struct, ILanes<T>
    {
        Tiles tiles = part.Tiles;
        int stride = ChunkColumns + Slack;
        float* left = tile, right = left + (TTile.Inputs * stride), rows = right + (TTile.Inputs * stride);
        for (int c = 0; c < part.Channels; c++)
        {
            for (int at = 0; at < part.Count;)
            {
                TileRow run = tiles.At(part.First + at, part.Count - at);
                float* plane = x + ((((nint)run.Image * part.Channels) + c) * tiles.Height * tiles.Width);
                int column = (run.Column * TTile.Outputs) - tiles.Padding.X;
                int columns = (run.Count * TTile.Outputs) + TTile.Inputs - TTile.Outputs;
                int skip = Math.Clamp(-column, 0, columns), inside = Math.Clamp(tiles.Width - column, skip, columns) - skip;
                for (int i = 0; i < TTile.Inputs; i++)
                {
                    var row = new Span<float>(rows + (i * part.RowStride), columns);
                    int y = (run.Row * TTile.Outputs) - tiles.Padding.Y + i;
                    if ((uint)y >= (uint)tiles.Height)
                    {
                        row.Clear();
                        continue;
                    }

                    row[..skip].Clear();
                    new ReadOnlySpan<float>(plane + ((nint)y * tiles.Width) + column + skip, inside).CopyTo(row[skip..]);
                    row[(skip + inside)..].Clear();
                }

                if (hashes != null)
                {
                    int top = run.Row * TTile.Outputs, height = Math.Min(TTile.Outputs, tiles.Height - top);
                    int first = run.Column * TTile.Outputs, width = Math.Clamp(tiles.Width - first, 0, run.Count * TTile.Outputs);
                    for (int i = 0; i < height; i++)
                    {
                        float* middle = rows + ((i + tiles.Padding.Y) * part.RowStride) + tiles.Padding.X;
                        uint* pixels = hashes + ((((nint)run.Image * tiles.Height) + top + i) * tiles.Width) + first;
                        PixelHashes.Add(middle, width, pixels, c == 0);
                    }
                }

                int from = at * TTile.Outputs;
                TTile.Down<T>(rows, part.RowStride, run.Count * TTile.Outputs, left + from, stride);
                TTile.Down<T>(rows + TTile.Outputs, part.RowStride, run.Count * TTile.Outputs, right + from, stride);
                at += run.Count;
            }

            for (int group = 0; group < part.Groups; group++)
            {
                float* destination = v + ((((nint)group * part.Channels) + c) * IWinogradTile.Group);
                int from = group * IWinogradTile.Group * TTile.Outputs;
                for (int i = 0; i < TTile.Inputs; i++)
                {
                    TTile.Across<T>(
                        left + (i * stride) + from, right + (i * stride) + from, destination + (i * TTile.Inputs * part.InputNext),
                        part.InputNext);
                }
            }
        }
    }

    /// <summary>For each position M = U V.</summary>
    private static void Multiply(
        InstructionSet set, in Part part, WinogradFilters<TTile> filters, int firstPanel, float* u, float* v, float* m)
    {
        float* zero = stackalloc float[TileKernel.Rows];
        new Span<float>(zero, TileKernel.Rows).Clear();
        for (int position = 0; position < TTile.Positions; position++, v += part.InputNext, m += part.OutputNext)
        {
            for (int k = 0; k < filters.Depth; k += WinogradFilters<TTile>.DepthBlock)
            {
                int depth = Math.Min(WinogradFilters<TTile>.DepthBlock, filters.Depth - k);
                var columns = new PackedColumns(v + (k * TileKernel.Columns), filters.Depth);
                for (int panel = 0; panel < part.Panels; panel++)
                {
                    TileKernel.Multiply(
                        set, depth, filters.Chain, u + filters.At(position, firstPanel + panel, k), columns, part.Columns,
                        m + ((nint)panel * TileKernel.Rows * part.Columns),
                        part.Columns, k == 0 ? zero : null);
                }
            }
        }
    }

    /// <summary>All tiles of one output channel.</summary>
    private static void TransformOutput<T>(
        in Part part, float* products, float bias, float lower, float upper, float* rows, float* y, int channel)
        where T : struct, ILanes<T>
    {
        Tiles tiles = part.Tiles;
        int stride = ChunkColumns + Slack;
        for (int group = 0; group < part.Groups; group++)
        {
            int from = group * IWinogradTile.Group;
            TTile.Output<T>(products + from, part.OutputNext, bias, lower, upper, rows + (from * TTile.Outputs), stride);
        }

        for (int at = 0; at < part.Count;)
        {
            TileRow run = tiles.At(part.First + at, part.Count - at);
            float* plane = y + ((((nint)run.Image * tiles.OutChannels) + channel) * tiles.OutHeight * tiles.OutWidth);
            int row = run.Row * TTile.Outputs, column = run.Column * TTile.Outputs;
            int count = Math.Min(TTile.Outputs, tiles.OutHeight - row);
            int columns = Math.Min(run.Count * TTile.Outputs, tiles.OutWidth - column);
            for (int i = 0; i < count; i++)
            {
                new ReadOnlySpan<float>(rows + (i * stride) + (at * TTile.Outputs), columns)
                    .CopyTo(new Span<float>(plane + ((nint)(row + i) * tiles.OutWidth) + column, columns));
            }

            at += run.Count;
        }
    }

    /// <summary>Neighbouring tiles in one row of tiles.</summary>
    private readonly record struct TileRow(int Image, int Row, int Column, int Count);

    /// <summary>How a batch's planes are cut into tiles, numbered image by image and row by row.</summary>
    private readonly struct Tiles(Shape output, Shape input, (int Y, int X) padding)
    {
        public readonly int Height = input[2];
        public readonly int Width = input[3];
        public readonly int OutChannels = output[1];
        public readonly int OutHeight = output[2];
        public readonly int OutWidth = output[3];
        public readonly (int Y, int X) Padding = padding;
        public readonly int Across = (output[3] + TTile.Outputs - 1) / TTile.Outputs;
        private readonly int down = (output[2] + TTile.Outputs - 1) / TTile.Outputs;
        private readonly int images = output[0];

        public int Count => images * down * Across;

        /// <summary>At most <paramref name="most"/> tiles from the given one to the end of its row.</summary>
        public TileRow At(int tile, int most)
        {
            (int row, int column) = Math.DivRem(tile, Across);
            (int image, int rowInImage) = Math.DivRem(row, down);
            return new TileRow(image, rowInImage, column, Math.Min(most, Across - column));
        }
    }

    /// <summary>What one task computes, and where in its scratch memory.</summary>
    private readonly struct Part(Tiles tiles, int first, int groups, int channels, int panels)
    {
        public readonly Tiles Tiles = tiles;
        public readonly int First = first;
        public readonly int Groups = groups;
        public readonly int Channels = channels;
        public readonly int Panels = panels;

        /// <summary>Tiles that there are; the last group may have fewer than sixteen.</summary>
        public readonly int Count = Math.Min(groups * IWinogradTile.Group, tiles.Count - first);

        public int Columns => Groups * IWinogradTile.Group;

        // A line more than a power of two: else all positions of an element fall into one set of the cache.
        public nint InputNext => (Columns * Channels) + Slack;

        public nint OutputNext => (Columns * Panels * TileKernel.Rows) + Slack;

        public int RowStride => (Math.Min(Tiles.Across, Columns) * TTile.Outputs) + TTile.Outputs + (2 * Slack);

        /// <summary>Room for tiles on their way: left and right parts, and padded rows.</summary>
        public int TileLength => ((2 * TTile.Inputs * (ChunkColumns + Slack)) + (TTile.Inputs * RowStride) + Slack) / Slack * Slack;

        public int Length => checked((int)(TileLength + (TTile.Positions * (InputNext + OutputNext)) + Slack));
    }
}
