using System.Buffers.Binary;

namespace SanityChecks.Images;

/// <summary>Walks a JPEG file's markers, since Skia fills up what a file lacks and reports success.</summary>
internal static class JpegScans
{
    private const byte ProgressiveFrame = 0xC2, ProgressiveArithmeticFrame = 0xCA, StartOfScan = 0xDA, EndOfImage = 0xD9;
    private const int Coefficients = 64;

    /// <summary>How many scans come before the end of the image.</summary>
    /// <param name="file">The file from its start marker.</param>
    /// <exception cref="ImageFormatException">
    /// The file ends before its end marker, or its progressive scans stop before full precision: libjpeg smooths such an image, Skia does
    /// not.
    /// </exception>
    public static int Count(ReadOnlySpan<byte> file)
    {
        int scans = 0, at = 2;
        bool progressive = false;
        Dictionary<byte, bool[]> precise = [];
        while (NextMarker(file, ref at) is byte marker && marker != EndOfImage)
        {
            int length = at + 2 <= file.Length ? BinaryPrimitives.ReadUInt16BigEndian(file[at..]) : int.MaxValue;
            if (length > file.Length - at)
            {
                break;
            }

            ReadOnlySpan<byte> segment = file.Slice(at, length);
            progressive |= marker is ProgressiveFrame or ProgressiveArithmeticFrame;
            if (marker == StartOfScan)
            {
                scans++;
                Take(segment, precise);
            }

            at += Math.Max(2, length);
        }

        if (at > file.Length || file[at - 1] != EndOfImage)
        {
            throw new ImageFormatException("the JPEG file is truncated: it has no end marker");
        }

        if (progressive && precise.Values.Any(coefficients => coefficients.Contains(false)))
        {
            throw new ImageFormatException("the JPEG file's progressive scans stop before full precision, which each decoder smooths in its own way; save it anew as a whole one");
        }

        return scans;
    }

    /// <summary>The next marker that a segment follows, or the image's end; null at the end of the file.</summary>
    private static byte? NextMarker(ReadOnlySpan<byte> file, ref int at)
    {
        while (at < file.Length && file[at..].IndexOf((byte)0xFF) is int distance and >= 0 && at + distance + 1 < file.Length)
        {
            at += distance + 1;
            byte marker = file[at];

            // A data byte of FF is followed by 00; FF fills; the others stand alone.
            if (marker is not (0x00 or 0x01 or 0xFF or (>= 0xD0 and <= 0xD8)))
            {
                at++;
                return marker;
            }
        }

        at = file.Length + 1;
        return null;
    }

    /// <summary>Notes which coefficients of which components a scan brings to their last bit.</summary>
    private static void Take(ReadOnlySpan<byte> header, Dictionary<byte, bool[]> precise)
    {
        int components = header.Length > 2 ? header[2] : 0, band = 3 + (2 * components);
        if (header.Length < band + 3)
        {
            return;
        }

        for (int i = 0; i < components; i++)
        {
            byte id = header[3 + (2 * i)];
            precise.TryAdd(id, new bool[Coefficients]);
            for (int k = header[band]; k <= Math.Min(header[band + 1], (byte)(Coefficients - 1)); k++)
            {
                precise[id][k] |= (header[band + 2] & 15) == 0;
            }
        }
    }
}
