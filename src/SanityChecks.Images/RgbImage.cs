namespace SanityChecks.Images;

/// <summary>An 8-bit color image: rows from the top, three bytes (red, green, blue) a pixel, no padding.</summary>
public sealed class RgbImage
{
    /// <summary>Wraps pixels without copying them.</summary>
    /// <param name="width">Pixels a row, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="pixels">Exactly <c>width * height * 3</c> bytes, RGB interleaved.</param>
    /// <exception cref="ArgumentException">The array's length does not match the size.</exception>
    public RgbImage(int width, int height, byte[] pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (pixels.Length != 3L * width * height)
        {
            throw new ArgumentException(
                $"{width} x {height} pixels are {3L * width * height} bytes, but {pixels.Length} were given.", nameof(pixels));
        }

        Width = width;
        Height = height;
        Pixels = pixels;
    }

    /// <summary>Pixels a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Red, green, blue of each pixel, row by row from the top left; length <c>3 * Width * Height</c>.</summary>
    public byte[] Pixels { get; }

    /// <summary>The luminance as Pillow's <c>convert("L")</c> makes it, byte for byte, in all three bytes of a pixel.</summary>
    /// <returns>A new image: (19595 R + 38470 G + 7471 B) / 65536, rounded. A gray image stays what it is.</returns>
    public RgbImage ToGray()
    {
        byte[] gray = new byte[Pixels.Length];
        for (int i = 0; i < gray.Length; i += 3)
        {
            int luminance = (19595 * Pixels[i]) + (38470 * Pixels[i + 1]) + (7471 * Pixels[i + 2]);
            gray.AsSpan(i, 3).Fill((byte)((luminance + 0x8000) >> 16));
        }

        return new RgbImage(Width, Height, gray);
    }
}
