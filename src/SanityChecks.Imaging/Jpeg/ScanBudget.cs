namespace SanityChecks.Imaging.Jpeg;

/// <summary>Keeps the work of a file with many scans in proportion to what the file holds.</summary>
/// <remarks>
/// A progressive scan of a huge image can be a few bytes long and still touch every block. Encoders write about ten scans;
/// the format allows thousands.
/// </remarks>
/// <param name="fileLength">Bytes of the file.</param>
internal sealed class ScanBudget(int fileLength)
{
    private const int FreePasses = 50;
    private const int BlocksPerByte = 200;

    private long _visited;

    /// <summary>Counts a scan's blocks.</summary>
    /// <exception cref="ImageFormatException">
    /// The scan's data is shorter than one of this kind can be, or the file's scans touch more blocks than 50 times the whole
    /// image and than 200 for each byte of the file.
    /// </exception>
    public void Take(ScanHeader scan, FrameHeader frame, int dataStart)
    {
        // Each Huffman code has a bit at least; a sequential block has two codes, and one code can end the band of 32767 blocks.
        long blocks = scan.Blocks(frame);
        long leastBits = !frame.Progressive ? 2 * blocks : scan.First == 0 ? blocks : blocks / short.MaxValue;
        if (leastBits > 8L * (fileLength - dataStart))
        {
            throw new ImageFormatException($"the JPEG file is truncated: {frame.Width} x {frame.Height} pixels need more data", fileLength);
        }

        _visited += blocks;
        long whole = frame.Components.Sum(c => (long)c.PaddedBlocksAcross * c.PaddedBlocksDown);
        if (_visited > Math.Max(FreePasses * whole, (long)BlocksPerByte * fileLength))
        {
            throw new ImageFormatException("the JPEG file has too many scans for its length", scan.Offset);
        }
    }
}
