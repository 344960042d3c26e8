using System.Buffers.Binary;

namespace SanityChecks.Imaging.Png;

/// <summary>The numbers stand for themselves in the file (PNG specification, table 11.1).</summary>
internal enum PngColorType : byte
{
    Grey = 0,
    Rgb = 2,
    Palette = 3,
    GreyAlpha = 4,
    RgbAlpha = 6,
}

/// <summary>The checked content of an IHDR chunk.</summary>
/// <param name="Width">Pixels a row, at least 1.</param>
/// <param name="Height">Rows, at least 1; <c>Width * Height</c> is within <see cref="ImageLimits.MaximumPixels"/>.</param>
/// <param name="BitDepth">Bits a sample: 1, 2, 4, 8 or 16, as the colour type allows.</param>
/// <param name="ColorType">Which samples a pixel has.</param>
/// <param name="Interlaced">Whether the rows come in the seven passes of Adam7.</param>
internal readonly record struct PngHeader(int Width, int Height, int BitDepth, PngColorType ColorType, bool Interlaced)
{
    /// <summary>Length of the chunk's data.</summary>
    public const int Length = 13;

    private int SamplesPerPixel => ColorType switch
    {
        PngColorType.GreyAlpha => 2,
        PngColorType.Rgb => 3,
        PngColorType.RgbAlpha => 4,
        _ => 1,
    };

    /// <summary>Distance to the byte that a filter calls "left": a whole pixel, at least one byte.</summary>
    public int FilterStride => Math.Max(1, SamplesPerPixel * BitDepth / 8);

    /// <summary>Bytes of a row of so many pixels, without its filter byte.</summary>
    public int RowBytes(int pixels) => (int)((((long)pixels * SamplesPerPixel * BitDepth) + 7) / 8);

    /// <summary>Reads the chunk's data, which begins at <paramref name="offset"/> in the file.</summary>
    /// <exception cref="ImageFormatException">A value that the specification does not allow, or an image beyond the limit.</exception>
    public static PngHeader Parse(ReadOnlySpan<byte> data, long offset)
    {
        if (data.Length != Length)
        {
            throw new ImageFormatException($"PNG header of {data.Length} bytes instead of {Length}", offset);
        }

        uint width = BinaryPrimitives.ReadUInt32BigEndian(data);
        uint height = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        if (width == 0 || height == 0 || (ulong)width * height > (ulong)ImageLimits.MaximumPixels)
        {
            throw new ImageFormatException(
                $"PNG image of {width} x {height} pixels; the limit is 1 to {ImageLimits.MaximumPixels} pixels", offset);
        }

        int depth = data[8];
        int color = data[9];
        bool allowed = color switch
        {
            0 => depth is 1 or 2 or 4 or 8 or 16,
            3 => depth is 1 or 2 or 4 or 8,
            2 or 4 or 6 => depth is 8 or 16,
            _ => false,
        };
        if (!allowed)
        {
            throw new ImageFormatException($"PNG colour type {color} with {depth} bits a sample", offset + 8);
        }

        if (data[10] != 0 || data[11] != 0 || data[12] > 1)
        {
            throw new ImageFormatException(
                $"PNG compression {data[10]}, filter {data[11]}, interlace {data[12]}; known are 0, 0 and 0 or 1", offset + 10);
        }

        return new PngHeader((int)width, (int)height, depth, (PngColorType)color, data[12] == 1);
    }
}
