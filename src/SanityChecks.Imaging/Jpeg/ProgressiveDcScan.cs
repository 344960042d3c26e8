namespace SanityChecks.Imaging.Jpeg;

/// <summary>Decodes a progressive scan of DC coefficients, the first or a refinement (ITU-T T.81 section G.1.2.1).</summary>
internal static class ProgressiveDcScan
{
    /// <summary>Sets bits of the components' coefficients.</summary>
    /// <returns>Where the search for the next marker starts.</returns>
    /// <exception cref="ImageFormatException">The data is damaged or ends early.</exception>
    public static int Decode(ReadOnlySpan<byte> file, int start, FrameHeader frame, ScanHeader scan, DecodingTables tables)
    {
        var bits = new BitReader(file, start);
        var restarts = new RestartCounter(tables.RestartInterval);
        int count = scan.Components.Length;
        HuffmanTable[] codes = scan.IsRefinement ? [] : [.. scan.Components.Select(c => tables.Dc(c.DcSlot, standard: false, scan.Offset))];
        Span<int> predictions = stackalloc int[count];
        predictions.Clear();
        int across = scan.McusAcross(frame);
        int down = scan.McusDown(frame);
        for (int row = 0; row < down; row++)
        {
            for (int column = 0; column < across; column++)
            {
                if (restarts.Restarts(ref bits))
                {
                    predictions.Clear();
                }

                for (int i = 0; i < count; i++)
                {
                    Component component = scan.Components[i].Component;
                    int wide = scan.IsInterleaved ? component.Horizontal : 1;
                    int high = scan.IsInterleaved ? component.Vertical : 1;
                    for (int y = 0; y < high; y++)
                    {
                        int first = (row * high + y) * component.PaddedBlocksAcross + column * wide;
                        for (int x = 0; x < wide; x++)
                        {
                            ref short coefficient = ref component.Coefficients[64 * (first + x)];
                            if (scan.IsRefinement)
                            {
                                coefficient |= (short)(bits.Bit() << scan.LowBit);
                            }
                            else
                            {
                                coefficient = FirstBits(ref bits, codes[i], ref predictions[i], scan.LowBit);
                            }
                        }
                    }
                }

                bits.ThrowIfExhausted();
            }
        }

        return bits.Position;
    }

    private static short FirstBits(ref BitReader bits, HuffmanTable code, ref int prediction, int lowBit)
    {
        int size = bits.Symbol(code);
        if (size != 0)
        {
            prediction += bits.Signed(size);
        }

        return (short)prediction == prediction
            ? (short)(prediction << lowBit)
            : throw bits.Damaged("the scan has a DC coefficient out of range");
    }
}
