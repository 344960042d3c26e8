using SanityChecks.RunFiles;
using SanityChecks.Saliency.Randomization;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Experiments.Configuration;

/// <summary>The choices of the test that could as well have been made otherwise, section <c>specifications</c>: all combinations of them
/// are scored (Simonsohn, Simmons and Nelson 2020, "Specification curve analysis").</summary>
/// <remarks>An empty list leaves the run's own value alone; a list always holds that value too, first where it is not written.</remarks>
public sealed record SpecificationsConfig
{
    /// <summary>The section.</summary>
    public const string Key = "specifications";

    /// <summary>Key <c>metrics</c>: names of metrics of the run; empty for all of them.</summary>
    public NameList Metrics { get; init; } = [];

    /// <summary>Key <c>maps</c>: what becomes of the maps' values before they are compared.</summary>
    public NameList Maps { get; init; } = [];

    /// <summary>Key <c>order</c>: orders of the layers.</summary>
    public NameList Order { get; init; } = [];

    /// <summary>Key <c>initializer</c>: initializers.</summary>
    public NameList Initializer { get; init; } = [];

    /// <summary>Key <c>target</c>: what is explained.</summary>
    public NameList Target { get; init; } = [];

    /// <summary>Whether there is nothing to compare.</summary>
    public bool IsEmpty => Maps.Count + Order.Count + Initializer.Count + Target.Count + Metrics.Count == 0;

    /// <summary>The keys with their values.</summary>
    internal IEnumerable<Setting> Settings() =>
    [
        List("metrics", Metrics), List("maps", Maps), List("order", Order), List("initializer", Initializer), List("target", Target),
    ];

    /// <summary>Reads the section.</summary>
    internal static SpecificationsConfig Read(ConfigSection section, ConfigVocabulary vocabulary, ExperimentConfig run)
    {
        NameList initializers = section.Names("initializer", [], vocabulary.Initializers);
        NameList orders = section.Names("order", [], Spelling.All<LayerOrder>());
        NameList maps = section.Names("maps", [], Spelling.All<MapValues>());
        return new SpecificationsConfig
        {
            Metrics = section.Names("metrics", [], [.. run.Metrics.Select(metric => metric.Id)]),
            Maps = With(maps, Spelling.Of(MapValues.Signed)),
            Order = With(orders, Spelling.Of(run.Randomization.Order)),
            Initializer = With(initializers, run.Randomization.Initializer),
            Target = With(section.Texts("target", [], "must be a list of what target allows"), run.Target),
        };
    }

    /// <summary>The metrics that are scored: the run's, and each one of the curve again for each other treatment of the maps' values,
    /// as <c>ssim_of_abs</c>.</summary>
    /// <param name="metrics">The run's; those that are there already stay.</param>
    internal IReadOnlyList<ConfiguredMetric> Extended(IReadOnlyList<ConfiguredMetric> metrics)
    {
        var all = metrics.ToList();
        foreach ((ConfiguredMetric metric, string maps, string id) in Scored(metrics))
        {
            if (all.TrueForAll(one => one.Id != id))
            {
                all.Add(ConfiguredMetric.Of(
                    metric.Metric,
                    metric.Values.All.ToDictionary(
                        one => one.Parameter.Name, one => one.Parameter.Name == Metric.ValuesKey ? [maps] : one.Value),
                    id));
            }
        }

        return all;
    }

    /// <summary>The metrics of the curve, each with each treatment of the maps.</summary>
    /// <param name="metrics">The run's, extended or not.</param>
    internal IEnumerable<(ConfiguredMetric Metric, string Maps, string Id)> Scored(IReadOnlyList<ConfiguredMetric> metrics)
    {
        string signed = Spelling.Of(MapValues.Signed);
        IReadOnlyList<string> maps = Maps.Count == 0 ? [signed] : Maps;
        return from metric in metrics
               where Metrics.Count == 0
                   ? metric.Values[Metric.ValuesKey] == signed && metric.Metric.Identical == 1
                   : Metrics.Contains(metric.Id)
               from values in maps
               select (metric, values, values == signed ? metric.Id : $"{metric.Id}_of_{values}");
    }

    /// <summary>The run once for each combination of what needs networks of its own, itself first.</summary>
    /// <param name="run">The run.</param>
    internal IEnumerable<Specification> Networks(ExperimentConfig run) =>
        from order in Or(Order, Spelling.Of(run.Randomization.Order))
        from initializer in Or(Initializer, run.Randomization.Initializer)
        from target in Or(Target, run.Target)
        select new Specification(order, initializer, target);

    private static Setting List(string key, NameList names) => new($"{Key}.{key}", [.. names.Select(YamlText.Scalar)], true);

    private static IEnumerable<string> Or(NameList names, string own) => names.Count == 0 ? [own] : names;

    /// <summary>The list with the run's own value, first.</summary>
    private static NameList With(NameList names, string own) =>
        names.Count == 0 ? names : [own, .. names.Where(name => name != own)];
}
