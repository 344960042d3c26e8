namespace SanityChecks.Images;

/// <summary>Pictures of masks and boxes.</summary>
public static class MaskPicture
{
    private const byte Middle = 128;

    /// <summary>A mask in white on black.</summary>
    /// <param name="mask">Rows from the top.</param>
    /// <param name="width">Pixels a row.</param>
    public static RgbImage Of(IReadOnlyList<bool> mask, int width)
    {
        ArgumentNullException.ThrowIfNull(mask);
        byte[] pixels = new byte[3 * mask.Count];
        for (int i = 0; i < mask.Count; i++)
        {
            pixels.AsSpan(3 * i, 3).Fill(mask[i] ? byte.MaxValue : byte.MinValue);
        }

        return new RgbImage(width, mask.Count / width, pixels);
    }

    /// <summary>The mask that a picture shows: what is nearer to white than to black, by its red.</summary>
    public static bool[] Read(RgbImage picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        bool[] mask = new bool[picture.Width * picture.Height];
        for (int i = 0; i < mask.Length; i++)
        {
            mask[i] = picture.Pixels[3 * i] >= Middle;
        }

        return mask;
    }

    /// <summary>The pixels of a mask on white ground.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="mask">Of the picture's size.</param>
    public static RgbImage OnWhite(RgbImage image, IReadOnlyList<bool> mask)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(mask);
        byte[] pixels = [.. image.Pixels];
        for (int i = 0; i < mask.Count; i++)
        {
            if (!mask[i])
            {
                pixels.AsSpan(3 * i, 3).Fill(byte.MaxValue);
            }
        }

        return new RgbImage(image.Width, image.Height, pixels);
    }

    /// <summary>The picture with the outline of a box, two pixels wide on its inner side.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="box">Within it.</param>
    /// <param name="color">The outline's.</param>
    public static RgbImage WithBox(RgbImage image, PixelBox box, Rgb color)
    {
        ArgumentNullException.ThrowIfNull(image);
        byte[] pixels = [.. image.Pixels];
        for (int y = box.Top; y < box.Bottom; y++)
        {
            for (int x = box.Left; x < box.Right; x++)
            {
                int inside = Math.Min(Math.Min(x - box.Left, box.Right - 1 - x), Math.Min(y - box.Top, box.Bottom - 1 - y));
                if (inside < 2)
                {
                    color.WriteTo(pixels.AsSpan(3 * ((y * image.Width) + x), 3));
                }
            }
        }

        return new RgbImage(image.Width, image.Height, pixels);
    }
}
