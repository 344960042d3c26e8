namespace SanityChecks.Reporting.Grids;

/// <summary>Breaks titles into lines.</summary>
internal static class TextBlock
{
    /// <summary>Lines that are at most so wide, broken after a blank or after one of <c>. _ - /</c> (but no decimal point), or anywhere
    /// where a part is too wide.</summary>
    /// <param name="text">The title; blanks at a break disappear.</param>
    /// <param name="width">Pixels; a single character may be wider.</param>
    /// <param name="style">How it will be drawn.</param>
    public static List<string> Wrap(string text, int width, TextStyle style)
    {
        List<string> lines = [];
        string line = "";
        foreach (string part in Parts(text))
        {
            if (line.Length > 0 && style.Measure((line + part).TrimEnd()) > width)
            {
                lines.Add(line.TrimEnd());
                line = "";
            }

            line += part;
            while (line.Length > 1 && style.Measure(line.TrimEnd()) > width)
            {
                int fits = line.Length - 1;
                while (fits > 1 && style.Measure(line[..fits]) > width)
                {
                    fits--;
                }

                lines.Add(line[..fits]);
                line = line[fits..];
            }
        }

        lines.Add(line.TrimEnd());
        return lines;
    }

    /// <summary>The widest part that <see cref="Wrap"/> would not break if it could help it, in pixels.</summary>
    public static int WidestPart(string text, TextStyle style) => Parts(text).Max(part => style.Measure(part.TrimEnd()));

    /// <summary>The text, or as much of its beginning as fits with an ellipsis.</summary>
    public static string Shorten(string text, int width, TextStyle style)
    {
        string shown = text;
        for (int length = text.Length - 1; length > 0 && style.Measure(shown) > width; length--)
        {
            shown = text[..length].TrimEnd() + "…";
        }

        return shown;
    }

    private static IEnumerable<string> Parts(string text)
    {
        int start = 0;
        for (int i = 0; i < text.Length - 1; i++)
        {
            bool point = text[i] == '.' && i > 0 && char.IsAsciiDigit(text[i - 1]) && char.IsAsciiDigit(text[i + 1]);
            if (!point && text[i] is (' ' or '.' or '_' or '-' or '/'))
            {
                yield return text[start..(i + 1)];
                start = i + 1;
            }
        }

        yield return text[start..];
    }
}
