namespace SanityChecks.Imaging.Jpeg;

/// <summary>Decodes a progressive scan of a band of AC coefficients (ITU-T T.81 sections G.1.2.2 and G.1.2.3).</summary>
internal static class ProgressiveAcScan
{
    private const int RunOf16Zeros = 0xF0;

    /// <summary>Sets bits of the component's coefficients.</summary>
    /// <returns>Where the search for the next marker starts.</returns>
    /// <exception cref="ImageFormatException">The data is damaged or ends early.</exception>
    public static int Decode(ReadOnlySpan<byte> file, int start, ScanHeader scan, DecodingTables tables)
    {
        var bits = new BitReader(file, start);
        var restarts = new RestartCounter(tables.RestartInterval);
        Component component = scan.Components[0].Component;
        HuffmanTable code = tables.Ac(scan.Components[0].AcSlot, standard: false, scan.Offset);
        int across = component.BlocksAcross;
        int down = component.BlocksDown;

        // Blocks still to come, this one included, whose band has no further new coefficient.
        int endedBlocks = 0;
        for (int row = 0; row < down; row++)
        {
            Span<short> blocks = component.Coefficients.AsSpan(64 * row * component.PaddedBlocksAcross, 64 * across);
            for (int column = 0; column < across; column++)
            {
                if (restarts.Restarts(ref bits))
                {
                    endedBlocks = 0;
                }

                Span<short> block = blocks.Slice(64 * column, 64);
                if (scan.IsRefinement)
                {
                    Refine(ref bits, code, scan, block, ref endedBlocks);
                }
                else if (endedBlocks > 0)
                {
                    endedBlocks--;
                }
                else
                {
                    FirstBits(ref bits, code, scan, block, ref endedBlocks);
                }

                bits.ThrowIfExhausted();
            }
        }

        return bits.Position;
    }

    private static void FirstBits(ref BitReader bits, HuffmanTable code, ScanHeader scan, Span<short> block, ref int endedBlocks)
    {
        ReadOnlySpan<byte> order = ZigZag.ToRowMajor;
        for (int k = scan.First; k <= scan.Last; k++)
        {
            int symbol = bits.Symbol(code);
            int size = symbol & 15;
            if (size == 0 && symbol != RunOf16Zeros)
            {
                endedBlocks = EndedBlocks(ref bits, symbol >> 4) - 1;
                return;
            }

            k += symbol >> 4;
            if (k > scan.Last)
            {
                throw bits.Damaged("the scan has a run of zeros beyond the end of a band");
            }

            if (size != 0)
            {
                block[order[k]] = (short)(bits.Signed(size) << scan.LowBit);
            }
        }
    }

    private static void Refine(ref BitReader bits, HuffmanTable code, ScanHeader scan, Span<short> block, ref int endedBlocks)
    {
        ReadOnlySpan<byte> order = ZigZag.ToRowMajor;
        int bit = 1 << scan.LowBit;
        int k = scan.First;
        while (endedBlocks == 0 && k <= scan.Last)
        {
            int symbol = bits.Symbol(code);
            int size = symbol & 15;
            if (size == 0 && symbol != RunOf16Zeros)
            {
                endedBlocks = EndedBlocks(ref bits, symbol >> 4);
                break;
            }

            if (size > 1)
            {
                throw bits.Damaged("the scan refines a coefficient by more than one bit");
            }

            int value = size == 0 ? 0 : bits.Bit() == 1 ? bit : -bit;
            int zeros = symbol >> 4;
            for (; k <= scan.Last; k++)
            {
                ref short coefficient = ref block[order[k]];
                if (coefficient != 0)
                {
                    Correct(ref bits, ref coefficient, bit);
                }
                else if (zeros-- == 0)
                {
                    break;
                }
            }

            if (k > scan.Last)
            {
                throw bits.Damaged("the scan has a run of zeros beyond the end of a band");
            }

            block[order[k++]] = (short)value;
        }

        if (endedBlocks > 0)
        {
            for (; k <= scan.Last; k++)
            {
                ref short coefficient = ref block[order[k]];
                if (coefficient != 0)
                {
                    Correct(ref bits, ref coefficient, bit);
                }
            }

            endedBlocks--;
        }
    }

    private static int EndedBlocks(ref BitReader bits, int size) => size == 0 ? 1 : (1 << size) + bits.Unsigned(size);

    /// <summary>Takes the correction bit of a coefficient that is nonzero already: 1 makes it larger in magnitude.</summary>
    private static void Correct(ref BitReader bits, ref short coefficient, int bit)
    {
        if (bits.Bit() == 1 && (coefficient & bit) == 0)
        {
            coefficient += (short)(coefficient >= 0 ? bit : -bit);
        }
    }
}
