using SkiaSharp;

namespace SanityChecks.Images;

/// <summary>Images as JPEG files, where small counts for more than every last bit.</summary>
public static class JpegFile
{
    // A photograph of 224 x 224 takes some 15 KB, and shows no blocks.
    private const int Quality = 88;

    /// <summary>The bytes of a JPEG file that looks like an image.</summary>
    /// <remarks>Nothing but the picture is in it: equal pixels give equal bytes with one version of Skia.</remarks>
    /// <exception cref="IOException">The image is too large for the format.</exception>
    public static byte[] Encode(RgbImage image)
    {
        using SKBitmap bitmap = SkiaPixels.Of(image);
        using SKPixmap pixels = bitmap.PeekPixels();
        using SKData file = pixels.Encode(new SKJpegEncoderOptions(Quality))
            ?? throw new IOException($"An image of {bitmap.Width} x {bitmap.Height} pixels cannot be written as JPEG.");
        return file.ToArray();
    }
}
