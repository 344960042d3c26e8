using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SanityChecks.Compute.Cpu;

/// <summary>
/// The windows of one image as the right matrix of a product (im2col), made block by block and never whole:
/// row (c, u, v), in <see cref="WindowOrder"/>, column (i, j) is the value at channel c, row i * stride + u * dilation - padding,
/// column j * stride + v * dilation - padding, or 0 outside.
/// </summary>
/// <remarks>
/// For an input gradient the image is an output gradient whose elements stand <c>spread</c> apart with zeros between them
/// (a transposed convolution); spread is then the forward stride and the stride 1.
/// </remarks>
internal readonly unsafe struct WindowColumns(
    float* image, int channels, int height, int width, int kernelHeight, int kernelWidth, (int Y, int X) stride, (int Y, int X) padding,
    (int Y, int X) spread, (int Y, int X) dilation,
    int outHeight, int outWidth) : IColumnSource
{
    private const int RowsAtOnce = 8;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Pack(int firstDepth, int depth, int firstColumn, int columns, float* panels)
    {
        bool dense = stride == (1, 1) && spread == (1, 1);
        if (dense && height > 1 && kernelHeight * kernelWidth == 1 && padding == (0, 0))
        {
            // The rows of a plane are then one long row, and no panel has its end inside.
            new WindowColumns(image, channels, 1, height * width, 1, 1, stride, padding, spread, dilation, 1, height * width)
                .Pack(firstDepth, depth, firstColumn, columns, panels);
            return;
        }

        // Where the panels begin, worked out once for all rows: divisions are slower than the copies.
        int count = (columns + TileKernel.Columns - 1) / TileKernel.Columns;
        int* rows = stackalloc int[count], starts = stackalloc int[count];
        for (int panel = 0; panel < count; panel++)
        {
            (rows[panel], starts[panel]) = Math.DivRem(firstColumn + (panel * TileKernel.Columns), outWidth);
        }

        // Some rows at once: panel by panel each piece would be read from another page; row by row each would be written to one.
        var order = new WindowOrder(channels, kernelHeight * kernelWidth);
        float** planes = stackalloc float*[RowsAtOnce];
        int* down = stackalloc int[RowsAtOnce], across = stackalloc int[RowsAtOnce];
        for (int k = 0; k < depth; k += RowsAtOnce)
        {
            int together = Math.Min(RowsAtOnce, depth - k);
            for (int i = 0; i < together; i++)
            {
                (int channel, int tap) = order.At(firstDepth + k + i);
                (int u, int v) = Math.DivRem(tap, kernelWidth);
                planes[i] = image + ((nint)channel * height * width);
                down[i] = (u * dilation.Y) - padding.Y;
                across[i] = (v * dilation.X) - padding.X;
            }

            float* destination = panels + ((nint)k * TileKernel.Columns);
            for (int panel = 0; panel < count; panel++, destination += (nint)(depth - together) * TileKernel.Columns)
            {
                bool inRow = dense && starts[panel] + TileKernel.Columns <= outWidth;
                for (int i = 0; i < together; i++, destination += TileKernel.Columns)
                {
                    int x = starts[panel] + across[i], y = rows[panel] + down[i];
                    if (inRow && x >= 0 && x + TileKernel.Columns <= width && (uint)y < (uint)height)
                    {
                        float* source = planes[i] + ((nint)y * width) + x;
                        Vector256.Load(source).Store(destination);
                        Vector256.Load(source + 8).Store(destination + 8);
                    }
                    else
                    {
                        PackColumns(planes[i], down[i], across[i], rows[panel], starts[panel], destination);
                    }
                }
            }
        }
    }

    /// <summary>Sixteen columns of one row of B, from output position (row, start) on.</summary>
    private void PackColumns(float* plane, int down, int across, int row, int start, float* destination)
    {
        int done = 0;
        while (done < TileKernel.Columns && row < outHeight)
        {
            int run = Math.Min(TileKernel.Columns - done, outWidth - start);
            PackRun(plane, (row * stride.Y) + down, (start * stride.X) + across, run, destination + done);
            done += run;
            start = 0;
            row++;
        }

        for (; done < TileKernel.Columns; done++)
        {
            destination[done] = 0;
        }
    }

    /// <summary>Outputs of one row: the source row, the first source column and how many.</summary>
    private void PackRun(float* plane, int y, int x, int count, float* destination)
    {
        if (y % spread.Y != 0 || (uint)(y / spread.Y) >= (uint)height)
        {
            new Span<float>(destination, count).Clear();
            return;
        }

        float* source = plane + ((nint)(y / spread.Y) * width);
        if (spread.X == 1 && stride.X == 1)
        {
            int first = Math.Clamp(-x, 0, count), end = Math.Clamp(width - x, first, count), j = 0;
            for (; j < first; j++)
            {
                destination[j] = 0;
            }

            for (source += x; j < end; j++)
            {
                destination[j] = source[j];
            }

            for (; j < count; j++)
            {
                destination[j] = 0;
            }

            return;
        }

        if (spread.X == 1)
        {
            for (int j = 0; j < count; j++, x += stride.X)
            {
                destination[j] = (uint)x < (uint)width ? source[x] : 0;
            }

            return;
        }

        for (int j = 0; j < count; j++, x += stride.X)
        {
            destination[j] = x % spread.X == 0 && (uint)(x / spread.X) < (uint)width ? source[x / spread.X] : 0;
        }
    }
}
