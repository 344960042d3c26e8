namespace SanityChecks.Compute.Reference;

/// <summary>Bilinear interpolation of one plane with half-pixel centres: source = (i + 1/2) L / n - 1/2, clamped at 0; edges repeated.</summary>
internal static class BilinearResize
{
    public static void Forward(ReadOnlySpan<float> input, int height, int width, Span<float> output, int outHeight, int outWidth)
    {
        for (int i = 0; i < outHeight; i++)
        {
            (int top, int bottom, float down) = Neighbours(i, height, outHeight);
            for (int j = 0; j < outWidth; j++)
            {
                (int left, int right, float across) = Neighbours(j, width, outWidth);
                float upper = (input[(top * width) + left] * (1 - across)) + (input[(top * width) + right] * across);
                float lower = (input[(bottom * width) + left] * (1 - across)) + (input[(bottom * width) + right] * across);
                output[(i * outWidth) + j] = (upper * (1 - down)) + (lower * down);
            }
        }
    }

    private static (int First, int Second, float Fraction) Neighbours(int output, int length, int count)
    {
        float source = Math.Max(((output + 0.5f) * ((float)length / count)) - 0.5f, 0);
        int first = Math.Min((int)source, length - 1);
        return (first, Math.Min(first + 1, length - 1), Math.Min(source - first, 1));
    }
}
