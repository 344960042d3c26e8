using System.Buffers.Binary;

namespace SanityChecks.Imaging.Jpeg;

/// <summary>What the SOF segment says (ITU-T T.81 section B.2.2).</summary>
internal sealed class FrameHeader
{
    private FrameHeader(int width, int height, bool progressive, Component[] components)
    {
        Width = width;
        Height = height;
        Progressive = progressive;
        Components = components;
        LargestHorizontal = components.Max(c => c.Horizontal);
        LargestVertical = components.Max(c => c.Vertical);
        foreach (Component component in components)
        {
            component.SetSize(width, height, LargestHorizontal, LargestVertical);
        }
    }

    /// <summary>Pixels a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Whether coefficients come spread over several scans.</summary>
    public bool Progressive { get; }

    /// <summary>One, three or four.</summary>
    public Component[] Components { get; }

    /// <summary>Largest sampling factor of the components, across.</summary>
    public int LargestHorizontal { get; }

    /// <summary>Largest sampling factor of the components, down.</summary>
    public int LargestVertical { get; }

    /// <summary>MCUs a row of an interleaved scan.</summary>
    public int McusAcross => Components[0].PaddedBlocksAcross / Components[0].Horizontal;

    /// <summary>Rows of MCUs of an interleaved scan.</summary>
    public int McusDown => Components[0].PaddedBlocksDown / Components[0].Vertical;

    /// <summary>Reads the segment.</summary>
    /// <param name="marker">SOF0, SOF1 or SOF2.</param>
    /// <param name="segment">Its contents.</param>
    /// <param name="offset">Where they start in the file.</param>
    /// <exception cref="ImageFormatException">
    /// Malformed; not of 8 bits; an unsupported number or sampling of components; too large.
    /// </exception>
    public static FrameHeader Read(byte marker, ReadOnlySpan<byte> segment, int offset)
    {
        if (segment.Length < 6 || segment.Length != 6 + 3 * segment[5])
        {
            throw new ImageFormatException("the frame header has an impossible length", offset);
        }

        int height = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]);
        int width = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]);
        int count = segment[5];
        string? refusal = (segment[0], width, height, count) switch
        {
            (not 8, _, _, _) => $"JPEG with {segment[0]} bits a sample is not supported",
            (_, _, 0, _) => "JPEG whose height is not in its header is not supported",
            (_, 0, _, _) => "the image has no columns",
            (_, _, _, not (1 or 3 or 4)) => $"JPEG with {count} components is not supported",
            _ when (long)width * height > ImageLimits.MaximumPixels =>
                $"{width} x {height} pixels are more than the {ImageLimits.MaximumPixels} that are decoded",
            _ => null,
        };
        if (refusal is not null)
        {
            throw new ImageFormatException(refusal, offset);
        }

        var components = new Component[count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = segment.Slice(6 + 3 * i, 3);
            components[i] = new Component
            {
                Id = entry[0],
                Horizontal = entry[1] >> 4,
                Vertical = entry[1] & 15,
                QuantizationSlot = entry[2],
            };
        }

        CheckSampling(components, offset);
        return new FrameHeader(width, height, marker == JpegMarker.ProgressiveFrame, components);
    }

    private static void CheckSampling(Component[] components, int offset)
    {
        foreach (Component component in components)
        {
            if (component.Horizontal is < 1 or > 4 || component.Vertical is < 1 or > 4)
            {
                throw new ImageFormatException($"sampling factors {component.Horizontal}x{component.Vertical} are outside 1 to 4", offset);
            }
        }

        foreach (Component component in components)
        {
            if (components.Max(c => c.Horizontal) % component.Horizontal != 0 || components.Max(c => c.Vertical) % component.Vertical != 0)
            {
                throw new ImageFormatException("JPEG sampled at a ratio that is not whole is not supported", offset);
            }
        }
    }
}
