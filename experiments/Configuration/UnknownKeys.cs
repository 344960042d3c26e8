namespace SanityChecks.Experiments.Configuration;

/// <summary>The keys in a file that nobody asked for, each with the one that was probably meant.</summary>
/// <param name="sections">Every section after it was read; the first is the whole file.</param>
/// <param name="problems">Receives one line for each unknown key.</param>
internal sealed class UnknownKeys(IReadOnlyList<ConfigSection> sections, ConfigProblems problems)
{
    /// <summary>Adds a problem for each unknown key.</summary>
    public void Report()
    {
        foreach (ConfigSection section in sections)
        {
            foreach (ConfigEntry entry in section.Entries.Where(entry => !section.Keys.Contains(entry.Key)))
            {
                problems.Add(
                    entry.Place, Quoting.Shorten(section.Full(entry.Key)), $"unknown key{Guess(section, entry.Key)}; {Allowed(section)}");
            }
        }
    }

    private static string Allowed(ConfigSection section) =>
        $"allowed {(section.Path.Length == 0 ? "at the top" : $"in {section.Path}")}: {string.Join(", ", section.Keys)}";

    private string Guess(ConfigSection section, string key)
    {
        if (key.Contains('.') && sections.Any(other => other.Keys.Any(name => other.Full(name) == key)))
        {
            return $", write '{key[..key.IndexOf('.', StringComparison.Ordinal)]}:' and the rest indented below it (dots are for --set)";
        }

        string? nearest = sections.FirstOrDefault(other => other.Keys.Contains(key))?.Full(key)
            ?? (NearestName.Suggest(key, section.Keys) is { } near ? section.Full(near) : null)
            ?? sections.Select(other => NearestName.Suggest(key, other.Keys) is { } far ? other.Full(far) : null)
                .FirstOrDefault(name => name is not null);
        return nearest is null ? "" : $", nearest is '{nearest}'";
    }
}
