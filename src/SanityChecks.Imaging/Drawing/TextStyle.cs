namespace SanityChecks.Imaging.Drawing;

/// <summary>Where a line of text runs.</summary>
internal enum TextDirection
{
    /// <summary>From left to right.</summary>
    Right,

    /// <summary>From the bottom to the top, letters turned to the left.</summary>
    Up,

    /// <summary>From the lower left to the upper right, at 45 degrees.</summary>
    Diagonal,
}

/// <summary>How text looks.</summary>
/// <param name="Size">Height of a line in pixels, tails included; capitals are 0.72 of it.</param>
/// <param name="Color">The ink.</param>
/// <param name="Weight">Width of the pen, 1 for normal.</param>
internal readonly record struct TextStyle(double Size, Rgb Color, double Weight = 1)
{
    /// <summary>Pixels from the base line to the middle of a capital's top stroke; whole, so that strokes fall on rows of pixels.</summary>
    public int CapitalHeight => (int)Math.Round(0.72 * Size);

    /// <summary>The same for small letters.</summary>
    public int SmallHeight => (int)Math.Round(0.53 * Size);

    /// <summary>The same for tails, downwards.</summary>
    public int TailDepth => (int)Math.Round(0.21 * Size);

    /// <summary>Diameter of the pen in pixels; never so thin that strokes turn grey.</summary>
    public double PenWidth => Math.Max(1.15, 0.093 * Size) * Weight;
}
