namespace SanityChecks.Images;

/// <summary>Resizes photographs as Pillow's <c>Image.resize(size, BILINEAR)</c> does, byte for byte.</summary>
/// <remarks>
/// Each output pixel is a weighted mean under a triangle that is two source pixels wide, or two output pixels wide where that is
/// more, so shrinking averages instead of skipping. Rows first, then columns, with bytes in between and weights of 22 fractional
/// bits; integers add up to the same in any order.
/// </remarks>
public static class BilinearResize
{
    private const int FractionalBits = 22;

    /// <summary>The image at another size.</summary>
    /// <param name="image">The source; unchanged.</param>
    /// <param name="width">New pixels a row, at least 1.</param>
    /// <param name="height">New rows, at least 1.</param>
    /// <returns>A new image; a copy when the size is the same.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1, or the result would have more than 200 million pixels.</exception>
    public static RgbImage Resize(RgbImage image, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)width * height, ImageFile.MaximumPixels, nameof(width));
        return Window(image, Weights.Make(image.Width, width, 0, width), Weights.Make(image.Height, height, 0, height));
    }

    /// <summary>The middle of the image, as high as wide.</summary>
    /// <inheritdoc cref="ResizeShorterSideAndCrop(RgbImage, int, int, int)"/>
    /// <param name="image">The source; unchanged.</param>
    /// <param name="size">The shorter side in pixels.</param>
    /// <param name="crop">Pixels a side of what is kept, at most the size.</param>
    public static RgbImage ResizeShorterSideAndCrop(RgbImage image, int size, int crop) =>
        ResizeShorterSideAndCrop(image, size, crop, crop);

    /// <summary>The middle of the image with its shorter side at a given length and its shape kept: torchvision's <c>Resize(size)</c> and
    /// <c>CenterCrop((height, width))</c>.</summary>
    /// <remarks>Nothing but the middle is computed, so that an image of one row, which becomes as long as a million, takes no more than any
    /// other.</remarks>
    /// <param name="image">The source; unchanged.</param>
    /// <param name="size">The shorter side in pixels; the longer becomes <c>size * longer / shorter</c>, rounded down.</param>
    /// <param name="height">Rows of what is kept, at most the size.</param>
    /// <param name="width">Pixels a row of what is kept, at most the size.</param>
    /// <exception cref="ArgumentOutOfRangeException">The crop is not within 1 to the size, or has more than 200 million pixels.</exception>
    public static RgbImage ResizeShorterSideAndCrop(RgbImage image, int size, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)height * width, ImageFile.MaximumPixels, nameof(width));
        return Window(image, Along(image.Width, width), Along(image.Height, height));

        Weights Along(int length, int crop)
        {
            long resized = ResizedLength(length, Math.Min(image.Width, image.Height), size);
            return Weights.Make(length, resized, CropStart(resized, crop), crop);
        }
    }

    /// <summary>What a side becomes where the shorter one is resized to a length and the shape is kept.</summary>
    internal static long ResizedLength(int length, int shorter, int size) => (long)size * length / shorter;

    // Half of an odd surplus rounds to even: the crop begins at 0 of a surplus of 1 and at 2 of a surplus of 3.
    internal static long CropStart(long length, int crop) => (long)Math.Round((length - crop) / 2.0, MidpointRounding.ToEven);

    /// <summary>A part of the resized image, row by row of the source: each is resized once, and added to the new rows that it has a share
    /// in.</summary>
    private static RgbImage Window(RgbImage image, Weights across, Weights down)
    {
        int width = across.Outputs, height = down.Outputs, stride = 3 * width, finished = 0;
        byte[] pixels = new byte[(long)stride * height], line = new byte[stride];
        var open = new Queue<int[]>();
        var free = new Stack<int[]>();
        for (int row = down.First[0]; finished < height; row++)
        {
            ResizeRow(image.Pixels.AsSpan(3 * row * image.Width, 3 * image.Width), across, line);
            for (int y = finished + open.Count; y < height && down.First[y] <= row; y++)
            {
                int[] sums = free.TryPop(out int[]? used) ? used : new int[stride];
                Array.Fill(sums, 1 << (FractionalBits - 1));
                open.Enqueue(sums);
            }

            int next = finished;
            foreach (int[] sums in open)
            {
                Add(line, down.Of(next)[row - down.First[next]], sums);
                next++;
            }

            while (open.Count > 0 && row == down.First[finished] + down.Count[finished] - 1)
            {
                int[] sums = open.Dequeue();
                Span<byte> output = pixels.AsSpan(finished * stride, stride);
                for (int i = 0; i < output.Length; i++)
                {
                    output[i] = ToByte(sums[i]);
                }

                free.Push(sums);
                finished++;
            }
        }

        return new RgbImage(width, height, pixels);
    }

    private static void ResizeRow(ReadOnlySpan<byte> row, Weights weights, Span<byte> output)
    {
        for (int x = 0; x < weights.Outputs; x++)
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

    private static void Add(ReadOnlySpan<byte> line, int weight, Span<int> sums)
    {
        for (int i = 0; i < line.Length; i++)
        {
            sums[i] += line[i] * weight;
        }
    }

    private static byte ToByte(int sum) => (byte)Math.Clamp(sum >> FractionalBits, 0, 255);

    // For some output positions in a row, the first source position that each reads and the fixed-point weights from there on. Where an
    // axis keeps its length they are 1 and 0.
    private sealed record Weights(int[] First, int[] Count, int[] Values, int Longest)
    {
        public int Outputs => First.Length;

        public ReadOnlySpan<int> Of(int output) => Values.AsSpan(output * Longest, Count[output]);

        public static Weights Make(int length, long newLength, long start, int outputs)
        {
            double scale = (double)length / newLength;
            double support = Math.Max(scale, 1.0);
            double inverse = 1.0 / support;
            int longest = ((int)Math.Ceiling(support) * 2) + 1;
            Weights weights = new(new int[outputs], new int[outputs], new int[(long)outputs * longest], longest);
            double[] triangle = new double[longest];
            for (int output = 0; output < outputs; output++)
            {
                double center = (start + output + 0.5) * scale;
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
