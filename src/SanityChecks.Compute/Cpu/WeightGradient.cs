using System.Runtime.Intrinsics;

namespace SanityChecks.Compute.Cpu;

/// <summary>The gradient of a convolution's weight: for each image the output gradient [O, P] times the transposed windows [P, (u, v, c)],
/// summed over images.</summary>
/// <remarks>
/// <para>
/// With the image's channels innermost and its border filled with zeros, what the weights of one kernel row (u) met at a position lies in
/// one piece: KW * C values. So a panel of sixteen columns is a plain copy for every position, and the transposition is paid once an image
/// instead of once a kernel position.
/// A row's piece is filled up to whole panels; the columns that this adds hold neighbouring values and are not read.
/// </para>
/// <para>
/// Images are computed apart from each other, one thread each, and added in their order: an element's sum depends on neither the threads
/// nor how many images go at once. That number is bounded by the memory for their parts.
/// </para>
/// </remarks>
internal static unsafe class WeightGradient
{
    private const int Depth = 256;
    private const int PartialElements = 1 << 24;

    /// <summary>Writes the gradient.</summary>
    /// <param name="cores">What to compute with.</param>
    /// <param name="outputGradient">[N, O, H', W'].</param>
    /// <param name="input">[N, C, H, W].</param>
    /// <param name="geometry">Stride, padding, groups.</param>
    /// <param name="gradient">[O, C / groups, KH, KW].</param>
    public static void Compute(Cores cores, HostTensor outputGradient, HostTensor input, ConvolutionGeometry geometry, HostTensor gradient)
    {
        var layout = new Layout(outputGradient.Shape, input.Shape, gradient.Shape, geometry);
        int images = input.Shape[0], groups = geometry.Groups, together = Math.Clamp(PartialElements / layout.PartialLength, 1, images);
        float[] partials = new float[together * layout.PartialLength];
        for (int group = 0; group < groups; group++)
        {
            for (int first = 0; first < images; first += together)
            {
                int count = Math.Min(together, images - first), start = first, of = group;
                cores.ForEach(count, i =>
                {
                    fixed (float* g = outputGradient.Array, x = input.Array, partial = partials)
                    {
                        int part = ((start + i) * groups) + of;
                        Image(cores, layout, g + ((nint)part * layout.Outputs * layout.Positions),
                            x + ((nint)part * layout.Channels * layout.Plane), partial + ((nint)i * layout.PartialLength));
                    }
                });
                cores.ForEach(
                    layout.Outputs, output =>
                        Add(layout, partials, count, output, accumulate: start > 0,
                            gradient.Array.AsSpan(((of * layout.Outputs) + output) * layout.Filter, layout.Filter)));
            }
        }
    }

    /// <summary>One image's part, [O, (u, v, c)] with both axes filled up.</summary>
    private static void Image(Cores cores, in Layout layout, float* outputGradient, float* image, float* partial)
    {
        int transposed = layout.TransposedLength;
        int rows = layout.RowPanels * TileKernel.Rows * Depth;
        int length = transposed + rows + (TileKernel.Columns * Depth);
        float* zero = stackalloc float[TileKernel.Rows];
        fixed (float* start = cores.Memory.Floats(MemoryUse.WeightGradient, length))
        {
            float* a = start + transposed, b = a + rows;
            Transpose(layout, image, start);
            for (int k = 0; k < layout.Positions; k += Depth)
            {
                int depth = Math.Min(Depth, layout.Positions - k);
                PackRows(layout, outputGradient, k, depth, a);
                for (int panel = 0; panel < layout.KernelHeight * layout.RunPanels; panel++)
                {
                    PackColumns(layout, start, k, depth, panel, b);
                    for (int row = 0; row < layout.RowPanels; row++)
                    {
                        TileKernel.Multiply(
                            cores.Set, depth, TileKernel.BackwardChain, a + ((nint)row * Depth * TileKernel.Rows),
                            new PackedColumns(b, Depth), TileKernel.Columns,
                            partial + ((nint)row * TileKernel.Rows * layout.PartialColumns) + (panel * TileKernel.Columns),
                                layout.PartialColumns, k == 0
                                ? zero
                                : null);
                    }
                }
            }
        }
    }

    /// <summary>The image as [H + 2 PY, W + 2 PX, C], zeros in the border, and zeros behind it for the last panel to read.</summary>
    private static void Transpose(in Layout layout, float* image, float* destination)
    {
        int channels = layout.Channels, width = layout.Width;
        new Span<float>(destination, layout.TransposedLength).Clear();
        for (int y = 0; y < layout.Height; y++)
        {
            float* row = destination + ((((nint)(y + layout.PaddingY) * layout.PaddedWidth) + layout.PaddingX) * channels);
            for (int c = 0; c < channels; c++)
            {
                float* source = image + ((nint)c * layout.Plane) + ((nint)y * width);
                for (int x = 0; x < width; x++)
                {
                    row[((nint)x * channels) + c] = source[x];
                }
            }
        }
    }

    /// <summary>Positions [first, first + depth) of the output gradient in panels of six outputs, missing outputs zero.</summary>
    private static void PackRows(in Layout layout, float* outputGradient, int first, int depth, float* panels)
    {
        for (int row = 0; row < layout.RowPanels * TileKernel.Rows; row++)
        {
            float* panel = panels + ((nint)(row / TileKernel.Rows) * Depth * TileKernel.Rows) + (row % TileKernel.Rows);
            float* source = outputGradient + ((nint)row * layout.Positions) + first;
            bool missing = row >= layout.Outputs;
            for (int k = 0; k < depth; k++)
            {
                panel[k * TileKernel.Rows] = missing ? 0 : source[k];
            }
        }
    }

    private static void PackColumns(in Layout layout, float* transposed, int first, int depth, int panel, float* destination)
    {
        (int u, int inRun) = Math.DivRem(panel, layout.RunPanels);
        (int i, int j) = Math.DivRem(first, layout.OutWidth);
        nint step = (nint)layout.StrideX * layout.Channels;
        for (int k = 0; k < depth;)
        {
            float* source =
                transposed + (((((nint)i * layout.StrideY) + u) * layout.PaddedWidth) + ((nint)j * layout.StrideX)) * layout.Channels
                    + (inRun * TileKernel.Columns);
            int end = Math.Min(depth, k + layout.OutWidth - j);
            for (; k < end; k++, source += step, destination += TileKernel.Columns)
            {
                Vector256.Load(source).Store(destination);
                Vector256.Load(source + 8).Store(destination + 8);
            }

            j = 0;
            i++;
        }
    }

    /// <summary>One output's filter [C, KH, KW]: the images' parts, added in their order.</summary>
    private static void Add(in Layout layout, float[] partials, int images, int output, bool accumulate, Span<float> filter)
    {
        int columns = layout.PartialColumns, at = output * columns;
        float[] sums = new float[columns];
        int window = layout.KernelHeight * layout.KernelWidth;
        int kernelWidth = layout.KernelWidth;
        int channels = layout.Channels;
        int run = layout.RunPanels * TileKernel.Columns;
        for (int i = 0; i < filter.Length && accumulate; i++)
        {
            sums[Column(i)] = filter[i];
        }

        for (int i = 0; i < images; i++, at += layout.PartialLength)
        {
            ReadOnlySpan<float> part = partials.AsSpan(at, columns);
            for (int j = 0; j < columns; j += TileKernel.Columns / 2)
            {
                (Vector256.Create((ReadOnlySpan<float>)sums.AsSpan(j)) + Vector256.Create(part[j..])).CopyTo(sums.AsSpan(j));
            }
        }

        for (int i = 0; i < filter.Length; i++)
        {
            filter[i] = sums[Column(i)];
        }

        // From (c, u, v) to (u, v, c) with filled-up rows.
        int Column(int i)
        {
            (int c, int tap) = Math.DivRem(i, window);
            (int u, int v) = Math.DivRem(tap, kernelWidth);
            return (u * run) + (v * channels) + c;
        }
    }

    /// <summary>The sizes of one group's matrices.</summary>
    private readonly struct Layout(Shape outputGradient, Shape input, Shape weight, ConvolutionGeometry geometry)
    {
        public readonly int Outputs = weight[0] / geometry.Groups;
        public readonly int Channels = weight[1];
        public readonly int KernelHeight = weight[2];
        public readonly int KernelWidth = weight[3];
        public readonly int Height = input[2];
        public readonly int Width = input[3];
        public readonly int PaddingY = geometry.PaddingY;
        public readonly int PaddingX = geometry.PaddingX;
        public readonly int StrideY = geometry.StrideY;
        public readonly int StrideX = geometry.StrideX;
        public readonly int OutWidth = outputGradient[3];
        public readonly int Positions = outputGradient[2] * outputGradient[3];

        public int Plane => Height * Width;

        public int PaddedWidth => Width + (2 * PaddingX);

        public int TransposedLength => ((Height + (2 * PaddingY)) * PaddedWidth * Channels) + TileKernel.Columns;

        /// <summary>Panels of one kernel row.</summary>
        public int RunPanels => ((KernelWidth * Channels) + TileKernel.Columns - 1) / TileKernel.Columns;

        public int RowPanels => (Outputs + TileKernel.Rows - 1) / TileKernel.Rows;

        public int PartialColumns => KernelHeight * RunPanels * TileKernel.Columns;

        public int PartialLength => RowPanels * TileKernel.Rows * PartialColumns;

        public int Filter => Channels * KernelHeight * KernelWidth;
    }
}
