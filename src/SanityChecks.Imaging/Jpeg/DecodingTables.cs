using System.Buffers.Binary;

namespace SanityChecks.Imaging.Jpeg;

/// <summary>The tables in force at a point of the file (ITU-T T.81 section B.2.4); later segments replace them.</summary>
internal sealed class DecodingTables
{
    private const int Slots = 4;
    private const int LargestDcSize = 15;

    private readonly ushort[]?[] _quantization = new ushort[]?[Slots];
    private readonly HuffmanTable?[] _dc = new HuffmanTable?[Slots];
    private readonly HuffmanTable?[] _ac = new HuffmanTable?[Slots];

    /// <summary>MCUs from one restart marker to the next; 0: none.</summary>
    public int RestartInterval { get; private set; }

    /// <summary>The divisors of a slot, row-major; null where none were given.</summary>
    public ushort[]? Quantization(int slot) => slot < Slots ? _quantization[slot] : null;

    /// <summary>The DC code of a slot, 0 to 15.</summary>
    /// <param name="slot">Slot number.</param>
    /// <param name="standard">Whether T.81's typical tables stand in for missing ones, as libjpeg lets them in sequential files.</param>
    /// <param name="offset">Where it is asked for, for the message.</param>
    /// <exception cref="ImageFormatException">The slot is empty.</exception>
    public HuffmanTable Dc(int slot, bool standard, int offset) =>
        (slot < Slots ? _dc[slot] : null) ?? (standard ? StandardHuffmanTables.Dc(slot) : null) ?? throw Missing("DC", slot, offset);

    /// <inheritdoc cref="Dc"/>
    /// <summary>The AC code of a slot, 0 to 15.</summary>
    public HuffmanTable Ac(int slot, bool standard, int offset) =>
        (slot < Slots ? _ac[slot] : null) ?? (standard ? StandardHuffmanTables.Ac(slot) : null) ?? throw Missing("AC", slot, offset);

    /// <summary>Takes a DQT segment.</summary>
    /// <exception cref="ImageFormatException">A slot above 3, or a length that does not fit.</exception>
    public void ReadQuantization(ReadOnlySpan<byte> segment, int offset)
    {
        while (!segment.IsEmpty)
        {
            int slot = segment[0] & 15;
            int bytesEach = segment[0] >> 4 == 0 ? 1 : 2;
            segment = segment[1..];
            if (slot >= Slots || segment.Length < 64 * bytesEach)
            {
                throw new ImageFormatException("a quantization table has an impossible slot or length", offset);
            }

            ushort[] table = new ushort[64];
            for (int i = 0; i < 64; i++)
            {
                table[ZigZag.ToRowMajor[i]] = bytesEach == 1 ? segment[i] : BinaryPrimitives.ReadUInt16BigEndian(segment[(2 * i)..]);
            }

            _quantization[slot] = table;
            segment = segment[(64 * bytesEach)..];
        }
    }

    /// <summary>Takes a DHT segment.</summary>
    /// <exception cref="ImageFormatException">A slot above 3, a length that does not fit, or counts that are no Huffman code.</exception>
    public void ReadHuffman(ReadOnlySpan<byte> segment, int offset)
    {
        while (!segment.IsEmpty)
        {
            int total = 0;
            for (int i = 1; i <= 16 && segment.Length >= 17; i++)
            {
                total += segment[i];
            }

            int slot = segment[0] & ~0x10;
            if (segment.Length < 17 + total || total > 256 || slot >= Slots)
            {
                throw new ImageFormatException("a Huffman table has an impossible slot or length", offset);
            }

            bool dc = (segment[0] & 0x10) == 0;
            ReadOnlySpan<byte> symbols = segment.Slice(17, total);
            if (dc && symbols.ContainsAnyInRange((byte)(LargestDcSize + 1), byte.MaxValue))
            {
                throw new ImageFormatException("a Huffman table for DC has a symbol above 15", offset);
            }

            (dc ? _dc : _ac)[slot] = new HuffmanTable(segment.Slice(1, 16), symbols, offset);
            segment = segment[(17 + total)..];
        }
    }

    /// <summary>Takes a DRI segment.</summary>
    /// <exception cref="ImageFormatException">It is not of two bytes.</exception>
    public void ReadRestartInterval(ReadOnlySpan<byte> segment, int offset) =>
        RestartInterval = segment.Length == 2
            ? BinaryPrimitives.ReadUInt16BigEndian(segment)
            : throw new ImageFormatException("the restart interval segment has an impossible length", offset);

    private static ImageFormatException Missing(string kind, int slot, int offset) =>
        new($"the scan uses {kind} Huffman table {slot}, which the file does not have", offset);
}
