namespace SanityChecks.Imaging.Jpeg;

/// <summary>
/// Decodes baseline, extended sequential and progressive Huffman-coded JPEG of 8 bits a sample (ITU-T T.81); the pixels equal
/// those of Pillow on libjpeg-turbo 2.1, to the bit.
/// </summary>
/// <remarks>
/// Accepted as in Pillow: bytes between segments that are no marker, fill bytes, unknown application segments, bytes left over
/// behind a scan's last block, anything behind the end of the image, progressive files whose scans stop before full precision.
/// Refused although libjpeg only warns and fills in grey, because whoever reads a folder of photographs wants to know of a damaged
/// one: bits that are no Huffman code, coefficients outside their block, a scan that ends early, a missing or misplaced restart
/// marker, data left over before one, scans that are out of order, repeated or missing, and a file without its end marker.
/// Time and memory stay in proportion to the declared size, and small where the file is too short for that (<see cref="ScanBudget"/>).
/// </remarks>
internal static class JpegDecoder
{
    /// <summary>The pixels.</summary>
    /// <param name="file">The file from its start.</param>
    /// <exception cref="ImageFormatException">
    /// Not a JPEG file, damaged, truncated, or arithmetic-coded, lossless, hierarchical, not of 8 bits, of two or more than four
    /// components, sampled at ratios that are not whole, or of more than <see cref="ImageLimits.MaximumPixels"/>.
    /// </exception>
    public static RgbImage Decode(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith<byte>([0xFF, JpegMarker.StartOfImage, 0xFF]))
        {
            throw new ImageFormatException("the JPEG file does not start with a start marker and another", 0);
        }

        FrameHeader? frame = null;
        ColorSpace? space = null;
        var tables = new DecodingTables();
        var hints = new ColorHints();
        var budget = new ScanBudget(file.Length);
        var reader = new SegmentReader(file) { Position = 2 };
        while (true)
        {
            byte marker = reader.NextMarker();
            int offset = reader.Position;
            switch (marker)
            {
                case JpegMarker.BaselineFrame or JpegMarker.ExtendedFrame or JpegMarker.ProgressiveFrame:
                    frame = frame is null
                        ? FrameHeader.Read(marker, reader.Segment("frame"), offset + 2)
                        : throw new ImageFormatException("the JPEG file has a second frame", offset);
                    break;
                case JpegMarker.StartOfScan:
                    if (frame is null)
                    {
                        throw new ImageFormatException("the JPEG file has a scan before its frame header", offset);
                    }

                    var scan = ScanHeader.Read(reader.Segment("scan"), frame, offset + 2);
                    space ??= hints.Of(frame);
                    budget.Take(scan, frame, reader.Position);
                    reader.Position = DecodeScan(file, reader.Position, frame, scan, tables);
                    break;
                case JpegMarker.EndOfImage:
                    return FrameReconstruction.Image(CompleteFrame(frame, offset), space.GetValueOrDefault());
                default:
                    ReadOther(marker, ref reader, tables, hints);
                    break;
            }
        }
    }

    /// <summary>Takes the segments that hold no part of the image.</summary>
    private static void ReadOther(byte marker, ref SegmentReader reader, DecodingTables tables, ColorHints hints)
    {
        int offset = reader.Position;
        switch (marker)
        {
            case JpegMarker.QuantizationTables:
                tables.ReadQuantization(reader.Segment("quantization table"), offset);
                break;
            case JpegMarker.HuffmanTables:
                tables.ReadHuffman(reader.Segment("Huffman table"), offset);
                break;
            case JpegMarker.RestartInterval:
                tables.ReadRestartInterval(reader.Segment("restart interval"), offset);
                break;
            case JpegMarker.FirstApplication:
                hints.ReadApplication0(reader.OptionalSegment("application"));
                break;
            case JpegMarker.Adobe:
                hints.ReadApplication14(reader.OptionalSegment("application"));
                break;
            case >= JpegMarker.FirstApplication and <= JpegMarker.LastApplication:
            case JpegMarker.Comment or JpegMarker.NumberOfLines or JpegMarker.ArithmeticConditioning:
                reader.OptionalSegment($"FF{marker:X2}");
                break;
            case JpegMarker.Tem or (>= JpegMarker.FirstRestart and <= JpegMarker.LastRestart):
                break;
            case JpegMarker.StartOfImage:
                throw new ImageFormatException("the JPEG file has a second start marker before its end", offset);
            default:
                throw new ImageFormatException(JpegMarker.Unsupported(marker), offset);
        }
    }

    private static int DecodeScan(ReadOnlySpan<byte> file, int start, FrameHeader frame, ScanHeader scan, DecodingTables tables)
    {
        foreach (ScanComponent part in scan.Components)
        {
            Component component = part.Component;
            component.LatchQuantization(tables, scan.Offset);
            if (frame.Progressive)
            {
                component.Precision.Take(scan);
                component.AllocateCoefficients();
            }
            else if (component.Samples.Length == 0)
            {
                component.AllocateSamples();
            }
            else
            {
                throw new ImageFormatException($"the JPEG file has a second scan of component {component.Id}", scan.Offset);
            }
        }

        return !frame.Progressive ? SequentialScan.Decode(file, start, frame, scan, tables)
            : scan.First == 0 ? ProgressiveDcScan.Decode(file, start, frame, scan, tables)
            : ProgressiveAcScan.Decode(file, start, scan, tables);
    }

    private static FrameHeader CompleteFrame(FrameHeader? frame, int offset)
    {
        if (frame is null)
        {
            throw new ImageFormatException("the JPEG file has no image", offset);
        }

        foreach (Component component in frame.Components)
        {
            if (component.Quantization is null)
            {
                throw new ImageFormatException($"the JPEG file has no scan of component {component.Id}", offset);
            }
        }

        return frame;
    }
}
