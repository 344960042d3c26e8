namespace SanityChecks.Imaging.Png;

/// <summary>Turns the samples of one row into 8-bit RGB, as Pillow's conversion to RGB does.</summary>
/// <remarks>
/// Grey of 1, 2 and 4 bits is stretched to 0..255; of 16 bits the high byte is kept; alpha is dropped, not blended.
/// One deliberate difference: Pillow 9.4 clips 16-bit grey without alpha at 255, which turns nearly every such image white;
/// here it keeps the high byte like the other 16-bit types.
/// </remarks>
internal static class PixelRow
{
    /// <summary>Writes pixel <c>i</c> of the row at <c>rgb[3 * i * step]</c>.</summary>
    /// <param name="header">Says what the samples are.</param>
    /// <param name="palette">768 bytes when the samples are indices.</param>
    /// <param name="row">The samples of <paramref name="pixels"/> pixels.</param>
    /// <param name="pixels">Number of pixels.</param>
    /// <param name="rgb">Receives them; begins at the first.</param>
    /// <param name="step">Distance between them in pixels.</param>
    public static void Expand(PngHeader header, ReadOnlySpan<byte> palette, ReadOnlySpan<byte> row, int pixels, Span<byte> rgb, int step)
    {
        int bytesPerSample = header.BitDepth == 16 ? 2 : 1;
        switch (header.ColorType)
        {
            case PngColorType.Rgb when step == 1 && bytesPerSample == 1:
                row[..(3 * pixels)].CopyTo(rgb);
                break;
            case PngColorType.Rgb:
            case PngColorType.RgbAlpha:
                Copy(row, (header.ColorType == PngColorType.Rgb ? 3 : 4) * bytesPerSample, bytesPerSample, pixels, rgb, step);
                break;
            case PngColorType.Grey when header.BitDepth < 8:
            case PngColorType.Palette:
                Unpack(row, header.BitDepth, palette, pixels, rgb, step);
                break;
            default:
                Copy(row, (header.ColorType == PngColorType.Grey ? 1 : 2) * bytesPerSample, 0, pixels, rgb, step);
                break;
        }
    }

    // Distance 0 between a pixel's samples makes a grey.
    private static void Copy(ReadOnlySpan<byte> row, int pixelBytes, int sampleBytes, int pixels, Span<byte> rgb, int step)
    {
        for (int i = 0; i < pixels; i++)
        {
            int from = i * pixelBytes;
            int to = 3 * i * step;
            rgb[to] = row[from];
            rgb[to + 1] = row[from + sampleBytes];
            rgb[to + 2] = row[from + (2 * sampleBytes)];
        }
    }

    private static void Unpack(ReadOnlySpan<byte> row, int bits, ReadOnlySpan<byte> palette, int pixels, Span<byte> rgb, int step)
    {
        int largest = (1 << bits) - 1;
        for (int i = 0; i < pixels; i++)
        {
            int bit = i * bits;
            int value = (row[bit >> 3] >> (8 - bits - (bit & 7))) & largest;
            int to = 3 * i * step;
            if (palette.IsEmpty)
            {
                byte grey = (byte)(255 / largest * value);
                rgb[to] = rgb[to + 1] = rgb[to + 2] = grey;
            }
            else
            {
                palette.Slice(3 * value, 3).CopyTo(rgb[to..]);
            }
        }
    }
}
