using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Experiments.Configuration;

/// <summary>The key <c>metrics</c>: a <see cref="ConfiguredList"/>.</summary>
internal sealed class MetricsConfig(ConfigSection root, ConfigVocabulary vocabulary, ConfigProblems problems)
{
    /// <summary>The key.</summary>
    public const string Key = "metrics";

    private readonly ConfiguredList list =
        new(root, Key, [.. vocabulary.Metrics.Select(metric => (metric.Name, metric.Parameters))], problems);

    /// <summary>The entries that are sections, after they were read.</summary>
    public IReadOnlyList<ConfigSection> Sections => list.Sections;

    /// <summary>A metric as a resolved configuration has it: its name where it has its defaults, as earlier versions wrote it, else
    /// everything.</summary>
    public static string Spelled(ConfiguredMetric metric) => metric.HasDefaults && metric.Id == metric.Metric.Name
        ? metric.Id
        : ConfiguredList.Spelled(metric.Metric.Name, metric.Id, metric.Values);

    /// <summary>The metrics; <paramref name="whenAbsent"/> where the key is absent.</summary>
    public IReadOnlyList<ConfiguredMetric> Read(IReadOnlyList<ConfiguredMetric> whenAbsent) =>
        list.Read((at, _, given, id) => ConfiguredMetric.Of(vocabulary.Metrics[at], given, id)) ?? whenAbsent;
}
