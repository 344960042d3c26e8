namespace SanityChecks.Compute.Reference;

/// <summary>Maximum, average and adaptive average pooling of one plane [H, W], and their gradients.</summary>
internal static class Pooling
{
    public static void Max(
        ReadOnlySpan<float> input, int height, int width, PoolingGeometry geometry, Span<float> output, int outHeight, int outWidth)
    {
        for (int i = 0; i < outHeight; i++)
        {
            for (int j = 0; j < outWidth; j++)
            {
                output[(i * outWidth) + j] = input[FirstMaximum(input, height, width, geometry, i, j)];
            }
        }
    }

    public static void MaxInputGradient(
        ReadOnlySpan<float> outputGradient, int outHeight, int outWidth, ReadOnlySpan<float> input, int height, int width,
        PoolingGeometry geometry, Span<float> inputGradient)
    {
        inputGradient.Clear();
        for (int i = 0; i < outHeight; i++)
        {
            for (int j = 0; j < outWidth; j++)
            {
                inputGradient[FirstMaximum(input, height, width, geometry, i, j)] += outputGradient[(i * outWidth) + j];
            }
        }
    }

    public static void Average(
        ReadOnlySpan<float> input, int height, int width, PoolingGeometry geometry, Span<float> output, int outHeight, int outWidth)
    {
        for (int i = 0; i < outHeight; i++)
        {
            for (int j = 0; j < outWidth; j++)
            {
                int divisor = geometry.Divisor(i, j, height, width);
                output[(i * outWidth) + j] =
                    (float)(Sum(input, width, geometry.Y.Window(i, height), geometry.X.Window(j, width)) / divisor);
            }
        }
    }

    public static void AverageInputGradient(
        ReadOnlySpan<float> outputGradient, int outHeight, int outWidth, int height, int width, PoolingGeometry geometry,
        Span<float> inputGradient)
    {
        inputGradient.Clear();
        for (int i = 0; i < outHeight; i++)
        {
            for (int j = 0; j < outWidth; j++)
            {
                int divisor = geometry.Divisor(i, j, height, width);
                Spread(inputGradient, width, geometry.Y.Window(i, height), geometry.X.Window(j, width),
                    outputGradient[(i * outWidth) + j] / divisor);
            }
        }
    }

    public static void AdaptiveAverage(ReadOnlySpan<float> input, int height, int width, Span<float> output, int outHeight, int outWidth)
    {
        for (int i = 0; i < outHeight; i++)
        {
            for (int j = 0; j < outWidth; j++)
            {
                (int First, int End) rows = AdaptiveWindow(i, height, outHeight), columns = AdaptiveWindow(j, width, outWidth);
                output[(i * outWidth) + j] =
                    (float)(Sum(input, width, rows, columns) / ((rows.End - rows.First) * (columns.End - columns.First)));
            }
        }
    }

    public static void AdaptiveAverageInputGradient(
        ReadOnlySpan<float> outputGradient, int outHeight, int outWidth, int height, int width, Span<float> inputGradient)
    {
        inputGradient.Clear();
        for (int i = 0; i < outHeight; i++)
        {
            for (int j = 0; j < outWidth; j++)
            {
                (int First, int End) rows = AdaptiveWindow(i, height, outHeight), columns = AdaptiveWindow(j, width, outWidth);
                int divisor = (rows.End - rows.First) * (columns.End - columns.First);
                Spread(inputGradient, width, rows, columns, outputGradient[(i * outWidth) + j] / divisor);
            }
        }
    }

    private static (int First, int End) AdaptiveWindow(int output, int length, int count) =>
        ((int)((long)output * length / count), (int)((((long)(output + 1) * length) + count - 1) / count));

    private static int FirstMaximum(ReadOnlySpan<float> input, int height, int width, PoolingGeometry geometry, int outRow, int outColumn)
    {
        (int firstRow, int endRow) = geometry.Y.Window(outRow, height);
        (int firstColumn, int endColumn) = geometry.X.Window(outColumn, width);
        int best = (firstRow * width) + firstColumn;
        for (int i = firstRow; i < endRow; i++)
        {
            for (int j = firstColumn; j < endColumn; j++)
            {
                float value = input[(i * width) + j];
                if (value > input[best] || float.IsNaN(value))
                {
                    best = (i * width) + j;
                }
            }
        }

        return best;
    }

    private static double Sum(ReadOnlySpan<float> input, int width, (int First, int End) rows, (int First, int End) columns)
    {
        double sum = 0;
        for (int i = rows.First; i < rows.End; i++)
        {
            for (int j = columns.First; j < columns.End; j++)
            {
                sum += input[(i * width) + j];
            }
        }

        return sum;
    }

    private static void Spread(Span<float> plane, int width, (int First, int End) rows, (int First, int End) columns, float share)
    {
        for (int i = rows.First; i < rows.End; i++)
        {
            for (int j = columns.First; j < columns.End; j++)
            {
                plane[(i * width) + j] += share;
            }
        }
    }
}
