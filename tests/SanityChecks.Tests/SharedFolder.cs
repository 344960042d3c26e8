using System.Runtime.CompilerServices;

namespace SanityChecks.Tests;

/// <summary>The folder beside the repository with reference numbers, photographs and weights; it is not part of the product.</summary>
internal static class SharedFolder
{
    /// <summary>The repository's root, found from where this file was compiled.</summary>
    public static string RepositoryRoot { get; } = Root();

    /// <summary>Full path of a file or folder in it; skips the running test, and says so, where it is absent.</summary>
    public static string PathOrSkip(string relative)
    {
        string path = Path.Combine(RepositoryRoot, "..", "shared", relative);
        Assert.SkipUnless(Path.Exists(path), $"needs ../shared/{relative}, which is not here");
        return Path.GetFullPath(path);
    }

    private static string Root([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));
}
