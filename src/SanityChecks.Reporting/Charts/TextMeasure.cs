namespace SanityChecks.Reporting.Charts;

/// <summary>How much room text takes, without knowing the reader's font.</summary>
/// <remarks>Widths are those of a wide sans serif, so that a narrower one leaves air instead of an overlap.</remarks>
internal static class TextMeasure
{
    private const int LongestName = 36;

    /// <summary>Width of a line of text, in the units of the font size.</summary>
    public static double Width(string text, double size) => size * text.Sum(Advance);

    /// <summary>Breaks text at spaces into lines of at most a width; a longer word stands alone.</summary>
    public static IEnumerable<string> Wrap(string text, double size, double width)
    {
        string line = "";
        foreach (string word in text.Split(' '))
        {
            string longer = line.Length == 0 ? word : line + " " + word;
            if (line.Length > 0 && Width(longer, size) > width)
            {
                yield return line;
                longer = word;
            }

            line = longer;
        }

        yield return line;
    }

    /// <summary>A name of at most 36 characters: a longer one loses its middle.</summary>
    public static string Shorten(string name) =>
        name.Length <= LongestName ? name : name[..(LongestName / 2)] + "…" + name[^((LongestName / 2) - 1)..];

    private static double Advance(char c) => c switch
    {
        'i' or 'j' or 'l' or '.' or ',' or ':' or ';' or '\'' or '|' or '!' or 'I' => 0.33,
        'f' or 't' or 'r' or '(' or ')' or '-' or '/' or ' ' => 0.41,
        'm' or 'w' or 'M' or 'W' or '%' => 0.98,
        '…' or '=' or '±' or '×' => 0.9,
        >= 'A' and <= 'Z' => 0.72,
        > '\u2E80' => 1.05, // ideographs
        _ => 0.62,
    };
}
