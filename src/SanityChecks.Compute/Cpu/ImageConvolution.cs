using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SanityChecks.Compute.Cpu;

/// <summary>Convolutions of few channels, a network's first: sums in double precision, rounded once.</summary>
/// <remarks>
/// <para>
/// The values of a picture are few, so sums of the first layer lie nearer to each other than anywhere later, often exactly equal but for
/// rounding; and most pooling windows follow it. On photographs more gradients go astray by its rounding errors than by those of all other
/// layers. Twice the precision gives what <see cref="Reference"/> gives.
/// </para>
/// <para>
/// A thread takes a row of outputs, writes the windows of up to 64 positions as columns of doubles (14 KiB for 3 x 3 x 3, in L1), and
/// multiplies four filters by eight columns at a time: eight sums, two vectors of columns and a broadcast take eleven registers. Each sum
/// starts from the bias and adds products in the order of channel, row and column: it depends on nothing but its window.
/// </para>
/// </remarks>
internal static unsafe class ImageConvolution
{
    private const int MostChannels = 4;
    private const int Columns = 64;
    private const int Rows = 4;
    private const int Step = 8;

    /// <summary>Whether a convolution has so few channels.</summary>
    public static bool Serves(Shape weight, ConvolutionGeometry geometry) => geometry.Groups == 1 && weight[1] <= MostChannels;

    /// <summary>Computes [N, O, H', W'].</summary>
    /// <param name="cores">What to compute with.</param>
    /// <param name="input">[N, C, H, W].</param>
    /// <param name="weight">[O, C, KH, KW].</param>
    /// <param name="bias">Start value of each output channel; null for 0.</param>
    /// <param name="geometry">Stride and padding.</param>
    /// <param name="activation">Applied to the finished sums.</param>
    /// <param name="output">[N, O, H', W'].</param>
    public static void Run(
        Cores cores, HostTensor input, HostTensor weight, HostTensor? bias, ConvolutionGeometry geometry, Activation activation,
        HostTensor output)
    {
        int outputs = weight.Shape[0], depth = weight.Shape[1] * weight.Shape[2] * weight.Shape[3], panels = (outputs + Rows - 1) / Rows;
        int outHeight = output.Shape[2], outWidth = output.Shape[3];
        double[] filters = Filters(weight, bias, outputs, depth, panels);
        cores.ForEach(input.Shape[0] * outHeight, task =>
        {
            (int image, int row) = Math.DivRem(task, outHeight);
            int packed = depth * Columns;
            fixed (float* x = input.Array, y = output.Array)
            fixed (double* windows = cores.Memory.Doubles(packed + (Rows * Columns) + (Columns / 2)), left = filters)
            {
                double* sums = windows + packed;

                // Rounded and activated in L1, so that the output, whose channels lie far apart, is written once and not read.
                var rounded = new Span<float>(sums + (Rows * Columns), Columns);
                for (int first = 0; first < outWidth; first += Columns)
                {
                    int count = Math.Min(Columns, outWidth - first);
                    Pack(x, input.Shape, image, weight.Shape, geometry, row, first, count, windows);
                    for (int panel = 0; panel < panels; panel++)
                    {
                        double* filter = left + ((nint)panel * (depth + 1) * Rows);
                        for (int column = 0; column < count; column += Step)
                        {
                            Tile(filter, depth, windows + column, sums + column);
                        }

                        for (int i = 0; i < Math.Min(Rows, outputs - (panel * Rows)); i++)
                        {
                            int channel = (panel * Rows) + i;
                            var to = new Span<float>(
                                y + ((((((nint)image * outputs) + channel) * outHeight) + row) * outWidth) + first, count);
                            Narrow(sums + (i * Columns), rounded[..count]);
                            ElementwiseKernel.Activate(rounded[..count], activation, to);
                        }
                    }
                }
            }
        });
    }

    /// <summary>[O / 4][1 + depth][4]: the bias, then the filter; missing rows zero.</summary>
    private static double[] Filters(HostTensor weight, HostTensor? bias, int outputs, int depth, int panels)
    {
        double[] filters = new double[panels * (depth + 1) * Rows];
        for (int o = 0; o < outputs; o++)
        {
            int at = (o / Rows * (depth + 1) * Rows) + (o % Rows);
            filters[at] = bias is null ? 0 : bias.Array[o];
            for (int k = 0; k < depth; k++)
            {
                filters[at + ((k + 1) * Rows)] = weight.Array[(o * depth) + k];
            }
        }

        return filters;
    }

    /// <summary>Windows as columns, [depth][64], of some positions of an output row; columns up to the next eight are zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pack(
        float* input, Shape shape, int image, Shape weight, ConvolutionGeometry geometry, int row, int first, int count, double* windows)
    {
        int height = shape[2], width = shape[3], whole = (count + Step - 1) / Step * Step;
        for (int c = 0; c < weight[1]; c++)
        {
            for (int u = 0; u < weight[2]; u++)
            {
                int y = (row * geometry.StrideY) + u - geometry.PaddingY;
                float* line = input + ((((((nint)image * shape[1]) + c) * height) + y) * width);
                for (int v = 0; v < weight[3]; v++, windows += Columns)
                {
                    int x = (first * geometry.StrideX) + v - geometry.PaddingX;
                    if ((uint)y >= (uint)height)
                    {
                        new Span<double>(windows, whole).Clear();
                        continue;
                    }

                    // The columns whose value lies in the line: from the first that is not left of it to the last that is not right of it.
                    int begin = Math.Clamp((geometry.StrideX - 1 - x) / geometry.StrideX, 0, count);
                    int end = Math.Clamp((width - x + geometry.StrideX - 1) / geometry.StrideX, begin, count);
                    new Span<double>(windows, begin).Clear();
                    Widen(line + x + (begin * geometry.StrideX), geometry.StrideX, windows + begin, end - begin);
                    new Span<double>(windows + end, whole - end).Clear();
                }
            }
        }
    }

    /// <summary>Every so many floats as doubles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Widen(float* source, int stride, double* destination, int count)
    {
        int i = 0;
        for (; stride == 1 && i + 8 <= count; i += 8)
        {
            (Vector256<double> low, Vector256<double> high) = Vector256.Widen(Vector256.Load(source + i));
            low.Store(destination + i);
            high.Store(destination + i + 4);
        }

        for (; i < count; i++)
        {
            destination[i] = source[i * stride];
        }
    }

    /// <summary>Four filters times eight columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile(double* filter, int depth, double* windows, double* sums)
    {
        Vector256<double> a0 = Vector256.Create(filter[0]), a1 = a0, b0 = Vector256.Create(filter[1]), b1 = b0;
        Vector256<double> c0 = Vector256.Create(filter[2]), c1 = c0, d0 = Vector256.Create(filter[3]), d1 = d0;
        filter += Rows;
        for (int k = 0; k < depth; k++, filter += Rows, windows += Columns)
        {
            Vector256<double> left = Vector256.Load(windows), right = Vector256.Load(windows + 4);
            Vector256<double> factor = Vector256.Create(filter[0]);
            a0 = Vector256.FusedMultiplyAdd(factor, left, a0);
            a1 = Vector256.FusedMultiplyAdd(factor, right, a1);
            factor = Vector256.Create(filter[1]);
            b0 = Vector256.FusedMultiplyAdd(factor, left, b0);
            b1 = Vector256.FusedMultiplyAdd(factor, right, b1);
            factor = Vector256.Create(filter[2]);
            c0 = Vector256.FusedMultiplyAdd(factor, left, c0);
            c1 = Vector256.FusedMultiplyAdd(factor, right, c1);
            factor = Vector256.Create(filter[3]);
            d0 = Vector256.FusedMultiplyAdd(factor, left, d0);
            d1 = Vector256.FusedMultiplyAdd(factor, right, d1);
        }

        a0.Store(sums);
        a1.Store(sums + 4);
        b0.Store(sums + Columns);
        b1.Store(sums + Columns + 4);
        c0.Store(sums + (2 * Columns));
        c1.Store(sums + (2 * Columns) + 4);
        d0.Store(sums + (3 * Columns));
        d1.Store(sums + (3 * Columns) + 4);
    }

    private static void Narrow(double* source, Span<float> destination)
    {
        int i = 0;
        for (; i + 8 <= destination.Length; i += 8)
        {
            Vector256.Narrow(Vector256.Load(source + i), Vector256.Load(source + i + 4)).CopyTo(destination[i..]);
        }

        for (; i < destination.Length; i++)
        {
            destination[i] = (float)source[i];
        }
    }
}
