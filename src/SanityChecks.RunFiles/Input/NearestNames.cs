namespace SanityChecks.RunFiles;

/// <summary>Names like the one that somebody mistyped, for error messages.</summary>
public static class NearestNames
{
    /// <summary>The candidates nearest to a text, nearest first.</summary>
    /// <param name="text">What was typed; letter case does not matter.</param>
    /// <param name="candidates">The valid names.</param>
    /// <param name="count">At most so many are returned.</param>
    /// <returns>
    /// First those that begin with the text, then those with a word that does, then those within an edit distance of a
    /// third of the text's length, at least 2; equally near ones in ordinal order. Empty when nothing is near.
    /// </returns>
    public static IReadOnlyList<string> Of(string text, IEnumerable<string> candidates, int count = 5)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(candidates);
        string wanted = text.Trim().ToLowerInvariant();
        if (wanted.Length == 0)
        {
            return [];
        }

        int furthest = Math.Max(2, wanted.Length / 3);
        return [.. candidates.Distinct(StringComparer.Ordinal)
            .Select(name => (Name: name, Rank: Rank(wanted, name.ToLowerInvariant(), furthest)))
            .Where(one => one.Rank <= furthest)
            .OrderBy(one => one.Rank).ThenBy(one => one.Name, StringComparer.Ordinal)
            .Take(count).Select(one => one.Name)];
    }

    /// <summary>"; did you mean 'a', 'b'?", or an empty text when nothing is near.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="candidates">The valid names.</param>
    public static string Hint(string text, IEnumerable<string> candidates)
    {
        IReadOnlyList<string> nearest = Of(text, candidates);
        return nearest.Count == 0 ? "" : $"; did you mean {string.Join(", ", nearest.Select(name => $"'{name}'"))}?";
    }

    private static int Rank(string wanted, string name, int furthest)
    {
        if (name.StartsWith(wanted, StringComparison.Ordinal))
        {
            return -1;
        }

        if (name.Contains(' ' + wanted, StringComparison.Ordinal))
        {
            return 0;
        }

        return Math.Abs(name.Length - wanted.Length) > furthest ? int.MaxValue : EditDistance.Between(wanted, name);
    }
}
