using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Saliency.Similarity;

/// <summary>A way of comparing two maps: the original and one of a randomized network.</summary>
public sealed class Metric
{
    private readonly Func<ParameterValues, MapComparison> prepare;
    private readonly Lazy<ConfiguredMetric> standard;

    /// <summary>Makes a metric.</summary>
    /// <param name="name">As written in configurations.</param>
    /// <param name="description">One line for people: what it measures, its range and what its ends mean.</param>
    /// <param name="unrelated">What maps that have nothing to do with each other are expected to give; null where that depends on the
    /// maps.</param>
    /// <param name="parameters">What it can be told.</param>
    /// <param name="prepare">The comparison for values of the parameters.</param>
    public Metric(
        string name, string description, string? unrelated, IReadOnlyList<Parameter> parameters,
        Func<ParameterValues, MapComparison> prepare)
    {
        Name = name;
        Description = description;
        Unrelated = unrelated;
        Parameters = parameters;
        this.prepare = prepare;
        standard = new Lazy<ConfiguredMetric>(() => ConfiguredMetric.Of(this));
    }

    /// <summary>As written in configurations, and in the <c>metric</c> column where no other name is given.</summary>
    public string Name { get; }

    /// <summary>One line for people: what it measures, its range and what its ends mean.</summary>
    public string Description { get; }

    /// <summary>What a map gives compared with itself: 1 for a similarity.</summary>
    public double Identical { get; init; } = 1;

    /// <summary>What maps that have nothing to do with each other are expected to give, in words; null where that depends on the
    /// maps.</summary>
    public string? Unrelated { get; }

    /// <summary>What it can be told.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The comparison for values of the parameters.</summary>
    public MapComparison For(ParameterValues values) => prepare(values);

    /// <summary>The score with the defaults; see <see cref="ConfiguredMetric.Score"/>.</summary>
    /// <param name="original">Features of the trained network's map.</param>
    /// <param name="randomized">Features of the map to compare, of the same shape.</param>
    /// <exception cref="ArgumentException">The maps differ in shape.</exception>
    public SimilarityScore Score(MapFeatures original, MapFeatures randomized) => standard.Value.Score(original, randomized);

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
