namespace SanityChecks.Saliency.Similarity;

/// <summary>A named similarity of two maps: the original and one of a randomized network.</summary>
public sealed class Metric
{
    private readonly Func<MapFeatures, MapFeatures, SimilarityScore> compare;

    /// <summary>Makes a metric.</summary>
    /// <param name="name">As written in configurations and in the <c>metric</c> column.</param>
    /// <param name="description">One line for people: what it measures, its range and what its ends mean.</param>
    /// <param name="smallestSide">The height and the width, in pixels, below which it is undefined; at least 1.</param>
    /// <param name="compare">Compares two finite maps of the same shape, neither smaller than <paramref name="smallestSide"/>.</param>
    public Metric(string name, string description, int smallestSide, Func<MapFeatures, MapFeatures, SimilarityScore> compare)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(smallestSide, 1);
        Name = name;
        Description = description;
        SmallestSide = smallestSide;
        this.compare = compare;
    }

    /// <summary>As written in configurations and in the <c>metric</c> column.</summary>
    public string Name { get; }

    /// <summary>One line for people: what it measures, its range and what its ends mean.</summary>
    public string Description { get; }

    /// <summary>The height and the width, in pixels, below which the metric is undefined.</summary>
    public int SmallestSide { get; }

    /// <summary>The similarity of two maps; a map compared with itself scores exactly 1 where the score is defined.</summary>
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

        return Math.Min(original.Height, original.Width) < SmallestSide
            ? new SimilarityScore(null, ScoreStatus.TooSmall)
            : compare(original, randomized);
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
