using System.Buffers;

namespace SanityChecks.Compute.Cpu;

/// <summary>Weight gradients of convolutions of stride 1: each is the output gradient times a shift of the input, summed over
/// positions.</summary>
/// <remarks>
/// Positions are taken in strips of about a thousand: some rows of one image, or several small images. In a strip, input channels are
/// copied with their padding (<see cref="PaddedRows"/>; 48 at a time, in L2), output gradients at the same stride with zeros in the gaps,
/// and
/// <see cref="WeightGradientKernel"/> sums over the whole strip at once. The strips are divided into eight parts, each summed by itself in
/// order, then the parts are added in order: how many there are depends on the shapes alone, so the bits do not depend on the number of
/// threads.
/// </remarks>
internal static unsafe class DirectWeightGradient
{
    private const int StripPositions = 1024;

    // For less, adding up the lanes at a strip's end takes too large a part of the time, and a product with packed windows is faster.
    private const int FewestPositions = 256;
    private const int ChannelsAtOnce = 48;
    private const int Slack = 16;
    private const int Parts = 8;

    // Above this many weights, parts cost more memory than threads are worth; output channels are divided as well.
    private const int ManyWeights = 1 << 20;
    private const int OutputsAtOnce = 64;

    /// <summary>Some rows of some images; several images only with all their rows.</summary>
    private readonly record struct Strip(int Image, int Images, int Row, int Rows);

    private readonly record struct Layout(
        int Groups, int Channels, int Outputs, int Height, int Width, int OutHeight, int OutWidth, int WindowHeight, int WindowWidth,
        (int Y, int X) Padding)
    {
        public PaddedRows Padded => new(Width, Padding.X);

        public int Columns => Channels * WindowHeight * WindowWidth;

        /// <summary>Rows from one image to the next; the next one's padding above is this one's below.</summary>
        public int ImageRows => Height + Padding.Y;

        public int InputRows(Strip strip) => ((strip.Images - 1) * ImageRows) + strip.Rows + WindowHeight - 1;

        public int Positions(Strip strip) => (((((strip.Images - 1) * ImageRows) + strip.Rows) * Padded.Stride) + 7) / 8 * 8;
    }

    /// <summary>Whether this is the faster way; which one it is depends on the shapes alone.</summary>
    public static bool Serves(HostTensor input, Shape weightShape, ConvolutionGeometry geometry)
    {
        (int Y, int X) padding = (geometry.PaddingY, geometry.PaddingX);
        return DirectConvolution.Serves((geometry.StrideY, geometry.StrideX), padding, weightShape[2], weightShape[3])
            && (long)input.Shape[0] * (input.Shape[2] + padding.Y) * (input.Shape[3] + padding.X) >= FewestPositions;
    }

    /// <summary>Computes the gradient [O, C / groups, KH, KW].</summary>
    public static void Run(Cores cores, HostTensor outputGradient, HostTensor input, ConvolutionGeometry geometry, HostTensor gradient)
    {
        Shape w = gradient.Shape;
        var layout = new Layout(
            geometry.Groups, w[1], w[0] / geometry.Groups, input.Shape[2], input.Shape[3], outputGradient.Shape[2], outputGradient.Shape[3],
            w[2], w[3],
            (geometry.PaddingY, geometry.PaddingX));
        Strip[] strips = Strips(layout, input.Shape[0]);
        int length = (int)w.Count, parts = Math.Min(strips.Length, length > ManyWeights ? 2 : Parts);
        int chunks = (layout.Outputs + OutputsAtOnce - 1) / OutputsAtOnce;
        int channelLength = strips.Max(layout.InputRows) * layout.Padded.Stride;
        int[] shifts =
            [.. Enumerable.Range(0, Math.Min(ChannelsAtOnce, layout.Channels) * layout.WindowHeight * layout.WindowWidth).Select(column =>
        {
            (int channel, int tap) = Math.DivRem(column, layout.WindowHeight * layout.WindowWidth);
            return (channel * channelLength) + (tap / layout.WindowWidth * layout.Padded.Stride) + (tap % layout.WindowWidth);
        })];
        float[] sums = ArrayPool<float>.Shared.Rent(parts * length);
        cores.ForEach(parts * layout.Groups * chunks, task =>
        {
            (int part, int rest) = Math.DivRem(task, layout.Groups * chunks);
            (int group, int chunk) = Math.DivRem(rest, chunks);
            int firstOutput = chunk * OutputsAtOnce, outputs = Math.Min(OutputsAtOnce, layout.Outputs - firstOutput);
            int start = (part * length) + (((group * layout.Outputs) + firstOutput) * layout.Columns);
            sums.AsSpan(start, outputs * layout.Columns).Clear();
            fixed (float* g = outputGradient.Array, x = input.Array, own = sums)
            {
                for (int s = strips.Length * part / parts; s < strips.Length * (part + 1) / parts; s++)
                {
                    Add(cores, layout, strips[s], g, x, group, firstOutput, outputs, channelLength, shifts, own + start);
                }
            }
        });
        const int Chunk = 1 << 14;
        cores.ForEach((length + Chunk - 1) / Chunk, chunk =>
        {
            int first = chunk * Chunk, count = Math.Min(Chunk, length - first);
            Span<float> result = gradient.Array.AsSpan(first, count);
            sums.AsSpan(first, count).CopyTo(result);
            for (int part = 1; part < parts; part++)
            {
                ReadOnlySpan<float> more = sums.AsSpan((part * length) + first, count);
                for (int i = 0; i < result.Length; i++)
                {
                    result[i] += more[i];
                }
            }
        });
        ArrayPool<float>.Shared.Return(sums);
    }

    private static Strip[] Strips(Layout layout, int images)
    {
        int plane = layout.ImageRows * layout.Padded.Stride, together = Math.Min(images, StripPositions / plane);
        if (together >= 2)
        {
            return [.. Enumerable.Range(0, (images + together - 1) / together).Select(i =>
                new Strip(i * together, Math.Min(together, images - (i * together)), 0, layout.OutHeight))];
        }

        int most = Math.Clamp(StripPositions / layout.Padded.Stride, 1, layout.OutHeight), count = (layout.OutHeight + most - 1) / most;
        return [.. Enumerable.Range(0, images * count).Select(i =>
        {
            int first = layout.OutHeight * (i % count) / count;
            return new Strip(i / count, 1, first, (layout.OutHeight * ((i % count) + 1) / count) - first);
        })];
    }

    /// <summary>Adds one strip's share of the gradients of some output channels of a group.</summary>
    private static void Add(
        Cores cores, Layout layout, Strip strip, float* g, float* x, int group, int firstOutput, int outputs, int channelLength,
        int[] shifts, float* sums)
    {
        (int outputsAtOnce, int shiftsAtOnce) = WeightGradientKernel.Tile(cores.Set);
        int positions = layout.Positions(strip);
        int inputLength = (Math.Min(ChannelsAtOnce, layout.Channels) * channelLength) + Slack + layout.WindowWidth;
        int length = inputLength + (2 * outputsAtOnce * positions);
        int window = layout.WindowHeight * layout.WindowWidth;
        float* tile = stackalloc float[WeightGradientKernel.MostSums];
        float** shifted = stackalloc float*[shiftsAtOnce];
        fixed (float* own = cores.Memory.Floats(MemoryUse.DirectWeightGradient, length))
        {
            float* rows = own + inputLength, arranged = rows + ((nint)outputsAtOnce * positions);
            for (int firstChannel = 0; firstChannel < layout.Channels; firstChannel += ChannelsAtOnce)
            {
                int channels = Math.Min(ChannelsAtOnce, layout.Channels - firstChannel), columns = channels * window;
                for (int c = 0; c < channels; c++)
                {
                    FillInput(layout, strip, x, (group * layout.Channels) + firstChannel + c, own + ((nint)c * channelLength));

                    // The last row's right padding lies behind it; in a strip of fewer rows than others that is not the next channel.
                    int filled = layout.InputRows(strip) * layout.Padded.Stride;
                    new Span<float>(own + ((nint)c * channelLength) + filled, channelLength - filled).Clear();
                }

                new Span<float>(own + ((nint)channels * channelLength), Slack + layout.WindowWidth).Clear();
                for (int output = 0; output < outputs; output += outputsAtOnce)
                {
                    int count = Math.Min(outputsAtOnce, outputs - output);
                    new Span<float>(rows, outputsAtOnce * positions).Clear();
                    FillGradient(layout, strip, g, (group * layout.Outputs) + firstOutput + output, count, positions, rows);
                    WeightGradientKernel.Arrange(cores.Set, positions, rows, arranged);
                    for (int column = 0; column < columns; column += shiftsAtOnce)
                    {
                        // Behind the last column stands the last one again, and its sums are dropped.
                        int filled = Math.Min(columns - column, shiftsAtOnce);
                        for (int j = 0; j < shiftsAtOnce; j++)
                        {
                            shifted[j] = own + shifts[column + Math.Min(j, filled - 1)];
                        }

                        WeightGradientKernel.Sum(cores.Set, positions, arranged, shifted, tile);
                        float* target = sums + ((nint)output * layout.Columns) + (firstChannel * window) + column;
                        for (int i = 0; i < count; i++, target += layout.Columns)
                        {
                            for (int j = 0; j < filled; j++)
                            {
                                target[j] += tile[(i * shiftsAtOnce) + j];
                            }
                        }
                    }
                }
            }
        }
    }

    private static void FillInput(in Layout layout, Strip strip, float* x, int channel, float* destination)
    {
        for (int n = 0; n < strip.Images; n++)
        {
            int count = n + 1 < strip.Images ? layout.ImageRows : strip.Rows + layout.WindowHeight - 1;
            float* plane = x + (((nint)(strip.Image + n) * layout.Channels * layout.Groups) + channel) * layout.Height * layout.Width;
            layout.Padded.Fill(
                plane, layout.Height, strip.Row - layout.Padding.Y, count,
                destination + ((nint)n * layout.ImageRows * layout.Padded.Stride));
        }
    }

    private static void FillGradient(in Layout layout, Strip strip, float* g, int output, int count, int positions, float* destination)
    {
        int stride = layout.Padded.Stride;
        for (int o = 0; o < count; o++)
        {
            for (int n = 0; n < strip.Images; n++)
            {
                float* plane =
                    g + (((nint)(strip.Image + n) * layout.Outputs * layout.Groups) + output + o) * layout.OutHeight * layout.OutWidth;
                for (int i = 0; i < strip.Rows; i++)
                {
                    new ReadOnlySpan<float>(plane + ((nint)(strip.Row + i) * layout.OutWidth), layout.OutWidth)
                        .CopyTo(
                            new Span<float>(
                                destination + ((nint)o * positions) + (((n * layout.ImageRows) + i) * stride), layout.OutWidth));
                }
            }
        }
    }
}
