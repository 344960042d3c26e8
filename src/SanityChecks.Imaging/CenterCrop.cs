namespace SanityChecks.Imaging;

/// <summary>Cuts the middle out of an image: torchvision's <c>CenterCrop</c>.</summary>
public static class CenterCrop
{
    /// <summary>The middle <paramref name="size"/> by <paramref name="size"/> pixels.</summary>
    /// <inheritdoc cref="Crop(RgbImage, int, int)"/>
    public static RgbImage Crop(RgbImage image, int size) => Crop(image, size, size);

    /// <summary>The middle <paramref name="width"/> by <paramref name="height"/> pixels.</summary>
    /// <param name="image">The source; unchanged.</param>
    /// <param name="width">Columns to keep, at least 1.</param>
    /// <param name="height">Rows to keep, at least 1.</param>
    /// <returns>
    /// A new image of exactly that size. Of an odd surplus half rounds to even, so the crop begins at 0 of a surplus of 1 and at 2
    /// of a surplus of 3. A side that is too short is filled with black, the odd pixel at the end.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1.</exception>
    public static RgbImage Crop(RgbImage image, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        byte[] pixels = new byte[3L * width * height];
        int left = Start(image.Width, width);
        int top = Start(image.Height, height);
        int columns = Math.Min(width, image.Width);
        for (int y = Math.Max(0, -top); y < height && y + top < image.Height; y++)
        {
            int from = 3 * (((y + top) * image.Width) + Math.Max(left, 0));
            int to = 3 * ((y * width) + Math.Max(-left, 0));
            image.Pixels.AsSpan(from, 3 * columns).CopyTo(pixels.AsSpan(to));
        }

        return new RgbImage(width, height, pixels);
    }

    // Where the crop begins in the image; negative where black comes first.
    private static int Start(int length, int crop) =>
        length >= crop ? (int)Math.Round((length - crop) / 2.0, MidpointRounding.ToEven) : -((crop - length) / 2);
}
