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
}
