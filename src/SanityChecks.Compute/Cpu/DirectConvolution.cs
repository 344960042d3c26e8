namespace SanityChecks.Compute.Cpu;

/// <summary>Convolutions of stride 1 as products of filters with windows that are read where they lie (<see cref="TileKernel"/>).</summary>
/// <remarks>
/// A thread takes a strip of an image's rows, copies it with its padding (<see cref="PaddedRows"/>), and computes all outputs of the strip
/// into rows of the same stride: input and output strip, up to 96 KiB each, stay in L2. The one output in a row's gap is computed and
/// dropped. Blocks of depth and the order within them are those of <see cref="Gemm"/>, and so is every bit of the result.
/// </remarks>
internal static unsafe class DirectConvolution
{
    private const int StripValues = 24 * 1024;
    private const int Slack = 2 * TileKernel.Columns;

    /// <summary>Whether windows can be shifts.</summary>
    public static bool Serves((int Y, int X) stride, (int Y, int X) padding, int kernelHeight, int kernelWidth) =>
        stride == (1, 1) && padding.Y >= 0 && padding.X >= 0 && padding.Y < kernelHeight && padding.X < kernelWidth;

    /// <summary>Computes [N, O, H', W'].</summary>
    /// <param name="cores">What to compute with.</param>
    /// <param name="filters">For each group the filters, in <see cref="WindowOrder"/>.</param>
    /// <param name="input">[N, C, H, W].</param>
    /// <param name="window">Rows and columns of the window.</param>
    /// <param name="padding">Zero rows and columns on each side.</param>
    /// <param name="bias">Start value of each output channel; null for 0.</param>
    /// <param name="activation">Applied to the finished sums.</param>
    /// <param name="output">[N, O, H', W'].</param>
    public static void Run(
        Cores cores, PackedRows[] filters, HostTensor input, (int Height, int Width) window, (int Y, int X) padding, HostTensor? bias,
        Activation activation, HostTensor output)
    {
        int groups = filters.Length, channels = input.Shape[1] / groups, outputs = output.Shape[1] / groups;
        int height = input.Shape[2], width = input.Shape[3], outHeight = output.Shape[2], outWidth = output.Shape[3];
        var padded = new PaddedRows(width, padding.X);
        int most = Math.Clamp(StripValues / (Math.Max(channels, outputs) * padded.Stride), 1, outHeight);
        int strips = (outHeight + most - 1) / most;
        int largest = (outHeight + strips - 1) / strips, inRows = largest + window.Height - 1;
        var order = new WindowOrder(channels, window.Height * window.Width);
        int[] offsets = Offsets(order, filters[0].Depth, window.Width, inRows * padded.Stride, padded.Stride);
        int inputLength = (channels * inRows * padded.Stride) + Slack + window.Width;
        int outStride = ((largest * padded.Stride) + TileKernel.Columns - 1) / TileKernel.Columns * TileKernel.Columns;
        cores.ForEach(input.Shape[0] * groups * strips, task =>
        {
            (int part, int strip) = Math.DivRem(task, strips);
            int first = (int)((long)outHeight * strip / strips), rows = (int)((long)outHeight * (strip + 1) / strips) - first;
            PackedRows a = filters[part % groups];
            int length = inputLength + (a.Panels * TileKernel.Rows * outStride);
            fixed (float* x = input.Array, y = output.Array, own = cores.Memory.Floats(MemoryUse.DirectConvolution, length))
            fixed (int* shifts = offsets)
            {
                float* sums = own + inputLength;
                for (int c = 0; c < channels; c++)
                {
                    padded.Fill(
                        x + (((nint)part * channels) + c) * height * width, height, first - padding.Y, inRows,
                        own + ((nint)c * inRows * padded.Stride));
                }

                new Span<float>(own + inputLength - Slack - window.Width, Slack + window.Width).Clear();
                Multiply(
                    cores.Set, a, own, shifts, order.Block,
                        (((rows - 1) * padded.Stride) + outWidth + TileKernel.Columns - 1) / TileKernel.Columns * TileKernel.Columns, sums,
                    outStride, bias is null
                        ? default
                        : bias.Values.Slice(part % groups * outputs, outputs));
                for (int o = 0; o < outputs; o++)
                {
                    for (int i = 0; i < rows; i++)
                    {
                        ElementwiseKernel.Activate(
                            new ReadOnlySpan<float>(sums + ((nint)o * outStride) + (i * padded.Stride), outWidth), activation,
                            new Span<float>(y + (((((nint)part * outputs) + o) * outHeight) + first + i) * outWidth, outWidth));
                    }
                }
            }
        });
    }

    private static void Multiply(
        InstructionSet set, PackedRows a, float* x, int* offsets, int depthBlock, int columns, float* sums, int stride,
        ReadOnlySpan<float> bias)
    {
        float* start = stackalloc float[TileKernel.Rows];
        fixed (float* rows = a.Values)
        {
            for (int k = 0; k < a.Depth; k += depthBlock)
            {
                int depth = Math.Min(depthBlock, a.Depth - k);
                for (int panel = 0; panel < a.Panels; panel++)
                {
                    int row = panel * TileKernel.Rows;
                    for (int i = 0; i < TileKernel.Rows; i++)
                    {
                        start[i] = bias.IsEmpty || row + i >= a.Rows ? 0 : bias[row + i];
                    }

                    float* filter = rows + (((nint)panel * a.Depth) + k) * TileKernel.Rows;
                    TileKernel.Multiply(
                        set, depth, a.Chain, filter, new ShiftedColumns(x, offsets + k), columns, sums + ((nint)row * stride), stride,
                            k == 0
                            ? start
                            : null);
                }
            }
        }
    }

    private static int[] Offsets(WindowOrder order, int depth, int windowWidth, int channelStride, int rowStride)
    {
        int[] offsets = new int[depth];
        for (int k = 0; k < depth; k++)
        {
            (int channel, int tap) = order.At(k);
            offsets[k] = (channel * channelStride) + (tap / windowWidth * rowStride) + (tap % windowWidth);
        }

        return offsets;
    }
}
