using SanityChecks.RunFiles;

namespace SanityChecks.Saliency.Similarity;

/// <summary>A number of one map alone, which helps to read its similarities.</summary>
/// <param name="Name">What the column <c>metric</c> says.</param>
/// <param name="Description">What it is, in a line.</param>
/// <param name="Of">The measure of a finite map [H, W]; null where it has none.</param>
public sealed record MapMeasure(string Name, string Description, Func<SaliencyMap, double?> Of);

/// <summary>What is recorded of every map beside its similarities.</summary>
public static class MapMeasures
{
    /// <summary>All of them, in the order of the rows.</summary>
    public static IReadOnlyList<MapMeasure> All { get; } =
    [
        new(MeasureNames.Zeros, "share of the pixels that are exactly 0", map => map.Values.Count(0f) / (double)map.Values.Length),
        new(MeasureNames.Neighbors, "correlation of each pixel with the one to its right and the one below, about the map's mean; -1 to 1",
            NeighborCorrelation),
    ];

    /// <summary>A measure of a map, or why it has none.</summary>
    /// <param name="measure">The measure.</param>
    /// <param name="map">The map.</param>
    /// <param name="features">What is known of it.</param>
    /// <param name="isOriginal">Whether it is the trained network's map.</param>
    public static SimilarityScore Score(MapMeasure measure, SaliencyMap map, MapFeatures features, bool isOriginal)
    {
        ArgumentNullException.ThrowIfNull(measure);
        ArgumentNullException.ThrowIfNull(features);
        if (!features.IsFinite)
        {
            return new SimilarityScore(null, ScoreStatus.NonFinite(isOriginal, !isOriginal));
        }

        return measure.Of(map) is { } value
            ? new SimilarityScore(value, ScoreStatus.Ok)
            : new SimilarityScore(null, ScoreStatus.Constant(isOriginal, !isOriginal));
    }

    private static double? NeighborCorrelation(SaliencyMap map)
    {
        int height = map.Height, width = map.Width;
        ReadOnlySpan<float> values = map.Values;
        double sum = 0, products = 0, squares = 0;
        foreach (float value in values)
        {
            sum += value;
        }

        double mean = sum / values.Length;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int at = (y * width) + x;
                double here = values[at] - mean;
                Add(here, x + 1 < width ? values[at + 1] - mean : double.NaN);
                Add(here, y + 1 < height ? values[at + width] - mean : double.NaN);
            }
        }

        return squares > 0 ? products / squares : null;

        void Add(double here, double there)
        {
            if (!double.IsNaN(there))
            {
                products += here * there;
                squares += ((here * here) + (there * there)) / 2;
            }
        }
    }
}
