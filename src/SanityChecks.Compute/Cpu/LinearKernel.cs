using System.Runtime.Intrinsics;

namespace SanityChecks.Compute.Cpu;

/// <summary>Fully connected layers on rows [N, F], reading the weight [O, F] once a batch and never repacking it.</summary>
/// <remarks>
/// <para>
/// A product is a dot product in sixteen lanes, lane l adding elements l, l + 16, ... in order; the lanes are then added in a fixed
/// tree and the tail one by one. Tiles of two weight rows by three images keep twelve such accumulators in registers and read a weight
/// from memory once for all images of the tile; a weight matrix is far larger than any cache, so its stream is the cost. The sum of an
/// element is the same in each tile shape, hence for each batch. Error against the reference: sqrt(F / 16) * 2^-24.
/// </para>
/// <para>
/// The input gradient is a product whose right matrix is the weight as it lies: in a strip of columns sixteen weight rows at a time, which
/// the processor fetches as sixteen streams, added to sums in L2.
/// </para>
/// </remarks>
internal static unsafe class LinearKernel
{
    private const int Lanes = 16;
    private const int Strip = 2048;
    private const int RowsAtOnce = 16;

    /// <summary>Outputs [first, first + count) of all rows; <paramref name="count"/> is 1 or 2.</summary>
    public static void Forward(float* input, int batch, int features, float* weight, int count, Span<float> sums)
    {
        int image = 0;
        for (; count == 2 && image + 3 <= batch; image += 3)
        {
            Tile2x3(input + ((nint)image * features), features, weight, sums.Slice(image * 2, 6));
        }

        for (; image < batch; image++)
        {
            for (int o = 0; o < count; o++)
            {
                sums[(image * count) + o] = Dot(input + ((nint)image * features), weight + ((nint)o * features), features);
            }
        }
    }

    /// <summary>Number of strips of columns that an input gradient is cut into.</summary>
    public static int Strips(int features) => (features + Strip - 1) / Strip;

    /// <summary>One strip of the input gradient of all rows.</summary>
    public static void InputGradient(
        Cores cores, float* outputGradient, int batch, int outputs, float* weight, int features, int strip, float* gradient)
    {
        int first = strip * Strip, width = Math.Min(Strip, features - first), tiled = width / TileKernel.Columns * TileKernel.Columns;
        int panels = (batch + TileKernel.Rows - 1) / TileKernel.Rows, rows = panels * TileKernel.Rows;
        float* zero = stackalloc float[TileKernel.Rows];
        new Span<float>(zero, TileKernel.Rows).Clear();
        fixed (float* sums = cores.Memory.Floats(MemoryUse.Linear, rows * (Strip + RowsAtOnce)))
        {
            float* left = sums + (rows * Strip);
            for (int o = 0; o < outputs; o += RowsAtOnce)
            {
                int depth = Math.Min(RowsAtOnce, outputs - o);
                for (int panel = 0; panel < panels; panel++)
                {
                    float* a = left + (panel * RowsAtOnce * TileKernel.Rows);
                    for (int i = 0; i < TileKernel.Rows; i++)
                    {
                        int n = (panel * TileKernel.Rows) + i;
                        for (int k = 0; k < depth; k++)
                        {
                            a[(k * TileKernel.Rows) + i] = n < batch ? outputGradient[((nint)n * outputs) + o + k] : 0;
                        }
                    }
                }

                var columns = new StridedColumns(weight + ((nint)o * features) + first, features);
                for (int column = 0; column < tiled; column += TileKernel.WidestTile)
                {
                    for (int panel = 0; panel < panels; panel++)
                    {
                        TileKernel.Multiply(
                            cores.Set, depth, TileKernel.BackwardChain, left + (panel * RowsAtOnce * TileKernel.Rows), columns.From(column),
                            Math.Min(TileKernel.WidestTile, tiled - column),
                            sums + (panel * TileKernel.Rows * Strip) + column, Strip, o == 0 ? zero : null);
                    }
                }
            }

            for (int n = 0; n < batch; n++)
            {
                float* row = gradient + ((nint)n * features) + first;
                new ReadOnlySpan<float>(sums + (n * Strip), tiled).CopyTo(new Span<float>(row, tiled));
                for (int column = tiled; column < width; column++)
                {
                    float sum = 0;
                    for (int o = 0; o < outputs; o++)
                    {
                        sum = MathF.FusedMultiplyAdd(
                            outputGradient[((nint)n * outputs) + o], weight[((nint)o * features) + first + column], sum);
                    }

                    row[column] = sum;
                }
            }
        }
    }

    /// <summary>One row o of the weight gradient: the sum over images of g[n, o] x[n].</summary>
    public static void WeightGradientRow(float* outputGradient, int batch, int outputs, int output, float* input, int features, float* row)
    {
        new Span<float>(row, features).Clear();
        for (int n = 0; n < batch; n++)
        {
            AddScaled(outputGradient[((nint)n * outputs) + output], input + ((nint)n * features), row, features);
        }
    }

    private static void AddScaled(float factor, float* source, float* sum, int count)
    {
        Vector256<float> scale = Vector256.Create(factor);
        int i = 0;
        for (; i + 8 <= count; i += 8)
        {
            Vector256.FusedMultiplyAdd(scale, Vector256.Load(source + i), Vector256.Load(sum + i)).Store(sum + i);
        }

        for (; i < count; i++)
        {
            sum[i] = MathF.FusedMultiplyAdd(factor, source[i], sum[i]);
        }
    }

    private static void Tile2x3(float* x, int features, float* w, Span<float> sums)
    {
        Vector256<float> a00 = default, a01 = default, a10 = default, a11 = default, a20 = default, a21 = default;
        Vector256<float> b00 = default, b01 = default, b10 = default, b11 = default, b20 = default, b21 = default;
        float* x0 = x, x1 = x + features, x2 = x1 + features, w0 = w, w1 = w + features;
        int k = 0;
        for (; k + Lanes <= features; k += Lanes)
        {
            Vector256<float> first = Vector256.Load(w0 + k), second = Vector256.Load(w1 + k);
            Vector256<float> value = Vector256.Load(x0 + k);
            a00 = Vector256.FusedMultiplyAdd(value, first, a00);
            b00 = Vector256.FusedMultiplyAdd(value, second, b00);
            value = Vector256.Load(x1 + k);
            a10 = Vector256.FusedMultiplyAdd(value, first, a10);
            b10 = Vector256.FusedMultiplyAdd(value, second, b10);
            value = Vector256.Load(x2 + k);
            a20 = Vector256.FusedMultiplyAdd(value, first, a20);
            b20 = Vector256.FusedMultiplyAdd(value, second, b20);
            first = Vector256.Load(w0 + k + 8);
            second = Vector256.Load(w1 + k + 8);
            value = Vector256.Load(x0 + k + 8);
            a01 = Vector256.FusedMultiplyAdd(value, first, a01);
            b01 = Vector256.FusedMultiplyAdd(value, second, b01);
            value = Vector256.Load(x1 + k + 8);
            a11 = Vector256.FusedMultiplyAdd(value, first, a11);
            b11 = Vector256.FusedMultiplyAdd(value, second, b11);
            value = Vector256.Load(x2 + k + 8);
            a21 = Vector256.FusedMultiplyAdd(value, first, a21);
            b21 = Vector256.FusedMultiplyAdd(value, second, b21);
        }

        sums[0] = Finish(a00, a01, x0, w0, k, features);
        sums[1] = Finish(b00, b01, x0, w1, k, features);
        sums[2] = Finish(a10, a11, x1, w0, k, features);
        sums[3] = Finish(b10, b11, x1, w1, k, features);
        sums[4] = Finish(a20, a21, x2, w0, k, features);
        sums[5] = Finish(b20, b21, x2, w1, k, features);
    }

    private static float Dot(float* x, float* w, int features)
    {
        Vector256<float> low = default, high = default;
        int k = 0;
        for (; k + Lanes <= features; k += Lanes)
        {
            low = Vector256.FusedMultiplyAdd(Vector256.Load(x + k), Vector256.Load(w + k), low);
            high = Vector256.FusedMultiplyAdd(Vector256.Load(x + k + 8), Vector256.Load(w + k + 8), high);
        }

        return Finish(low, high, x, w, k, features);
    }

    private static float Finish(Vector256<float> low, Vector256<float> high, float* x, float* w, int done, int features)
    {
        Vector256<float> eight = low + high;
        Vector128<float> four = eight.GetLower() + eight.GetUpper();
        float sum = (four[0] + four[2]) + (four[1] + four[3]);
        for (int k = done; k < features; k++)
        {
            sum = MathF.FusedMultiplyAdd(x[k], w[k], sum);
        }

        return sum;
    }
}
