using System.Buffers.Binary;
using System.IO.Compression;

namespace SanityChecks.Imaging.Png;

/// <summary>Writes 8-bit RGB without interlacing; each row takes the filter whose differences have the smallest absolute sum.</summary>
internal static class PngEncoder
{
    private const int BytesPerPixel = 3;

    /// <summary>A whole file; the same bytes for the same pixels on one version of the runtime, whose zlib compresses them.</summary>
    public static byte[] Encode(RgbImage image)
    {
        Span<byte> header = stackalloc byte[PngHeader.Length];
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], image.Height);
        header[8] = 8;
        header[9] = (byte)PngColorType.Rgb;
        header[10..].Clear();

        using MemoryStream file = new();
        file.Write(PngChunks.Signature);
        WriteChunk(file, "IHDR"u8, header);
        WriteChunk(file, "IDAT"u8, CompressRows(image));
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static ReadOnlySpan<byte> CompressRows(RgbImage image)
    {
        int length = BytesPerPixel * image.Width;
        byte[] above = new byte[length];
        byte[] filtered = new byte[RowFilter.Count * (1L + length)];
        using MemoryStream compressed = new();
        using (ZLibStream zlib = new(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (int y = 0; y < image.Height; y++)
            {
                ReadOnlySpan<byte> row = image.Pixels.AsSpan(y * length, length);
                int best = RowFilter.Apply(row, above, BytesPerPixel, filtered);
                zlib.Write(filtered.AsSpan(best * (1 + length), 1 + length));
                row.CopyTo(above);
            }
        }

        return compressed.GetBuffer().AsSpan(0, (int)compressed.Length);
    }

    private static void WriteChunk(Stream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        byte[] chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        type.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc32.Compute(chunk.AsSpan(4, 4 + data.Length)));
        file.Write(chunk);
    }
}
