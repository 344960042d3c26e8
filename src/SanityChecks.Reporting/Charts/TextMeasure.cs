using System.Text;
using System.Xml;
using SanityChecks.Reporting.Fonts;
using SkiaSharp;

namespace SanityChecks.Reporting.Charts;

/// <summary>Makes text fit: what can be drawn of it, how wide it is, and where it breaks.</summary>
internal static class TextMeasure
{
    private const int LongestName = 36;

    // Both typefaces have the same characters.
    private static readonly SKFont Characters = OpenSans.Font(OpenSans.Regular, 1);

    /// <summary>Width of a line of text, in pixels.</summary>
    public static float Width(string text, float size, bool semibold = false)
    {
        using SKFont font = OpenSans.Font(semibold ? OpenSans.Semibold : OpenSans.Regular, size);
        return font.MeasureText(text);
    }

    /// <summary>Breaks text at spaces into lines of at most a width; a longer word stands alone.</summary>
    public static IEnumerable<string> Wrap(string text, float size, bool semibold, float width)
    {
        string line = "";
        foreach (string word in Drawable(text).Split(' '))
        {
            string longer = line.Length == 0 ? word : line + " " + word;
            if (line.Length > 0 && Width(longer, size, semibold) > width)
            {
                yield return line;
                longer = word;
            }

            line = longer;
        }

        yield return line;
    }

    /// <summary>A name of at most 36 characters: a longer one loses its middle.</summary>
    public static string Shorten(string name)
    {
        string drawn = Drawable(name).Trim();
        return drawn.Length <= LongestName ? drawn : drawn[..(LongestName / 2)] + "…" + drawn[^((LongestName / 2) - 1)..];
    }

    /// <summary>Text in one line of characters that the font has: U+FFFD for all others.</summary>
    public static string Drawable(string text) => Replace(text, Characters.ContainsGlyph);

    /// <summary>Text in one line that XML can hold: U+FFFD for control characters and for halves of surrogate pairs.</summary>
    public static string Clean(string text) => Replace(text, character => character > 0xFFFF || XmlConvert.IsXmlChar((char)character));

    private static string Replace(string text, Func<int, bool> keep)
    {
        var clean = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            clean.Append((Rune.IsWhiteSpace(rune) ? new Rune(' ') : keep(rune.Value) ? rune : Rune.ReplacementChar).ToString());
        }

        return clean.ToString();
    }
}
