using SkiaSharp;

namespace SanityChecks.Images;

/// <summary>Images as Skia holds them, to be drawn on and encoded: four bytes a pixel, the last without meaning.</summary>
public static class SkiaPixels
{
    /// <summary>An empty bitmap.</summary>
    /// <exception cref="OutOfMemoryException">There is no room for it.</exception>
    public static SKBitmap Create(int width, int height)
    {
        var bitmap = new SKBitmap();
        return bitmap.TryAllocPixels(new SKImageInfo(width, height, SKColorType.Rgb888x, SKAlphaType.Opaque))
            ? bitmap
            : throw new OutOfMemoryException($"There is no memory for {width} x {height} pixels.");
    }

    /// <summary>A copy of an image.</summary>
    public static SKBitmap Of(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        SKBitmap bitmap = Create(image.Width, image.Height);
        Span<byte> pixels = bitmap.GetPixelSpan();
        byte[] rgb = image.Pixels;
        for (int from = 0, to = 0; from < rgb.Length; from += 3, to += 4)
        {
            pixels[to + 3] = byte.MaxValue;
            pixels[to + 2] = rgb[from + 2];
            pixels[to + 1] = rgb[from + 1];
            pixels[to] = rgb[from];
        }

        return bitmap;
    }

    /// <summary>A copy of a bitmap that <see cref="Create"/> made.</summary>
    public static RgbImage ToImage(SKBitmap bitmap)
    {
        ArgumentNullException.ThrowIfNull(bitmap);
        return WithoutAlpha(bitmap.Width, bitmap.Height, bitmap.GetPixelSpan());
    }

    /// <summary>The image of pixels of four bytes, of which the last is dropped.</summary>
    internal static RgbImage WithoutAlpha(int width, int height, ReadOnlySpan<byte> rgba)
    {
        byte[] rgb = new byte[3L * width * height];
        for (int from = 0, to = 0; to < rgb.Length; from += 4, to += 3)
        {
            rgb[to] = rgba[from];
            rgb[to + 1] = rgba[from + 1];
            rgb[to + 2] = rgba[from + 2];
        }

        return new RgbImage(width, height, rgb);
    }
}
