namespace SanityChecks.Imaging.Jpeg;

/// <summary>Decodes a scan of a baseline or extended sequential frame straight to samples (ITU-T T.81 section F.2).</summary>
internal static class SequentialScan
{
    /// <summary>Fills the samples of the scan's components.</summary>
    /// <returns>Where the search for the next marker starts.</returns>
    /// <exception cref="ImageFormatException">The data is damaged or ends early.</exception>
    public static int Decode(ReadOnlySpan<byte> file, int start, FrameHeader frame, ScanHeader scan, DecodingTables tables)
    {
        var bits = new BitReader(file, start);
        var restarts = new RestartCounter(tables.RestartInterval);
        int count = scan.Components.Length;
        HuffmanTable[] dc = [.. scan.Components.Select(c => tables.Dc(c.DcSlot, standard: true, scan.Offset))];
        HuffmanTable[] ac = [.. scan.Components.Select(c => tables.Ac(c.AcSlot, standard: true, scan.Offset))];
        Span<int> predictions = stackalloc int[count];
        Span<short> block = stackalloc short[64];
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
                        int first = (row * high + y) * 8 * component.Stride + column * wide * 8;
                        for (int x = 0; x < wide; x++)
                        {
                            bool flat = DecodeBlock(ref bits, dc[i], ac[i], ref predictions[i], block);
                            Span<byte> samples = component.Samples.AsSpan(first + 8 * x);
                            InverseDct.Transform(block, flat, component.Quantization, samples, component.Stride);
                        }
                    }
                }
            }
        }

        return bits.Position;
    }

    /// <summary>Fills a block, row-major; true when all but the DC coefficient is zero.</summary>
    private static bool DecodeBlock(ref BitReader bits, HuffmanTable dc, HuffmanTable ac, ref int prediction, scoped Span<short> block)
    {
        block.Clear();
        int size = bits.Symbol(dc);
        if (size != 0)
        {
            prediction += bits.Signed(size);
        }

        block[0] = (short)prediction;
        bool flat = true;
        ReadOnlySpan<byte> order = ZigZag.ToRowMajor;
        for (int k = 1; k < 64; k++)
        {
            int symbol = bits.Symbol(ac);
            size = symbol & 15;
            if (size == 0 && symbol != 0xF0)
            {
                break;
            }

            k += symbol >> 4;
            if (k > 63)
            {
                throw bits.Damaged("the scan has a run of zeros beyond the end of a block");
            }

            if (size != 0)
            {
                block[order[k]] = (short)bits.Signed(size);
                flat = false;
            }
        }

        bits.ThrowIfExhausted();
        return block[0] == prediction ? flat : throw bits.Damaged("the scan has a DC coefficient out of range");
    }
}
