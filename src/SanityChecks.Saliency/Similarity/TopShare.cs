namespace SanityChecks.Saliency.Similarity;

/// <summary>Which of a map's values are among its k largest.</summary>
/// <param name="Threshold">The k-th largest value.</param>
/// <param name="Share">The probability that a place with that very value is taken where ties are broken at random.</param>
internal readonly record struct TopShare(double Threshold, double Share)
{
    /// <summary>The probability that a place is among the k largest.</summary>
    /// <param name="value">The map's value there.</param>
    public double Of(double value) => value > Threshold ? 1 : value == Threshold ? Share : 0;

    /// <summary>Looks for the k largest.</summary>
    /// <param name="values">Finite values.</param>
    /// <param name="k">From 1 to the number of values.</param>
    public static TopShare Find(ReadOnlySpan<double> values, int k)
    {
        double[] sorted = MapArrays.Values.Rent(values.Length);
        values.CopyTo(sorted);
        sorted.AsSpan(0, values.Length).Sort();
        double threshold = sorted[values.Length - k];
        MapArrays.Values.Return(sorted);
        int above = 0, equal = 0;
        foreach (double value in values)
        {
            above += value > threshold ? 1 : 0;
            equal += value == threshold ? 1 : 0;
        }

        return new TopShare(threshold, (k - above) / (double)equal);
    }
}
