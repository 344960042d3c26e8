using System.Buffers.Binary;

namespace SanityChecks.Imaging;

/// <summary>Walks a JPEG file's markers: Skia fills up what a truncated file lacks and reports success.</summary>
internal static class JpegScans
{
    private const byte StartOfScan = 0xDA, EndOfImage = 0xD9;

    /// <summary>How many scans come before the end of the image.</summary>
    /// <param name="file">The file from its start marker.</param>
    /// <exception cref="ImageFormatException">The file ends before its end marker.</exception>
    public static int Count(ReadOnlySpan<byte> file)
    {
        int scans = 0, at = 2;
        while (true)
        {
            int next = at < file.Length ? file[at..].IndexOf((byte)0xFF) : -1;
            if (next < 0 || at + next + 1 >= file.Length)
            {
                throw new ImageFormatException("the JPEG file is truncated: it has no end marker");
            }

            at += next + 1;
            switch (file[at])
            {
                case EndOfImage:
                    return scans;
                // Data bytes of FF are followed by 00; fill bytes and the markers that stand alone have no length.
                case 0x00 or 0x01 or (>= 0xD0 and <= 0xD8):
                    at++;
                    break;
                case 0xFF:
                    break;
                case byte marker:
                    scans += marker == StartOfScan ? 1 : 0;
                    at += 1 + (at + 3 <= file.Length ? Math.Max(2, (int)BinaryPrimitives.ReadUInt16BigEndian(file[(at + 1)..])) : 0);
                    break;
            }
        }
    }
}
