using System.Security.Cryptography;
using System.Text;

namespace SanityChecks.RunFiles;

/// <summary>Names of files that are made of texts from anywhere: paths, addresses, names of classes.</summary>
public static class FileStem
{
    // Bytes of UTF-8. The limit is 255, of which endings, numbers and what is added while a file is written take some; names of encrypted
    // folders have 143.
    private const int LongestName = 120;

    /// <summary>A name without folder and ending that every file system takes; a long one loses its end, for which a part of its hash
    /// stands.</summary>
    /// <param name="text">Any text; separators of folders, control characters and what Windows forbids become hyphens.</param>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string stem = string.Concat(text.Select(c => "/\\:*?\"<>|".Contains(c, StringComparison.Ordinal) || char.IsControl(c) ? '-' : c));
        return Encoding.UTF8.GetByteCount(stem) <= LongestName ? stem : Shortened(stem);
    }

    private static string Shortened(string stem)
    {
        string hash = "-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(stem)))[..8];
        var kept = new StringBuilder();
        int left = LongestName - hash.Length;
        foreach (Rune rune in stem.EnumerateRunes())
        {
            if ((left -= rune.Utf8SequenceLength) < 0)
            {
                break;
            }

            kept.Append(rune.ToString());
        }

        return kept + hash;
    }
}
