namespace SanityChecks.Compute.Cpu;

/// <summary>
/// The transposed windows of one image, for a weight gradient: row (i, j) of the product's depth is an output position, column (c, u, v)
/// the input value that the weight [o, c, u, v] met there, or 0 outside.
/// </summary>
internal readonly unsafe struct PositionColumns(
    float* image, int height, int width, int kernelHeight, int kernelWidth, ConvolutionGeometry geometry, int outWidth) : IColumnSource
{
    public void Pack(int firstDepth, int depth, int firstColumn, int columns, float* panels)
    {
        int window = kernelHeight * kernelWidth;
        for (int column = firstColumn; column < firstColumn + columns; column += GemmKernel.Columns)
        {
            int count = Math.Min(GemmKernel.Columns, firstColumn + columns - column);
            for (int lane = 0; lane < GemmKernel.Columns; lane++)
            {
                if (lane >= count)
                {
                    for (int k = 0; k < depth; k++)
                    {
                        panels[(k * GemmKernel.Columns) + lane] = 0;
                    }

                    continue;
                }

                (int channel, int tap) = Math.DivRem(column + lane, window);
                (int u, int v) = Math.DivRem(tap, kernelWidth);
                float* plane = image + ((nint)channel * height * width);
                (int i, int j) = Math.DivRem(firstDepth, outWidth);
                for (int k = 0; k < depth; k++)
                {
                    int y = (i * geometry.StrideY) + u - geometry.PaddingY, x = (j * geometry.StrideX) + v - geometry.PaddingX;
                    panels[(k * GemmKernel.Columns) + lane] = (uint)y < (uint)height && (uint)x < (uint)width ? plane[((nint)y * width) + x] : 0;
                    if (++j == outWidth)
                    {
                        j = 0;
                        i++;
                    }
                }
            }

            panels += depth * GemmKernel.Columns;
        }
    }
}
