namespace SanityChecks.Imaging;

/// <summary>Resizes photographs as Pillow's <c>Image.resize(size, BILINEAR)</c> does, byte for byte.</summary>
/// <remarks>
/// Each output pixel is a weighted mean under a triangle that is two source pixels wide, or two output pixels wide where that is
/// more, so shrinking averages instead of skipping. Rows first, then columns, with bytes in between and weights of 22 fractional
/// bits; an axis that keeps its length is not touched.
/// </remarks>
public static class BilinearResize
{
    private const int FractionalBits = 22;

    /// <summary>The image at another size.</summary>
    /// <param name="image">The source; unchanged.</param>
    /// <param name="width">New pixels a row, at least 1.</param>
    /// <param name="height">New rows, at least 1.</param>
    /// <returns>A new image; a copy when the size is the same.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1, or the result, or its rows before they are merged, would have
    /// more than 200 million pixels.</exception>
    public static RgbImage Resize(RgbImage image, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(
            (long)width * Math.Max(height, image.Height), ImageFile.MaximumPixels, nameof(width));

        // Each pass makes a new array; the copy is for a size that needs neither.
        byte[] pixels = image.Pixels;
        if (width == image.Width && height == image.Height)
        {
            pixels = [.. pixels];
        }

        if (width != image.Width)
        {
            pixels = ResizeRows(pixels, image.Width, image.Height, width);
        }

        if (height != image.Height)
        {
            pixels = ResizeColumns(pixels, width, image.Height, height);
        }

        return new RgbImage(width, height, pixels);
    }

    /// <summary>The image with its shorter side at a given length and its shape kept: torchvision's <c>Resize(size)</c>.</summary>
    /// <param name="image">The source; unchanged.</param>
    /// <param name="size">The shorter side in pixels; the longer becomes <c>size * longer / shorter</c>, rounded down.</param>
    /// <returns>A new image; a copy when the size is the same.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1, or there would be more than 200 million pixels.</exception>
    public static RgbImage ResizeShorterSide(RgbImage image, int size)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        int shorter = Math.Min(image.Width, image.Height);
        long longer = (long)size * Math.Max(image.Width, image.Height) / shorter;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(longer, ImageFile.MaximumPixels / size, nameof(size));
        return image.Width <= image.Height ? Resize(image, size, (int)longer) : Resize(image, (int)longer, size);
    }

    private static byte[] ResizeRows(byte[] source, int width, int height, int newWidth)
    {
        Weights weights = Weights.Make(width, newWidth);
        byte[] result = new byte[3L * newWidth * height];
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> row = source.AsSpan(3 * y * width, 3 * width);
            Span<byte> output = result.AsSpan(3 * y * newWidth, 3 * newWidth);
            for (int x = 0; x < newWidth; x++)
            {
                ReadOnlySpan<int> taps = weights.Of(x);
                ReadOnlySpan<byte> pixel = row.Slice(3 * weights.First[x], 3 * taps.Length);
                int red = 1 << (FractionalBits - 1), green = red, blue = red;
                for (int k = 0; k < taps.Length; k++)
                {
                    red += pixel[3 * k] * taps[k];
                    green += pixel[(3 * k) + 1] * taps[k];
                    blue += pixel[(3 * k) + 2] * taps[k];
                }

                output[3 * x] = ToByte(red);
                output[(3 * x) + 1] = ToByte(green);
                output[(3 * x) + 2] = ToByte(blue);
            }
        }

        return result;
    }

    private static byte[] ResizeColumns(byte[] source, int width, int height, int newHeight)
    {
        Weights weights = Weights.Make(height, newHeight);
        int stride = 3 * width;
        byte[] result = new byte[(long)stride * newHeight];
        int[] sums = new int[stride];
        for (int y = 0; y < newHeight; y++)
        {
            Array.Fill(sums, 1 << (FractionalBits - 1));
            ReadOnlySpan<int> taps = weights.Of(y);
            for (int k = 0; k < taps.Length; k++)
            {
                int weight = taps[k];
                ReadOnlySpan<byte> row = source.AsSpan((weights.First[y] + k) * stride, stride);
                for (int i = 0; i < row.Length; i++)
                {
                    sums[i] += row[i] * weight;
                }
            }

            Span<byte> output = result.AsSpan(y * stride, stride);
            for (int i = 0; i < output.Length; i++)
            {
                output[i] = ToByte(sums[i]);
            }
        }

        return result;
    }

    private static byte ToByte(int sum) => (byte)Math.Clamp(sum >> FractionalBits, 0, 255);

    // Per output position the first source position it reads and the fixed-point weights from there on.
    private sealed record Weights(int[] First, int[] Count, int[] Values, int Longest)
    {
        public ReadOnlySpan<int> Of(int output) => Values.AsSpan(output * Longest, Count[output]);

        public static Weights Make(int length, int newLength)
        {
            double scale = (double)length / newLength;
            double support = Math.Max(scale, 1.0);
            double inverse = 1.0 / support;
            int longest = ((int)Math.Ceiling(support) * 2) + 1;
            Weights weights = new(new int[newLength], new int[newLength], new int[(long)newLength * longest], longest);
            double[] triangle = new double[longest];
            for (int output = 0; output < newLength; output++)
            {
                double center = (output + 0.5) * scale;
                int first = Math.Max((int)(center - support + 0.5), 0);
                int count = Math.Min((int)(center + support + 0.5), length) - first;
                double sum = 0;
                for (int k = 0; k < count; k++)
                {
                    triangle[k] = Math.Max(0.0, 1.0 - Math.Abs((k + first - center + 0.5) * inverse));
                    sum += triangle[k];
                }

                weights.First[output] = first;
                weights.Count[output] = count;
                for (int k = 0; k < count; k++)
                {
                    double share = sum == 0 ? triangle[k] : triangle[k] / sum;
                    weights.Values[(output * longest) + k] = (int)(0.5 + (share * (1 << FractionalBits)));
                }
            }

            return weights;
        }
    }
}
