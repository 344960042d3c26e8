namespace SanityChecks.Saliency.Similarity;

/// <summary>How a metric with chosen parameters compares maps.</summary>
/// <param name="Compare">Compares two finite maps of one shape that are not too small: first the original.</param>
/// <param name="SmallestSide">The height and the width, in pixels, below which it is undefined; 1 where rows and columns mean nothing
/// to it.</param>
/// <param name="SmallestCount">How many pixels a map has at least.</param>
public sealed record MapComparison(
    Func<MapFeatures, MapFeatures, SimilarityScore> Compare, int SmallestSide = 1, int SmallestCount = 1)
{
    /// <summary>Whether it looks at rows and columns: channels one after another are no map to it.</summary>
    public bool IsPlanar => SmallestSide > 1;
}
