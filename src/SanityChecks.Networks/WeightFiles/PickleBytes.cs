using System.Buffers.Binary;
using System.Text;

namespace SanityChecks.Networks.WeightFiles;

/// <summary>The bytes of a pickle, read forwards and never past their end; every position is one in the file, for messages.</summary>
/// <param name="stream">Stands at the first byte.</param>
/// <param name="start">The position of that byte, for messages.</param>
/// <param name="length">Bytes that may be read.</param>
/// <param name="path">The file, for messages.</param>
internal sealed class PickleBytes(Stream stream, long start, long length, string path)
{
    // Names of modules and classes; the longest that is allowed has 35 characters.
    private const int LongestLine = 256;

    private readonly byte[] buffer = new byte[1 << 14];
    private readonly long end = start + length;
    private int next;
    private int filled;

    /// <summary>The file, for messages.</summary>
    public string Path => path;

    /// <summary>The position of the next byte.</summary>
    public long Position { get; private set; } = start;

    /// <summary>The next byte.</summary>
    public byte ReadByte()
    {
        Need(1);
        if (next == filled)
        {
            filled = stream.Read(buffer, 0, (int)Math.Min(buffer.Length, end - Position));
            next = 0;
            if (filled == 0)
            {
                throw Truncated();
            }
        }

        Position++;
        return buffer[next++];
    }

    /// <summary>The next bytes, as many as asked for.</summary>
    public byte[] ReadBytes(long count)
    {
        Need(count);
        byte[] bytes = new byte[count];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = ReadByte();
        }

        return bytes;
    }

    /// <summary>A little-endian unsigned 16-bit integer.</summary>
    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(ReadBytes(2));

    /// <summary>A little-endian signed 32-bit integer.</summary>
    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(ReadBytes(4));

    /// <summary>A little-endian unsigned 32-bit integer.</summary>
    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(ReadBytes(4));

    /// <summary>A big-endian double, as pickles store it.</summary>
    public double ReadDouble() => BinaryPrimitives.ReadDoubleBigEndian(ReadBytes(8));

    /// <summary>Text of a known length in UTF-8; bytes that are none become U+FFFD.</summary>
    public string ReadText(long count) => Encoding.UTF8.GetString(ReadBytes(count));

    /// <summary>Text up to a line feed.</summary>
    public string ReadLine()
    {
        var bytes = new List<byte>();
        for (byte one; (one = ReadByte()) != '\n';)
        {
            if (bytes.Count == LongestLine)
            {
                throw new WeightFileException(path, $"the pickle holds a line longer than {LongestLine} bytes", Position);
            }

            bytes.Add(one);
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private void Need(long count)
    {
        if (count > end - Position)
        {
            throw Truncated();
        }
    }

    private WeightFileException Truncated() =>
        new(path, "the pickle ends too early: the file is truncated or longer than any state dict", Position);
}
