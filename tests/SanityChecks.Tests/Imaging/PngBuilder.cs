using System.Buffers.Binary;
using System.IO.Compression;
using SanityChecks.Imaging.Png;

namespace SanityChecks.Tests.Imaging;

/// <summary>Puts PNG files together chunk by chunk, right or wrong ones.</summary>
internal static class PngBuilder
{
    public static byte[] File(params ReadOnlySpan<byte[]> chunks)
    {
        List<byte> file = [.. PngChunks.Signature];
        foreach (byte[] chunk in chunks)
        {
            file.AddRange(chunk);
        }

        file.AddRange(Chunk("IEND", []));
        return [.. file];
    }

    public static byte[] Header(int width, int height, int bits, int color, int interlace = 0)
    {
        byte[] data = new byte[PngHeader.Length];
        BinaryPrimitives.WriteInt32BigEndian(data, width);
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(4), height);
        data[8] = (byte)bits;
        data[9] = (byte)color;
        data[12] = (byte)interlace;
        return Chunk("IHDR", data);
    }

    public static byte[] Data(byte[] rows) => Chunk("IDAT", Zlib(rows));

    public static byte[] Zlib(byte[] bytes)
    {
        using MemoryStream compressed = new();
        using (ZLibStream zlib = new(compressed, CompressionLevel.Optimal))
        {
            zlib.Write(bytes);
        }

        return compressed.ToArray();
    }

    public static byte[] Chunk(string type, ReadOnlySpan<byte> data)
    {
        byte[] chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        System.Text.Encoding.ASCII.GetBytes(type, chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc32.Compute(chunk.AsSpan(4, 4 + data.Length)));
        return chunk;
    }
}
