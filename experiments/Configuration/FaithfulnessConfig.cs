using SanityChecks.Saliency.Faithfulness;

namespace SanityChecks.Experiments.Configuration;

/// <summary>The key <c>faithfulness</c>: names, or sections of a name, the measure's parameters, and <c>as</c> for a name of its own in
/// results.</summary>
internal sealed class FaithfulnessConfig(ConfigSection root, ConfigVocabulary vocabulary, ConfigProblems problems)
{
    private const string Key = "faithfulness", Name = "name";

    private readonly List<ConfigSection> sections = [];

    /// <summary>The entries that are sections, after they were read.</summary>
    public IReadOnlyList<ConfigSection> Sections => sections;

    /// <summary>A measure as a resolved configuration has it: everything, since each has parameters.</summary>
    public static string Spelled(ConfiguredFaithfulness measure) =>
        ParametersConfig.Spelled(
            measure.Measure.Name, measure.Values, measure.Id == measure.Measure.Name ? [] : [(ResultName.Key, measure.Id)]);

    /// <summary>The measures; none where the key is absent or its list empty.</summary>
    public IReadOnlyList<ConfiguredFaithfulness> Read()
    {
        string[] names = [.. vocabulary.Faithfulness.Select(measure => measure.Name)];
        var measures = new List<ConfiguredFaithfulness>();
        foreach ((ConfigSection section, Place place) in
            root.SectionsOrNames(Key, $"must be a list of names from: {string.Join(", ", names)}", mayBeEmpty: true) ?? [])
        {
            sections.Add(section);
            string name = section.Text(Name, "", $"must be one of {string.Join(", ", names)}");
            if (vocabulary.Faithfulness.FirstOrDefault(measure => measure.Name == name) is not { } measure)
            {
                problems.Add(place, Key, name.Length == 0 ? "an entry has no name" : NearestName.Explain(name, names));
                section.AllowAll();
                continue;
            }

            Dictionary<string, IReadOnlyList<string>> given = ParametersConfig.Read(section, measure.Parameters, problems);
            if (ResultName.Read(section, Key, measure.Name, problems) is not { } id)
            {
                continue;
            }

            if (measures.Exists(other => other.Id == id))
            {
                problems.Add(place, Key, $"'{id}' is listed twice; give one of them another name with {ResultName.Key}");
            }

            if (vocabulary.Metrics.Contains(id))
            {
                problems.Add(section.PlaceOf(ResultName.Key), $"{Key}.{ResultName.Key}", $"'{id}' is the name of a metric");
            }

            measures.Add(ConfiguredFaithfulness.Of(measure, given, id));
        }

        return measures;
    }
}
