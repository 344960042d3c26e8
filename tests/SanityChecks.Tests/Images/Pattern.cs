using SanityChecks.Images;

namespace SanityChecks.Tests.Images;

/// <summary>Images from arithmetic alone, which a few lines of Python make again for Pillow to work on.</summary>
internal static class Pattern
{
    /// <summary>Byte i is the top byte of a 32-bit linear congruential generator's state after i + 1 steps.</summary>
    public static RgbImage Noise(int width, int height, uint seed)
    {
        byte[] pixels = new byte[3 * width * height];
        uint state = seed;
        for (int i = 0; i < pixels.Length; i++)
        {
            state = unchecked((state * 1664525) + 1013904223);
            pixels[i] = (byte)(state >> 24);
        }

        return new RgbImage(width, height, pixels);
    }
}
