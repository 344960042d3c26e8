using SanityChecks.Saliency.Localization;

namespace SanityChecks.Experiments.Configuration;

/// <summary>The key <c>localization</c>: a <see cref="ConfiguredList"/>, which may be empty.</summary>
internal sealed class LocalizationConfig(ConfigSection root, ConfigVocabulary vocabulary, ConfigProblems problems)
{
    /// <summary>The key.</summary>
    public const string Key = "localization";

    private readonly ConfiguredList list = new(
        root, Key, [.. vocabulary.Localization.Select(measure => (measure.Name, measure.Parameters))], problems, mayBeEmpty: true);

    /// <summary>The entries that are sections, after they were read.</summary>
    public IReadOnlyList<ConfigSection> Sections => list.Sections;

    /// <summary>A measure as a resolved configuration has it: everything, since each has parameters.</summary>
    public static string Spelled(ConfiguredLocalization measure) =>
        ConfiguredList.Spelled(measure.Measure.Name, measure.Id, measure.Values);

    /// <summary>The measures; <paramref name="whenAbsent"/> where the key is absent.</summary>
    public IReadOnlyList<ConfiguredLocalization> Read(IReadOnlyList<ConfiguredLocalization> whenAbsent) =>
        list.Read((at, _, given, id) => ConfiguredLocalization.Of(vocabulary.Localization[at], given, id)) ?? whenAbsent;
}
