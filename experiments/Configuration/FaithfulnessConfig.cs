using SanityChecks.Saliency.Faithfulness;

namespace SanityChecks.Experiments.Configuration;

/// <summary>The key <c>faithfulness</c>: a <see cref="ConfiguredList"/>, which may be empty.</summary>
internal sealed class FaithfulnessConfig(ConfigSection root, ConfigVocabulary vocabulary, ConfigProblems problems)
{
    private const string Key = "faithfulness";

    private readonly ConfiguredList list = new(
        root, Key, [.. vocabulary.Faithfulness.Select(measure => (measure.Name, measure.Parameters))], problems, mayBeEmpty: true);

    /// <summary>The entries that are sections, after they were read.</summary>
    public IReadOnlyList<ConfigSection> Sections => list.Sections;

    /// <summary>A measure as a resolved configuration has it: everything, since each has parameters.</summary>
    public static string Spelled(ConfiguredFaithfulness measure) =>
        ConfiguredList.Spelled(measure.Measure.Name, measure.Id, measure.Values);

    /// <summary>The measures; none where the key is absent or its list empty.</summary>
    public IReadOnlyList<ConfiguredFaithfulness> Read() => list.Read((at, section, given, id) =>
    {
        if (vocabulary.Metrics.Any(metric => metric.Name == id))
        {
            problems.Add(section.PlaceOf(ConfiguredList.As), $"{Key}.{ConfiguredList.As}", $"'{id}' is the name of a metric");
        }

        return ConfiguredFaithfulness.Of(vocabulary.Faithfulness[at], given, id);
    }) ?? [];
}
