using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Saliency.Similarity;

/// <summary>A way of comparing two maps: the original and one of a randomized network.</summary>
public sealed class Metric
{
    /// <summary>The parameter that says what becomes of both maps' values before this metric alone compares them.</summary>
    public const string ValuesKey = "values";

    private static readonly ChoiceParameter ValuesChoice = new(
        ValuesKey, ["signed", "abs", "positive"],
        "what becomes of both maps' values before they are compared: signed (as maps.values left them), abs or positive")
    {
        IsTacit = true,
    };

    private readonly Func<ParameterValues, MapComparison> prepare;
    private readonly Lazy<ConfiguredMetric> standard;

    /// <summary>Makes a metric.</summary>
    /// <param name="name">As written in configurations.</param>
    /// <param name="description">One line for people: what it measures, its range and what its ends mean.</param>
    /// <param name="unrelated">What maps that have nothing to do with each other are expected to give; null where that depends on the
    /// maps.</param>
    /// <param name="parameters">What it can be told, beside <see cref="ValuesKey"/>, which every metric has.</param>
    /// <param name="prepare">The comparison for values of the parameters.</param>
    public Metric(
        string name, string description, string? unrelated, IReadOnlyList<Parameter> parameters,
        Func<ParameterValues, MapComparison> prepare)
    {
        Name = name;
        Description = description;
        Unrelated = unrelated;
        Parameters = [.. parameters, ValuesChoice];
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

    /// <summary>What becomes of both maps' values first.</summary>
    /// <param name="values">A value for each of its parameters.</param>
    public static MapValues ValuesOf(ParameterValues values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Enum.Parse<MapValues>(values[ValuesKey], ignoreCase: true);
    }

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
