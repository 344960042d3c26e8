namespace SanityChecks.Experiments.Configuration;

/// <summary>The key <c>as</c> of an entry of a list: a name of its own in results.</summary>
internal static class ResultName
{
    /// <summary>The key.</summary>
    public const string Key = "as";

    /// <summary>The name; null with a problem where it is not allowed.</summary>
    /// <param name="section">The entry.</param>
    /// <param name="list">The key of the list.</param>
    /// <param name="whenAbsent">The name where none is given.</param>
    /// <param name="problems">Receives the problem.</param>
    public static string? Read(ConfigSection section, string list, string whenAbsent, ConfigProblems problems)
    {
        string name = section.Text(Key, whenAbsent, "must be a name for results, of small letters, digits and underscores");
        if (name.Length is > 0 and <= 40 && !name.AsSpan().ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789_")
            && char.IsAsciiLetterLower(name[0]))
        {
            return name;
        }

        problems.Add(
            section.PlaceOf(Key), $"{list}.{Key}",
            $"must be a name of up to 40 small letters, digits and underscores that begins with a letter, not '{Quoting.Shorten(name)}'");
        return null;
    }
}
