using SanityChecks.RunFiles;

namespace SanityChecks.Networks.WeightFiles;

/// <summary>The folder in which downloaded weights are kept.</summary>
public static class WeightCache
{
    /// <summary>The environment variable that names the folder.</summary>
    public const string Variable = "SANITYCHECKS_CACHE";

    /// <summary>
    /// <c>SANITYCHECKS_CACHE</c>; else <c>sanitychecks</c> in the user's cache folder: LocalApplicationData on Windows, elsewhere
    /// <c>XDG_CACHE_HOME</c> or <c>~/.cache</c>. It need not exist.
    /// </summary>
    /// <exception cref="InputException">There is neither such a variable nor a home folder.</exception>
    public static string Folder() => Folder(Environment.GetEnvironmentVariable, OperatingSystem.IsWindows());

    /// <summary>The same for any environment.</summary>
    /// <param name="variable">The value of an environment variable, or null.</param>
    /// <param name="windows">Whether LocalApplicationData is the user's cache folder.</param>
    /// <exception cref="InputException">There is neither such a variable nor a home folder.</exception>
    public static string Folder(Func<string, string?> variable, bool windows)
    {
        ArgumentNullException.ThrowIfNull(variable);
        if (variable(Variable) is { Length: > 0 } chosen)
        {
            return Path.GetFullPath(chosen);
        }

        string? parent;
        if (windows)
        {
            parent = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        }
        else if (variable("XDG_CACHE_HOME") is { Length: > 0 } cache && Path.IsPathRooted(cache))
        {
            // The XDG specification has relative paths ignored.
            parent = cache;
        }
        else
        {
            parent = variable("HOME") is { Length: > 0 } home ? Path.Combine(home, ".cache") : null;
        }

        return string.IsNullOrEmpty(parent)
            ? throw new InputException($"there is no home folder to keep weights in; set {Variable} to a folder")
            : Path.Combine(parent, "sanitychecks");
    }
}
