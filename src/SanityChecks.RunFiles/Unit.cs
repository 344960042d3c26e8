using System.Globalization;

namespace SanityChecks.RunFiles;

/// <summary>The smallest part of a run that is finished or not: one image through all networks of one draw. Known before anything is
/// computed.</summary>
/// <param name="Image">The image's id.</param>
/// <param name="Draw">From 1. The first has the rows of the untouched network too, which no draw changes.</param>
public readonly record struct Unit(string Image, int Draw)
{
    /// <summary>The unit that a row with this image and draw belongs to.</summary>
    /// <param name="image">The row's image.</param>
    /// <param name="draw">The row's draw; 0 at step 0.</param>
    public static Unit OfRow(string image, int draw) => new(image, Math.Max(1, draw));

    /// <summary>The unit's id: <c>n01440764/a.png, draw 1</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Image}, draw {Draw}");
}
