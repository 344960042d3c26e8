using SkiaSharp;

namespace SanityChecks.Reporting.Fonts;

/// <summary>The typefaces of every picture, which travel with the program: what a system has installed changes nothing.</summary>
internal static class OpenSans
{
    /// <summary>The family's name.</summary>
    public const string Family = "Open Sans";

    /// <summary>For text.</summary>
    public static SKTypeface Regular { get; } = Load("OpenSans-Regular.ttf");

    /// <summary>For titles.</summary>
    public static SKTypeface Semibold { get; } = Load("OpenSans-Semibold.ttf");

    /// <summary>A font whose glyphs have the same outlines at any place and on every system: without hinting, at fractions of
    /// pixels.</summary>
    /// <param name="typeface">One of the two.</param>
    /// <param name="size">Pixels an em.</param>
    public static SKFont Font(SKTypeface typeface, float size) => new(typeface, size)
    {
        Hinting = SKFontHinting.None,
        Subpixel = true,
        LinearMetrics = true,
        Edging = SKFontEdging.Antialias,
    };

    private static SKTypeface Load(string resource)
    {
        using Stream file = typeof(OpenSans).Assembly.GetManifestResourceStream(resource)!;
        return SKTypeface.FromStream(file) ?? throw new InvalidDataException($"The font {resource} cannot be loaded.");
    }
}
