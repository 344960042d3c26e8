namespace SanityChecks.Images.Sources;

/// <summary>Where a file or folder is, whatever links lead to it.</summary>
internal static class RealPath
{
    // As many as Linux follows before it calls them a loop.
    private const int MostLinks = 40;

    /// <summary>The full path without a link in it; of a path that cannot be followed, as far as it goes.</summary>
    public static string Of(string path)
    {
        string real = Path.GetFullPath(path);
        for (int links = 0; links < MostLinks && FirstLink(real) is (string link, string target); links++)
        {
            string rest = Path.GetRelativePath(link, real);
            string followed = Path.GetFullPath(target, Path.GetDirectoryName(link)!);
            real = rest == "." ? followed : Path.Combine(followed, rest);
        }

        return Path.TrimEndingDirectorySeparator(real);
    }

    /// <summary>Whether a folder is another one or lies above it; both as <see cref="Of"/> gives them.</summary>
    public static bool Holds(string folder, string other) =>
        other == folder || other.StartsWith(
            Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static (string Link, string Target)? FirstLink(string path)
    {
        string root = Path.GetPathRoot(path)!, folder = root;
        foreach (string part in path[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            folder = Path.Combine(folder, part);
            if (new FileInfo(folder).LinkTarget is string target)
            {
                return (folder, target);
            }
        }

        return null;
    }
}
