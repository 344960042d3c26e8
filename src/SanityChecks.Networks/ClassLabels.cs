using System.Text;
using SanityChecks.RunFiles;

namespace SanityChecks.Networks;

/// <summary>Text files that name the classes of a network: one on each line, in the order of the logits.</summary>
public static class ClassLabels
{
    private const int LargestFile = 1 << 24;

    /// <summary>The names in a file.</summary>
    /// <param name="path">Text in UTF-8; blank lines at its end do not count.</param>
    /// <param name="count">How many classes the network has.</param>
    /// <exception cref="InputException">The file cannot be read, a line among the names is blank, or there are another number of
    /// names.</exception>
    public static IReadOnlyList<string> Read(string path, int count)
    {
        string text;
        try
        {
            byte[] bytes = RegularFile.ReadAllBytes(path);
            text = bytes.Length <= LargestFile
                ? Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF')
                : throw new InputException($"{path}: {bytes.Length} bytes are no list of classes; one name on each line is expected");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new InputException($"{path}: the list of classes cannot be read: {error.Message}", error);
        }

        string[] names = [.. text.TrimEnd().Split('\n').Select(line => line.Trim())];
        int blank = Array.IndexOf(names, "");
        return blank >= 0 && names.Length > 1
            ? throw new InputException($"{path}:{blank + 1}: a blank line among the classes; one name on each line is expected")
            : names.Length == count
                ? names
                : throw new InputException($"{path}: names {names.Length} classes, but the network has {count}");
    }
}
