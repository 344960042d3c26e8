using System.Runtime.Intrinsics;

namespace SanityChecks.Compute.Cpu;

/// <summary>
/// The windows of one image as the right matrix of a product (im2col), made block by block and never whole:
/// row (c, u, v), in <see cref="WindowOrder"/>, column (i, j) is the value at channel c, row i * stride + u - padding, column j * stride + v - padding, or 0 outside.
/// </summary>
/// <remarks>
/// For an input gradient the image is an output gradient whose elements stand <c>spread</c> apart with zeros between them
/// (a transposed convolution); spread is then the forward stride and the stride 1.
/// </remarks>
internal readonly unsafe struct WindowColumns(
    float* image, int channels, int height, int width, int kernelHeight, int kernelWidth, (int Y, int X) stride, (int Y, int X) padding, (int Y, int X) spread,
    int outHeight, int outWidth) : IColumnSource
{
    public void Pack(int firstDepth, int depth, int firstColumn, int columns, float* panels)
    {
        // Where each row of the block reads from, worked out once for all of its panels: divisions are slower than the copies.
        var order = new WindowOrder(channels, kernelHeight * kernelWidth);
        int* downs = stackalloc int[depth], acrosses = stackalloc int[depth];
        float** planes = stackalloc float*[depth];
        for (int k = 0; k < depth; k++)
        {
            (int channel, int tap) = order.At(firstDepth + k);
            (int u, int v) = Math.DivRem(tap, kernelWidth);
            planes[k] = image + ((nint)channel * height * width);
            (downs[k], acrosses[k]) = (u - padding.Y, v - padding.X);
        }

        bool dense = stride == (1, 1) && spread == (1, 1);
        for (int column = firstColumn; column < firstColumn + columns; column += TileKernel.Columns)
        {
            (int row, int start) = Math.DivRem(column, outWidth);
            bool oneRow = dense && start + TileKernel.Columns <= outWidth;
            for (int k = 0; k < depth; k++, panels += TileKernel.Columns)
            {
                int x = start + acrosses[k], y = row + downs[k];
                if (oneRow && x >= 0 && x + TileKernel.Columns <= width && (uint)y < (uint)height)
                {
                    float* source = planes[k] + ((nint)y * width) + x;
                    Vector256.Load(source).Store(panels);
                    Vector256.Load(source + 8).Store(panels + 8);
                }
                else
                {
                    PackColumns(planes[k], downs[k], acrosses[k], row, start, panels);
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
