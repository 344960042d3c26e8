using System.IO.Compression;

namespace SanityChecks.Imaging.Png;

/// <summary>Decodes PNG files of every colour type, bit depth and interlacing (PNG specification, third edition).</summary>
/// <remarks>
/// The result is that of Pillow 9.4's <c>Image.open(file).convert("RGB")</c>, byte for byte, but for 16-bit grey (see
/// <see cref="PixelRow"/>). Gamma, colour profiles and orientation are not applied; of an animation the default image is taken.
/// Stricter than Pillow: checksums of image data, missing rows and palettes that are missing or broken are errors.
/// </remarks>
internal static class PngDecoder
{
    // Deflate's longest match, 258 bytes, costs at least two bits.
    private const long LargestExpansion = 1032;

    // Up to this size the pixels are allocated at once; beyond it, a file that is small for them must prove that it has them.
    private const long UnprovenBytes = 16 << 20;
    private const long UnprovenRatio = 64;

    /// <summary>The image in a PNG file.</summary>
    /// <exception cref="ImageFormatException">The bytes are not a PNG file, or it is damaged, truncated or beyond the limit.</exception>
    public static RgbImage Decode(ReadOnlySpan<byte> file)
    {
        PngChunks chunks = PngChunks.Read(file);
        PngHeader header = chunks.Header;
        try
        {
            RequireAllRows(chunks);
            byte[] pixels = new byte[3L * header.Width * header.Height];
            using ZLibStream rows = Inflate(chunks);
            foreach (InterlacePass pass in InterlacePass.Of(header))
            {
                ReadPass(chunks, pass, rows, pixels);
            }

            return new RgbImage(header.Width, header.Height, pixels);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw new ImageFormatException("PNG image data cannot be decompressed or ends early", chunks.CompressedOffset);
        }
    }

    private static ZLibStream Inflate(PngChunks chunks) =>
        new(new MemoryStream(chunks.Compressed, writable: false), CompressionMode.Decompress);

    private static void ReadPass(PngChunks chunks, InterlacePass pass, ZLibStream rows, byte[] pixels)
    {
        PngHeader header = chunks.Header;
        int columns = pass.Columns(header);
        if (columns == 0)
        {
            return;
        }

        int length = 1 + header.RowBytes(columns);
        byte[] row = new byte[length];
        byte[] above = new byte[length];
        for (int y = pass.Y; y < header.Height; y += pass.StepY)
        {
            rows.ReadExactly(row);
            if (row[0] >= RowFilter.Count)
            {
                throw new ImageFormatException($"PNG row {y} has the unknown filter {row[0]}", chunks.CompressedOffset);
            }

            RowFilter.Undo(row[0], row.AsSpan(1), above.AsSpan(1), header.FilterStride);
            int first = checked(3 * ((y * header.Width) + pass.X));
            PixelRow.Expand(header, chunks.Palette, row.AsSpan(1), columns, pixels.AsSpan(first), pass.StepX);
            (row, above) = (above, row);
        }
    }

    // A header of a few bytes can claim 600 MB: before they are allocated, count what the data inflates to.
    private static void RequireAllRows(PngChunks chunks)
    {
        PngHeader header = chunks.Header;
        long needed = 0;
        foreach (InterlacePass pass in InterlacePass.Of(header))
        {
            int columns = pass.Columns(header);
            needed += columns == 0 ? 0 : pass.Rows(header) * (1L + header.RowBytes(columns));
        }

        if (needed > chunks.Compressed.Length * LargestExpansion)
        {
            throw new ImageFormatException(
                $"PNG image data of {chunks.Compressed.Length} bytes cannot hold {header.Width} x {header.Height} pixels", chunks.CompressedOffset);
        }

        long pixelBytes = 3L * header.Width * header.Height;
        if (pixelBytes <= UnprovenBytes || pixelBytes <= UnprovenRatio * chunks.Compressed.Length)
        {
            return;
        }

        using ZLibStream rows = Inflate(chunks);
        byte[] buffer = new byte[1 << 16];
        while (needed > 0)
        {
            int read = rows.Read(buffer);
            needed = read > 0 ? needed - read : throw new EndOfStreamException();
        }
    }
}
