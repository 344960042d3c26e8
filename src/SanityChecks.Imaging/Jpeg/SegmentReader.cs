using System.Buffers.Binary;

namespace SanityChecks.Imaging.Jpeg;

/// <summary>Walks over a file's marker segments (ITU-T T.81 section B.1.1).</summary>
internal ref struct SegmentReader(ReadOnlySpan<byte> file)
{
    private readonly ReadOnlySpan<byte> _file = file;

    /// <summary>Next byte to be read, counted from the file's start.</summary>
    public int Position { get; set; }

    /// <summary>The second byte of the next marker; bytes before it that are no marker are skipped, as libjpeg does.</summary>
    /// <exception cref="ImageFormatException">The file ends first.</exception>
    public byte NextMarker()
    {
        while (true)
        {
            int found = _file[Position..].IndexOf((byte)0xFF);
            if (found < 0)
            {
                throw Truncated("another marker");
            }

            Position += found;
            while (Position < _file.Length && _file[Position] == 0xFF)
            {
                Position++;
            }

            if (Position == _file.Length)
            {
                throw Truncated("another marker");
            }

            byte marker = _file[Position++];
            if (marker != 0)
            {
                return marker;
            }
        }
    }

    /// <summary>The contents of a segment, without its two length bytes.</summary>
    /// <param name="name">Its name in messages.</param>
    /// <exception cref="ImageFormatException">The length is below 2, or the file ends inside.</exception>
    public ReadOnlySpan<byte> Segment(string name)
    {
        int start = Position;
        ReadOnlySpan<byte> body = OptionalSegment(name);
        return Position - start >= 2 && BinaryPrimitives.ReadUInt16BigEndian(_file[start..]) >= 2
            ? body
            : throw new ImageFormatException($"the {name} segment has an impossible length", start);
    }

    /// <summary>As <see cref="Segment"/>, but a length below 2 stands for no contents: so libjpeg reads what it skips.</summary>
    public ReadOnlySpan<byte> OptionalSegment(string name)
    {
        if (_file.Length - Position < 2)
        {
            throw Truncated($"the {name} segment");
        }

        int length = Math.Max(2, (int)BinaryPrimitives.ReadUInt16BigEndian(_file[Position..]));
        if (_file.Length - Position < length)
        {
            throw Truncated($"the {name} segment");
        }

        ReadOnlySpan<byte> body = _file.Slice(Position + 2, length - 2);
        Position += length;
        return body;
    }

    private readonly ImageFormatException Truncated(string what) =>
        new($"the JPEG file is truncated: it ends before {what}", _file.Length);
}
