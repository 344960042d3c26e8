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

    /// <summary>Where a picture holds a smaller one, pixel by pixel.</summary>
    public static List<(int X, int Y)> Places(RgbImage picture, RgbImage tile)
    {
        List<(int X, int Y)> places = [];
        for (int y = 0; y <= picture.Height - tile.Height; y++)
        {
            for (int x = 0; x <= picture.Width - tile.Width; x++)
            {
                int row = 0;
                while (row < tile.Height && Row(picture, x, y + row, tile.Width).SequenceEqual(Row(tile, 0, row, tile.Width)))
                {
                    row++;
                }

                if (row == tile.Height)
                {
                    places.Add((x, y));
                }
            }
        }

        return places;
    }

    private static ReadOnlySpan<byte> Row(RgbImage image, int x, int y, int width) =>
        image.Pixels.AsSpan(3 * ((y * image.Width) + x), 3 * width);
}
