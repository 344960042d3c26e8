namespace SanityChecks.Saliency.Similarity;

/// <summary>The list of metrics.</summary>
public static class Metrics
{
    /// <summary>All metrics, in the order in which tables show them.</summary>
    public static IReadOnlyList<Metric> All { get; } =
    [
        Spearman.Signed, Spearman.Absolute, Ssim.Metric, HogSimilarity.Metric, Pearson.Metric, TopKOverlap.Metric, EntropyRise.Metric,
    ];

    /// <summary>The metric of a name.</summary>
    /// <param name="name">As in <see cref="Metric.Name"/>, to the letter.</param>
    /// <exception cref="ArgumentException">No metric has that name; the message lists the names.</exception>
    public static Metric Find(string name) =>
        All.FirstOrDefault(metric => metric.Name == name)
        ?? throw new ArgumentException($"There is no metric '{name}'; there are {string.Join(", ", All)}.", nameof(name));
}
