namespace SanityChecks.Images;

/// <summary>A color of one byte a channel.</summary>
/// <param name="Red">0 to 255.</param>
/// <param name="Green">0 to 255.</param>
/// <param name="Blue">0 to 255.</param>
public readonly record struct Rgb(byte Red, byte Green, byte Blue)
{
    /// <summary>Writes red, green, blue to the first three bytes.</summary>
    /// <exception cref="IndexOutOfRangeException">There are fewer than three.</exception>
    public void WriteTo(Span<byte> pixel)
    {
        pixel[2] = Blue;
        pixel[1] = Green;
        pixel[0] = Red;
    }
}
