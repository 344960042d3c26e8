using System.Text;

namespace SanityChecks.Experiments.Configuration;

/// <summary>What a user wrote, made fit for a one-line message.</summary>
internal static class Quoting
{
    private const int Longest = 80;

    /// <summary>The text on one line, control characters as \uXXXX, cut after 80 characters with an ellipsis.</summary>
    public static string Shorten(string text)
    {
        var line = new StringBuilder();
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (line.Length >= Longest)
            {
                return line.Append('…').ToString();
            }

            line.Append(Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029 ? $"\\u{rune.Value:X4}" : rune.ToString());
        }

        return line.ToString();
    }
}
