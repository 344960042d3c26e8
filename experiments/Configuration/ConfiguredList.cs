using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Experiments.Configuration;

/// <summary>A key that lists things of a catalogue with their parameters: names, or sections of a name, the parameters, and <c>as</c> for
/// another name in results.</summary>
/// <param name="root">The section that has the key.</param>
/// <param name="key">The key.</param>
/// <param name="catalogue">What there is: its name and its parameters.</param>
/// <param name="problems">Receives the problems.</param>
/// <param name="mayBeEmpty">Whether an empty list is allowed.</param>
internal sealed class ConfiguredList(
    ConfigSection root, string key, IReadOnlyList<(string Name, IReadOnlyList<Parameter> Parameters)> catalogue, ConfigProblems problems,
    bool mayBeEmpty = false)
{
    /// <summary>The key of an entry's name in results.</summary>
    public const string As = "as";

    private const string Name = "name";

    private readonly string[] names = [.. catalogue.Select(one => one.Name)];
    private readonly List<ConfigSection> sections = [];
    private readonly Lazy<IReadOnlyList<(ConfigSection Section, Place Place)>?> entries = new(
        () => root.SectionsOrNames(
            key, $"must be a list of names from: {string.Join(", ", catalogue.Select(one => one.Name))}", mayBeEmpty));

    /// <summary>The entries that are sections, after they were read.</summary>
    public IReadOnlyList<ConfigSection> Sections => sections;

    /// <summary>Whether the only entry is this name.</summary>
    public bool IsOnly(string name) => entries.Value is [var (only, _)]
        && only.Entries is [{ Key: Name, Value: ConfigScalar { Text: var text } }] && text == name;

    /// <summary>An entry as a resolved configuration has it: its name, or everything where it has values or a name of its own.</summary>
    /// <param name="name">The name in the catalogue.</param>
    /// <param name="id">The name in results.</param>
    /// <param name="values">The values.</param>
    /// <param name="more">Further keys and values.</param>
    public static string Spelled(string name, string id, ParameterValues values, params IEnumerable<(string Key, string Value)> more) =>
        ParametersConfig.Spelled(name, values, [.. more, .. id == name ? Array.Empty<(string, string)>() : [(As, id)]]);

    /// <summary>The entries; null where the key is absent.</summary>
    /// <param name="configure">Makes an entry of its place in the catalogue, its section, the given values and its name in
    /// results.</param>
    public IReadOnlyList<T>? Read<T>(Func<int, ConfigSection, Dictionary<string, IReadOnlyList<string>>, string, T> configure)
    {
        if (entries.Value is null)
        {
            return null;
        }

        var read = new List<T>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach ((ConfigSection section, Place place) in entries.Value)
        {
            sections.Add(section);
            string name = section.Text(Name, "", $"must be one of {string.Join(", ", names)}");
            int found = Array.IndexOf(names, name);
            if (found < 0)
            {
                problems.Add(place, key, name.Length == 0 ? "an entry has no name" : NearestName.Explain(name, names));
                section.AllowAll();
                continue;
            }

            IReadOnlyList<Parameter> parameters = catalogue[found].Parameters;
            Dictionary<string, IReadOnlyList<string>> given = ParametersConfig.Read(section, parameters, problems);
            if (IdOf(section, name) is not { } id)
            {
                continue;
            }

            if (!ids.Add(id))
            {
                problems.Add(
                    place, key,
                    $"'{id}' is listed twice{(parameters.Count > 0 ? $"; give one of them another name with {As}" : "")}");
            }

            read.Add(configure(found, section, given, id));
        }

        return read;
    }

    private string? IdOf(ConfigSection section, string name)
    {
        string id = section.Text(As, name, "must be a name for results, of small letters, digits and underscores");
        if (id.Length is 0 or > 40 || id.AsSpan().ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789_")
            || !char.IsAsciiLetterLower(id[0]))
        {
            problems.Add(
                section.PlaceOf(As), $"{key}.{As}",
                $"must be a name of up to 40 small letters, digits and underscores that begins with a letter, not '{Quoting.Shorten(id)}'");
            return null;
        }

        return id;
    }
}
