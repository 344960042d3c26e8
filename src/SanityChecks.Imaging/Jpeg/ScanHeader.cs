namespace SanityChecks.Imaging.Jpeg;

/// <summary>What the SOS segment says (ITU-T T.81 section B.2.3).</summary>
internal sealed class ScanHeader
{
    private const int MostBlocksInMcu = 10;

    private ScanHeader(ScanComponent[] components, ReadOnlySpan<byte> parameters, int offset)
    {
        Components = components;
        First = parameters[0];
        Last = parameters[1];
        HighBit = parameters[2] >> 4;
        LowBit = parameters[2] & 15;
        Offset = offset;
    }

    /// <summary>The components with their tables' slots, in the frame's order.</summary>
    public ScanComponent[] Components { get; }

    /// <summary>First coefficient, by zigzag position.</summary>
    public int First { get; }

    /// <summary>Last coefficient, by zigzag position.</summary>
    public int Last { get; }

    /// <summary>Lowest bit known before the scan; 0 in a coefficient's first scan.</summary>
    public int HighBit { get; }

    /// <summary>Lowest bit known after the scan.</summary>
    public int LowBit { get; }

    /// <summary>Whether the scan adds a bit to coefficients of an earlier one.</summary>
    public bool IsRefinement => HighBit != 0;

    /// <summary>Whether blocks of several components alternate.</summary>
    public bool IsInterleaved => Components.Length > 1;

    /// <summary>Where the segment's contents start in the file.</summary>
    public int Offset { get; }

    private int BlocksInMcu => IsInterleaved ? Components.Sum(c => c.Component.Horizontal * c.Component.Vertical) : 1;

    /// <summary>Number of MCU rows.</summary>
    public int McusDown(FrameHeader frame) => IsInterleaved ? frame.McusDown : Components[0].Component.BlocksDown;

    /// <summary>Number of MCUs in a row.</summary>
    public int McusAcross(FrameHeader frame) => IsInterleaved ? frame.McusAcross : Components[0].Component.BlocksAcross;

    /// <summary>Number of blocks of all components.</summary>
    public long Blocks(FrameHeader frame) =>
        (long)McusDown(frame) * McusAcross(frame) * BlocksInMcu;

    /// <summary>Reads the segment.</summary>
    /// <exception cref="ImageFormatException">
    /// Malformed; a component that the frame lacks, or out of the frame's order; more than 10 blocks in an MCU;
    /// in a progressive file, a band or bit range that T.81 does not allow.
    /// </exception>
    public static ScanHeader Read(ReadOnlySpan<byte> segment, FrameHeader frame, int offset)
    {
        if (segment.Length < 6 || segment.Length != 4 + 2 * segment[0] || segment[0] > 4)
        {
            throw new ImageFormatException("the scan header has an impossible length", offset);
        }

        var components = new ScanComponent[segment[0]];
        int next = 0;
        for (int i = 0; i < components.Length; i++)
        {
            byte id = segment[1 + 2 * i];
            byte slots = segment[2 + 2 * i];
            while (next < frame.Components.Length && frame.Components[next].Id != id)
            {
                next++;
            }

            if (next == frame.Components.Length)
            {
                throw new ImageFormatException($"the scan names component {id}, which the frame does not have, or not here", offset);
            }

            components[i] = new ScanComponent(frame.Components[next++], slots >> 4, slots & 15);
        }

        var scan = new ScanHeader(components, segment[^3..], offset);
        if (scan.BlocksInMcu > MostBlocksInMcu)
        {
            throw new ImageFormatException($"the scan has more than {MostBlocksInMcu} blocks in an MCU", offset);
        }

        // A sequential file's values are fixed, but there are files with zeros in their place: they are not looked at.
        return !frame.Progressive || scan.IsPossibleProgression()
            ? scan
            : throw new ImageFormatException("the scan has a coefficient or bit range that progressive JPEG does not allow", offset);
    }

    private bool IsPossibleProgression() =>
        (First == 0 ? Last == 0 : First <= Last && Last < 64 && !IsInterleaved)
        && (HighBit == 0 || LowBit == HighBit - 1)
        && LowBit <= 13;
}
