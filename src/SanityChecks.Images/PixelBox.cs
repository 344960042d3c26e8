namespace SanityChecks.Images;

/// <summary>A box of whole pixels.</summary>
/// <param name="Left">The first column.</param>
/// <param name="Top">The first row.</param>
/// <param name="Width">Columns, at least 1.</param>
/// <param name="Height">Rows, at least 1.</param>
public readonly record struct PixelBox(int Left, int Top, int Width, int Height)
{
    /// <summary>Pixels in it.</summary>
    public long Area => (long)Width * Height;

    /// <summary>The first column behind it.</summary>
    public int Right => Left + Width;

    /// <summary>The first row below it.</summary>
    public int Bottom => Top + Height;

    /// <summary>The smallest box around the pixels of a mask; null where it has none.</summary>
    /// <param name="mask">Rows from the top.</param>
    /// <param name="width">Pixels a row.</param>
    public static PixelBox? Around(ReadOnlySpan<bool> mask, int width)
    {
        int left = int.MaxValue, top = int.MaxValue, right = -1, bottom = -1;
        for (int i = 0; i < mask.Length; i++)
        {
            if (mask[i])
            {
                (left, right) = (Math.Min(left, i % width), Math.Max(right, i % width));
                (top, bottom) = (Math.Min(top, i / width), Math.Max(bottom, i / width));
            }
        }

        return right < 0 ? null : new PixelBox(left, top, right - left + 1, bottom - top + 1);
    }

    /// <summary>Pixels in both boxes, as a part of those in either: 1 for equal boxes, 0 for boxes that share no pixel.</summary>
    public double IntersectionOverUnion(PixelBox other)
    {
        long across = Math.Max(0, Math.Min(Right, other.Right) - Math.Max(Left, other.Left));
        long shared = across * Math.Max(0, Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top));
        return shared / (double)(Area + other.Area - shared);
    }
}
