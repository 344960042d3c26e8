using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace SanityChecks.Imaging.Jpeg;

/// <summary>Reads the entropy-coded bits of a scan: undoes byte stuffing, stops at markers, takes restart markers.</summary>
/// <remarks>
/// Behind the last bit it hands out zeros, so that the decoding loops need no test for each bit;
/// <see cref="ThrowIfExhausted"/> after each block finds out.
/// </remarks>
internal ref struct BitReader(ReadOnlySpan<byte> file, int position)
{
    private readonly ReadOnlySpan<byte> _file = file;
    private int _position = position;

    /// <summary>Unread bits, the first in the highest place, zeros below the last.</summary>
    private ulong _bits;

    /// <summary>Number of bits in <see cref="_bits"/>, those of the padding included.</summary>
    private int _count;

    /// <summary>Zeros appended behind the data since the last restart.</summary>
    private int _padding;

    private bool _ended;

    /// <summary>Where the search for the next marker starts.</summary>
    public readonly int Position => _position;

    /// <summary>The next symbol of a code.</summary>
    /// <remarks>Leaves at least 16 bits loaded, which <see cref="Signed"/> and <see cref="Unsigned"/> rely on.</remarks>
    /// <exception cref="ImageFormatException">The bits are no code of the table.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Symbol(HuffmanTable table)
    {
        if (_count < 32)
        {
            Fill();
        }

        int found = table.Find(_bits);
        if (found == 0)
        {
            throw Damaged("the scan has bits that are no Huffman code");
        }

        Skip(found >> 8);
        return found & 0xFF;
    }

    /// <summary>A number of 1 to 15 bits in the sign convention of T.81 table F.1. Call it after <see cref="Symbol"/> only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Signed(int size)
    {
        int value = Unsigned(size);
        return value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
    }

    /// <summary>A number of 1 to 15 bits. Call it after <see cref="Symbol"/> only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Unsigned(int size)
    {
        int value = (int)(_bits >> (64 - size));
        Skip(size);
        return value;
    }

    /// <summary>One bit, 0 or 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Bit()
    {
        if (_count == 0)
        {
            Fill();
        }

        return Unsigned(1);
    }

    /// <summary>Throws when more bits were read than the scan (or its part up to the next restart) has.</summary>
    /// <exception cref="ImageFormatException">They were.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void ThrowIfExhausted()
    {
        if (_padding > _count)
        {
            throw Damaged("");
        }
    }

    /// <summary>Goes on behind the restart marker that must be here.</summary>
    /// <param name="number">Its number, 0 to 7.</param>
    /// <exception cref="ImageFormatException">Bytes are left over before the marker, or it is another, or none.</exception>
    public void Restart(int number)
    {
        int at = _position;
        bool leftOver = _count - _padding >= 8 || (at < _file.Length && _file[at] != 0xFF);
        while (at < _file.Length && _file[at] == 0xFF)
        {
            at++;
        }

        if (!leftOver && at == _file.Length)
        {
            throw new ImageFormatException("the JPEG file is truncated: it ends before a restart marker", _file.Length);
        }

        if (leftOver || _file[at] == 0)
        {
            throw new ImageFormatException($"the scan has more data than fits before restart marker {number}", _position);
        }

        if (_file[at] != JpegMarker.FirstRestart + number)
        {
            throw new ImageFormatException($"restart marker {number} is missing: the scan has marker FF{_file[at]:X2} there", at - 1);
        }

        _position = at + 1;
        _bits = 0;
        _count = 0;
        _padding = 0;
        _ended = false;
    }

    /// <summary>The exception for damage seen in the bits just read, or for their running out if they did.</summary>
    public readonly ImageFormatException Damaged(string reason)
    {
        if (_padding <= _count)
        {
            return new ImageFormatException(reason, _position);
        }

        int marker = _position;
        while (marker < _file.Length && _file[marker] == 0xFF)
        {
            marker++;
        }

        return marker == _file.Length
            ? new ImageFormatException("the JPEG file is truncated: it ends inside a scan", _file.Length)
            : new ImageFormatException($"the scan ends early, at marker FF{_file[marker]:X2}", _position);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Skip(int count)
    {
        _bits <<= count;
        _count -= count;
    }

    private void Fill()
    {
        while (_count <= 56)
        {
            if (_count <= 32 && !_ended && _file.Length - _position >= 4)
            {
                uint four = BinaryPrimitives.ReadUInt32BigEndian(_file[_position..]);
                bool anyOnes = ((~four - 0x01010101u) & four & 0x80808080u) != 0;
                if (!anyOnes)
                {
                    _bits |= (ulong)four << (32 - _count);
                    _count += 32;
                    _position += 4;
                    continue;
                }
            }

            if (_ended || !LoadByte())
            {
                _ended = true;
                _padding += 64 - _count;
                _count = 64;
            }
        }
    }

    /// <summary>Appends the next data byte; false at a marker and at the file's end.</summary>
    private bool LoadByte()
    {
        if (_position == _file.Length)
        {
            return false;
        }

        int next = _position;
        if (_file[next] == 0xFF)
        {
            // More than one FF before the stuffed zero stand for a single data byte, as in libjpeg.
            do
            {
                next++;
            }
            while (next < _file.Length && _file[next] == 0xFF);

            if (next == _file.Length || _file[next] != 0)
            {
                return false;
            }
        }

        _bits |= (ulong)_file[_position] << (56 - _count);
        _count += 8;
        _position = next + 1;
        return true;
    }
}
