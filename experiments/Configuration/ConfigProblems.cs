namespace SanityChecks.Experiments.Configuration;

/// <summary>Where a value was written.</summary>
/// <param name="Text"><c>file:line</c>, the file alone for a key that it lacks, or the override as the user typed it.</param>
/// <param name="Rank">Sorts problems: the line in the file, then the overrides in their order.</param>
internal readonly record struct Place(string Text, int Rank)
{
    private const int FirstOverride = 1 << 30;

    public static Place Whole(string path) => new(path, 0);

    public static Place Line(string path, long line) => new($"{path}:{line}", (int)line);

    public static Place Override(GivenValue value, int index) => new(value.Written, FirstOverride + index);
}

/// <summary>The problems found so far, so that a user sees all of them at once.</summary>
internal sealed class ConfigProblems
{
    private readonly List<(Place Place, string Text)> problems = [];

    /// <summary>One problem as the line that the user reads.</summary>
    public static string Line(Place place, string key, string message) => $"{place.Text}: {key}: {message}";

    public void Add(Place place, string key, string message) => problems.Add((place, Line(place, key, message)));

    /// <exception cref="ConfigException">There is at least one problem; they are sorted by place.</exception>
    public void ThrowIfAny()
    {
        if (problems.Count > 0)
        {
            throw new ConfigException([.. problems.OrderBy(problem => problem.Place.Rank).Select(problem => problem.Text)]);
        }
    }
}
