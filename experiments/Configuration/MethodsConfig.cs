using SanityChecks.Saliency.Attribution;

namespace SanityChecks.Experiments.Configuration;

/// <summary>The key <c>methods</c>: names, or sections of a name, the method's parameters, and <c>as</c> for a name of its own in
/// results; or <c>all</c>, every method that the network allows, with its defaults.</summary>
internal sealed class MethodsConfig(ConfigSection root, ConfigVocabulary vocabulary, ConfigProblems problems)
{
    private const string Key = "methods", Name = "name", All = "all";

    private readonly List<ConfigSection> sections = [];

    /// <summary>The entries that are sections, after they were read.</summary>
    public IReadOnlyList<ConfigSection> Sections => sections;

    /// <summary>Whether the key said <c>all</c>.</summary>
    public bool AreAll { get; private set; }

    /// <summary>A method as a resolved configuration has it: its name, or everything where it has parameters or a name of its
    /// own.</summary>
    public static string Spelled(ConfiguredMethod method) =>
        ParametersConfig.Spelled(method.Method.Name, method.Values, method.Id == method.Method.Name ? [] : [(ResultName.Key, method.Id)]);

    /// <summary>The methods; <paramref name="whenAbsent"/> where the key is absent.</summary>
    public IReadOnlyList<ConfiguredMethod> Read(IReadOnlyList<ConfiguredMethod> whenAbsent)
    {
        string[] names = [.. vocabulary.Methods.Select(method => method.Name)];
        var methods = new List<ConfiguredMethod>();
        if (root.SectionsOrNames(Key, $"must be a list of names from: {string.Join(", ", names)}") is not { } entries)
        {
            return whenAbsent;
        }

        if (entries is [var (only, _)] && only.Entries is [{ Key: Name, Value: ConfigScalar { Text: All } }])
        {
            AreAll = true;
            return [.. vocabulary.Methods.Select(method => ConfiguredMethod.Of(method))];
        }

        foreach ((ConfigSection section, Place place) in entries)
        {
            sections.Add(section);
            string name = section.Text(Name, "", $"must be one of {string.Join(", ", names)}");
            if (vocabulary.Methods.FirstOrDefault(method => method.Name == name) is not { } method)
            {
                problems.Add(place, Key, name.Length == 0 ? "an entry has no name" : NearestName.Explain(name, names));
                section.AllowAll();
                continue;
            }

            if (Configured(method, section) is { } configured)
            {
                if (methods.Exists(other => other.Id == configured.Id))
                {
                    problems.Add(place, Key, $"'{configured.Id}' is listed twice{(method.Parameters.Count > 0 ? $"; give one of them another name with {ResultName.Key}" : "")}");
                }

                methods.Add(configured);
            }
        }

        return methods;
    }

    private ConfiguredMethod? Configured(AttributionMethod method, ConfigSection section)
    {
        Dictionary<string, IReadOnlyList<string>> given = ParametersConfig.Read(section, method.Parameters, problems);
        return ResultName.Read(section, Key, method.Name, problems) is { } id ? ConfiguredMethod.Of(method, given, id) : null;
    }
}
