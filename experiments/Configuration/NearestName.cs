using SanityChecks.RunFiles;

namespace SanityChecks.Experiments.Configuration;

/// <summary>The name that a user probably meant.</summary>
public static class NearestName
{
    /// <summary>The candidate with the fewest typing errors between it and the name, or null where none is near.</summary>
    /// <param name="name">What the user typed.</param>
    /// <param name="candidates">The names that would be right; the first wins a tie.</param>
    /// <returns>
    /// A candidate with at most one error, or one for every three characters of the longer of the two; an error is a character too many,
    /// missing, wrong or swapped with its neighbour. Capitals count as small letters, and a hyphen or a space as an underscore. Where no
    /// candidate is so near: the one nearest in length that begins with the name or that the name begins with (three characters or more).
    /// Null for a name past 100 characters.
    /// </returns>
    public static string? Suggest(string name, IEnumerable<string> candidates)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(candidates);
        if (name.Length > 100)
        {
            return null;
        }

        string typed = Fold(name);
        var folded = candidates.Select(candidate => (Name: candidate, Folded: Fold(candidate))).ToList();
        string? nearest = folded
            .Select(
                candidate => (candidate.Name, Errors: EditDistance.Between(typed, candidate.Folded),
                    Longer: Math.Max(typed.Length, candidate.Folded.Length)))
            .Where(candidate => candidate.Errors <= Math.Max(1, candidate.Longer / 3) && candidate.Errors < candidate.Longer)
            .OrderBy(candidate => candidate.Errors)
            .FirstOrDefault().Name;
        return nearest ?? folded
            .Where(candidate => Math.Min(typed.Length, candidate.Folded.Length) >= 3)
            .Where(candidate => candidate.Folded.StartsWith(typed, StringComparison.Ordinal)
                || typed.StartsWith(candidate.Folded, StringComparison.Ordinal))
            .OrderBy(candidate => Math.Abs(candidate.Folded.Length - typed.Length))
            .FirstOrDefault().Name;
    }

    /// <summary>Half a sentence for an unknown name: the name, the nearest right one where there is one, and all that are
    /// allowed.</summary>
    /// <param name="name">What the user typed.</param>
    /// <param name="allowed">The names that would be right.</param>
    /// <returns>For example <c>'ssimm' is not known, nearest is 'ssim'; allowed: spearman, ssim</c>.</returns>
    public static string Explain(string name, IReadOnlyList<string> allowed)
    {
        ArgumentNullException.ThrowIfNull(allowed);
        string? nearest = Suggest(name, allowed);
        string guess = nearest is null ? "" : $", nearest is '{nearest}'";
        return $"'{Quoting.Shorten(name)}' is not known{guess}; allowed: {string.Join(", ", allowed)}";
    }

    private static string Fold(string name) => name.Trim().ToLowerInvariant().Replace('-', '_').Replace(' ', '_');
}
