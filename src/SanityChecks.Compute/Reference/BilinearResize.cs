namespace SanityChecks.Compute.Reference;

/// <summary>Bilinear interpolation of one plane with half-pixel centers: source = (i + 1/2) L / n - 1/2, clamped at 0; edges
/// repeated.</summary>
/// <remarks>
/// Rounds where PyTorch does for one-channel maps, so that the result is its result to the bit: the scale, the fractions and the four
/// products of fractions in single precision, positions and the weighted sum in double. Where neighbours are equal, as along the lower and
/// right edges, the rounding noise decides the direction of the gradient that HOG sees.
/// </remarks>
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
                float topLeft = (1 - down) * (1 - across);
                float topRight = (1 - down) * across;
                float bottomLeft = down * (1 - across);
                float bottomRight = down * across;
                output[(i * outWidth) + j] = (float)(
                    ((double)topLeft * input[(top * width) + left]) + ((double)topRight * input[(top * width) + right])
                    + ((double)bottomLeft * input[(bottom * width) + left]) + ((double)bottomRight * input[(bottom * width) + right]));
            }
        }
    }

    private static (int First, int Second, float Fraction) Neighbours(int output, int length, int count)
    {
        float scale = (float)length / count;
        double source = Math.Max((scale * (output + 0.5)) - 0.5, 0);
        int first = Math.Min((int)source, length - 1);
        return (first, Math.Min(first + 1, length - 1), (float)Math.Clamp(source - first, 0, 1));
    }
}
