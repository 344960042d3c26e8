namespace SanityChecks.Saliency.Similarity;

/// <summary>By which part the entropy of a map's values rises from the original to the randomized network's: (H(b) - H(a)) /
/// H(a).</summary>
/// <remarks>
/// The score of efficient MPRT (Hedström et al. 2024, "A Fresh Look at Sanity Checks for Saliency Maps", equation 5), which does not
/// compare places at all: a map that depends on what was learned is expected to become less ordered. The entropy is natural, of a histogram
/// of 100 equal bins from the map's own smallest to its own largest value: neither a map's scale nor a shift counts, but its sign does.
/// Equals
/// <c>discrete_entropy</c> of Quantus (understandable-machine-intelligence-lab/Quantus@85bc29d, quantus/functions/complexity_func.py) on
/// values in double precision.
/// </remarks>
public static class EntropyRise
{
    private const int Bins = 100;

    /// <summary><c>entropy_rise</c>: undefined for a constant map, whose entropy is 0.</summary>
    public static Metric Metric { get; } = new(
        "entropy_rise", "rise of the entropy of the map's histogram as a part of it (eMPRT), above -1; 0 for the same map, no similarity",
        null, [], _ => new MapComparison(Compare))
    {
        Identical = 0,
    };

    /// <summary>The entropy of a map's histogram, in nats.</summary>
    /// <param name="values">Finite values, not all equal.</param>
    /// <param name="smallest">The smallest of them.</param>
    /// <param name="largest">The largest; 100 divided by the range must be finite.</param>
    internal static double EntropyOf(ReadOnlySpan<double> values, double smallest, double largest)
    {
        // As numpy.histogram: a value near an edge belongs where a comparison with the edge itself puts it.
        double step = (largest - smallest) / Bins, perValue = Bins / (largest - smallest);
        Span<double> edges = stackalloc double[Bins + 1];
        for (int edge = 0; edge < Bins; edge++)
        {
            edges[edge] = (edge * step) + smallest;
        }

        edges[Bins] = largest;
        Span<int> counts = stackalloc int[Bins];
        counts.Clear();
        foreach (double value in values)
        {
            int bin = Math.Min((int)((value - smallest) * perValue), Bins - 1);
            bin -= value < edges[bin] ? 1 : 0;
            bin += bin < Bins - 1 && value >= edges[bin + 1] ? 1 : 0;
            counts[bin]++;
        }

        double entropy = 0;
        foreach (int count in counts)
        {
            double part = count / (double)values.Length;
            entropy -= count == 0 ? 0 : part * Math.Log(part);
        }

        return entropy;
    }

    private static SimilarityScore Compare(MapFeatures original, MapFeatures randomized)
    {
        string status = ScoreStatus.Constant(original.IsConstant, randomized.IsConstant);
        return status == ScoreStatus.Ok
            ? new SimilarityScore((randomized.Entropy - original.Entropy) / original.Entropy, status)
            : new SimilarityScore(null, status);
    }
}
