using SanityChecks.RunFiles;
using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Saliency.Similarity;

/// <summary>A metric with the values of its parameters, under the name that its rows and charts have.</summary>
public sealed class ConfiguredMetric
{
    private readonly MapComparison comparison;
    private readonly MapValues mapValues;

    private ConfiguredMetric(Metric metric, ParameterValues values, string id)
    {
        (Metric, Values, Id) = (metric, values, id);
        comparison = metric.For(values);
        mapValues = Metric.ValuesOf(values);
    }

    /// <summary>The metric.</summary>
    public Metric Metric { get; }

    /// <summary>A value for each of its parameters.</summary>
    public ParameterValues Values { get; }

    /// <summary>The name in results, as in the <c>metric</c> column: the metric's, or another where one is used twice.</summary>
    public string Id { get; }

    /// <summary>Whether every parameter has its default.</summary>
    public bool HasDefaults => Values.All.All(one => one.Value.SequenceEqual(one.Parameter.Default));

    /// <summary>Whether it looks at rows and columns: channels one after another are no map to it.</summary>
    public bool IsPlanar => comparison.IsPlanar;

    /// <summary>A metric with its defaults.</summary>
    public static implicit operator ConfiguredMetric(Metric metric) => Of(metric);

    /// <summary>Sets a metric's parameters.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="given">Values by parameter, as configurations spell them; defaults stand for those that are not given.</param>
    /// <param name="id">The name in results; null for the metric's own.</param>
    /// <exception cref="InputException">A parameter is unknown, or its value is not allowed; the message says what is.</exception>
    public static ConfiguredMetric Of(
        Metric metric, IReadOnlyDictionary<string, IReadOnlyList<string>>? given = null, string? id = null)
    {
        ArgumentNullException.ThrowIfNull(metric);
        return new ConfiguredMetric(
            metric, ParameterValues.Of(metric.Name, metric.Parameters, given ?? new Dictionary<string, IReadOnlyList<string>>()),
            id ?? metric.Name);
    }

    /// <summary>The score of two maps; a map compared with itself gives <see cref="Metric.Identical"/> where the score is
    /// defined.</summary>
    /// <param name="original">Features of the trained network's map; what they compute is kept for the next comparison.</param>
    /// <param name="randomized">Features of the map to compare, of the same shape.</param>
    /// <returns>
    /// A score without a value for a non-finite map, else for maps that are too small, else for a constant map.
    /// </returns>
    /// <exception cref="ArgumentException">The maps differ in shape.</exception>
    public SimilarityScore Score(MapFeatures original, MapFeatures randomized)
    {
        ArgumentNullException.ThrowIfNull(original);
        ArgumentNullException.ThrowIfNull(randomized);
        if (original.Shape != randomized.Shape)
        {
            throw new ArgumentException(
                $"Only maps of the same shape can be compared; the original is {original.Shape}, the randomized {randomized.Shape}.",
                nameof(randomized));
        }

        if (!original.IsFinite || !randomized.IsFinite)
        {
            return new SimilarityScore(null, ScoreStatus.NonFinite(!original.IsFinite, !randomized.IsFinite));
        }

        bool isTooSmall = Math.Min(original.Height, original.Width) < comparison.SmallestSide
            || original.Height * original.Width < comparison.SmallestCount;
        return isTooSmall ? new SimilarityScore(null, ScoreStatus.TooSmall)
            : comparison.Compare(original.As(mapValues), randomized.As(mapValues));
    }

    /// <summary>The name in results.</summary>
    public override string ToString() => Id;
}
