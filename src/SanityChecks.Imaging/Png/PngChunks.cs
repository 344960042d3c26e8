using System.Buffers.Binary;

namespace SanityChecks.Imaging.Png;

/// <summary>What decoding needs of a PNG file: the header, the palette, and the compressed rows.</summary>
/// <param name="Header">The checked IHDR.</param>
/// <param name="Palette">256 RGB entries of a palette image, else empty.</param>
/// <param name="Compressed">The data of all IDAT chunks, joined: one zlib stream.</param>
/// <param name="CompressedOffset">Where the first IDAT's data begins in the file.</param>
internal sealed record PngChunks(PngHeader Header, byte[] Palette, byte[] Compressed, long CompressedOffset)
{
    /// <summary>The eight bytes with which every PNG file begins.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Walks the chunks up to the one after the last IDAT; whatever follows cannot change the pixels.</summary>
    /// <remarks>
    /// The CRC of IHDR, PLTE and IDAT is checked. Ancillary chunks are passed over unread, tRNS among them, since alpha is
    /// dropped; a missing IEND is accepted, as Pillow accepts it.
    /// </remarks>
    /// <exception cref="ImageFormatException">A broken, missing or misplaced chunk, or a critical one that is unknown.</exception>
    public static PngChunks Read(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith(Signature))
        {
            throw new ImageFormatException("not a PNG file", 0);
        }

        PngHeader? header = null;
        byte[] palette = [];
        List<Range> data = [];
        int position = Signature.Length;
        while (file.Length - position >= 8)
        {
            uint type = BinaryPrimitives.ReadUInt32BigEndian(file[(position + 4)..]);
            if (type != Idat && data.Count > 0)
            {
                break;
            }

            Range content = Content(file, position);
            if (type == Ihdr && header is null)
            {
                header = PngHeader.Parse(Checked(file, content), content.Start.Value);
            }
            else if (header is null)
            {
                throw new ImageFormatException($"PNG chunk {Name(type)} before the header", position);
            }
            else if (type == Plte)
            {
                palette = ParsePalette(Checked(file, content), content.Start.Value);
            }
            else if (type == Idat)
            {
                Checked(file, content);
                data.Add(content);
            }
            else if (type == Iend)
            {
                break;
            }
            else if ((type & AncillaryBit) == 0)
            {
                throw new ImageFormatException($"PNG chunk {Name(type)} is critical and unknown", position);
            }

            position = content.End.Value + 4;
        }

        if (header is null || data.Count == 0)
        {
            throw new ImageFormatException(header is null ? "PNG file without a header" : "PNG file without image data", position);
        }

        bool indexed = header.Value.ColorType == PngColorType.Palette;
        if (indexed && palette.Length == 0)
        {
            throw new ImageFormatException("PNG palette image without a palette", data[0].Start.Value);
        }

        return new PngChunks(header.Value, indexed ? palette : [], Join(file, data), data[0].Start.Value);
    }

    private const uint Ihdr = 0x49484452;
    private const uint Plte = 0x504C5445;
    private const uint Idat = 0x49444154;
    private const uint Iend = 0x49454E44;

    // Lower case of the first letter: a decoder may pass over the chunk.
    private const uint AncillaryBit = 0x20000000;

    private static Range Content(ReadOnlySpan<byte> file, int position)
    {
        uint length = BinaryPrimitives.ReadUInt32BigEndian(file[position..]);
        int start = position + 8;
        if (length > (uint)(file.Length - start) || file.Length - start - (int)length < 4)
        {
            throw new ImageFormatException(
                $"PNG chunk of {length} bytes, but {file.Length - start} bytes of the file are left for it and its checksum", position);
        }

        return start..(start + (int)length);
    }

    private static ReadOnlySpan<byte> Checked(ReadOnlySpan<byte> file, Range content)
    {
        int end = content.End.Value;
        uint stored = BinaryPrimitives.ReadUInt32BigEndian(file[end..]);
        int type = content.Start.Value - 4;
        return Crc32.Compute(file[type..end]) == stored
            ? file[content]
            : throw new ImageFormatException($"PNG chunk {Name(BinaryPrimitives.ReadUInt32BigEndian(file[type..]))} has a wrong checksum", end);
    }

    private static byte[] ParsePalette(ReadOnlySpan<byte> data, long offset)
    {
        if (data.Length is 0 or > 768 || data.Length % 3 != 0)
        {
            throw new ImageFormatException($"PNG palette of {data.Length} bytes; 1 to 256 entries of 3 bytes are allowed", offset);
        }

        // Entries that the file does not define are Pillow's: the index as a grey.
        byte[] palette = new byte[768];
        for (int i = data.Length; i < palette.Length; i++)
        {
            palette[i] = (byte)(i / 3);
        }

        data.CopyTo(palette);
        return palette;
    }

    private static byte[] Join(ReadOnlySpan<byte> file, List<Range> parts)
    {
        int length = 0;
        foreach (Range part in parts)
        {
            length += part.End.Value - part.Start.Value;
        }

        byte[] joined = new byte[length];
        int at = 0;
        foreach (Range part in parts)
        {
            ReadOnlySpan<byte> content = file[part];
            content.CopyTo(joined.AsSpan(at));
            at += content.Length;
        }

        return joined;
    }

    private static string Name(uint type)
    {
        Span<char> letters = stackalloc char[4];
        for (int i = 0; i < 4; i++)
        {
            char c = (char)(byte)(type >> (24 - (8 * i)));
            letters[i] = char.IsAsciiLetter(c) ? c : '?';
        }

        return new string(letters);
    }
}
