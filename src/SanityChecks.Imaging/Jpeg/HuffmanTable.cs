namespace SanityChecks.Imaging.Jpeg;

/// <summary>A Huffman code made ready for decoding (ITU-T T.81 annex C and section F.2.2.3).</summary>
internal sealed class HuffmanTable
{
    /// <summary>Codes of up to this many bits are found by one look-up.</summary>
    public const int LookupBits = 9;

    private const int MaximumLength = 16;

    private readonly byte[] _symbols;
    private readonly ushort[] _lookup = new ushort[1 << LookupBits];
    private readonly int[] _limit = new int[MaximumLength + 1];
    private readonly int[] _firstSymbol = new int[MaximumLength + 1];

    /// <summary>Assigns the codes.</summary>
    /// <param name="counts">Number of codes of 1, 2, ... 16 bits.</param>
    /// <param name="symbols">The symbols in the order of their codes.</param>
    /// <param name="offset">Where the table stands in the file, for the message.</param>
    /// <exception cref="ImageFormatException">There are more codes than fit, or a code of ones only, which T.81 reserves.</exception>
    public HuffmanTable(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols, int offset)
    {
        _symbols = symbols.ToArray();
        int code = 0;
        int symbol = 0;
        for (int length = 1; length <= MaximumLength; length++)
        {
            int count = counts[length - 1];
            _firstSymbol[length] = symbol - code;
            if (count > 0 && code + count >= 1 << length)
            {
                throw new ImageFormatException("a Huffman table has more codes than fit", offset);
            }

            if (length <= LookupBits)
            {
                int span = 1 << (LookupBits - length);
                for (int i = 0; i < count; i++)
                {
                    _lookup.AsSpan((code + i) * span, span).Fill((ushort)(length << 8 | _symbols[symbol + i]));
                }
            }

            code += count;
            symbol += count;
            _limit[length] = code << (MaximumLength - length);
            code <<= 1;
        }
    }

    /// <summary>Length and symbol of the code at the head of the bits: <c>length * 256 + symbol</c>; 0 where there is none.</summary>
    /// <param name="next">The next 64 bits, the first in the highest place.</param>
    public int Find(ulong next)
    {
        int found = _lookup[(int)(next >> (64 - LookupBits))];
        return found != 0 ? found : FindLong((int)(next >> (64 - MaximumLength)));
    }

    private int FindLong(int next)
    {
        for (int length = LookupBits + 1; length <= MaximumLength; length++)
        {
            if (next < _limit[length])
            {
                return length << 8 | _symbols[(next >> (MaximumLength - length)) + _firstSymbol[length]];
            }
        }

        return 0;
    }
}
