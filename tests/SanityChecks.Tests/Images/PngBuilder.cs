using System.Buffers.Binary;
using System.IO.Compression;

namespace SanityChecks.Tests.Images;

/// <summary>Puts PNG files together chunk by chunk, right or wrong ones.</summary>
internal static class PngBuilder
{
    /// <summary>The eight bytes with which every PNG file begins.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static byte[] File(params ReadOnlySpan<byte[]> chunks)
    {
        List<byte> file = [.. Signature];
        foreach (byte[] chunk in chunks)
        {
            file.AddRange(chunk);
        }

        file.AddRange(Chunk("IEND", []));
        return [.. file];
    }

    public static byte[] Header(int width, int height, int bits, int color, int interlace = 0)
    {
        byte[] data = new byte[13];
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
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Checksum(chunk.AsSpan(4, 4 + data.Length)));
        return chunk;
    }

    /// <summary>Writes the right checksum behind every chunk that is whole.</summary>
    public static void RepairChecksums(byte[] file)
    {
        int position = Signature.Length;
        while (file.Length - position >= 12)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(position));
            if (length > file.Length - position - 12)
            {
                break;
            }

            int end = position + 8 + (int)length;
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(end), Checksum(file.AsSpan(position + 4, 4 + (int)length)));
            position = end + 4;
        }
    }

    /// <summary>CRC-32 as in PNG and zip files, bit by bit.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = uint.MaxValue;
        foreach (byte value in bytes)
        {
            sum ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                sum = (sum >> 1) ^ ((sum & 1) * 0xEDB88320);
            }
        }

        return ~sum;
    }
}
