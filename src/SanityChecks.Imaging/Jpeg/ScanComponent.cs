namespace SanityChecks.Imaging.Jpeg;

/// <summary>A component's part in a scan.</summary>
/// <param name="Component">The component of the frame.</param>
/// <param name="DcSlot">Slot of its DC Huffman table, 0 to 15 as stored.</param>
/// <param name="AcSlot">Slot of its AC Huffman table, 0 to 15 as stored.</param>
internal sealed record ScanComponent(Component Component, int DcSlot, int AcSlot);
