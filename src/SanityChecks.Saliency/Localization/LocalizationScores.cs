using SanityChecks.Compute;
using SanityChecks.Images;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Saliency.Localization;

/// <summary>Holds maps against the truth.</summary>
public static class LocalizationScores
{
    /// <summary>Random numbers of an image, the same for all its maps.</summary>
    /// <param name="seed">The experiment's.</param>
    /// <param name="image">The image's name.</param>
    public static RandomStream RandomOf(ulong seed, string image) => new(seed, 0, $"{image}/localization");

    /// <summary>The scores of a map.</summary>
    /// <param name="map">[H, W] or [C, H, W].</param>
    /// <param name="image">The picture that it explains, of its size.</param>
    /// <param name="truth">What it should find, in the map's pixels; null where nothing is known of the picture.</param>
    /// <param name="isTarget">Whether a name is that of the class whose map it is.</param>
    /// <param name="measures">The measures.</param>
    /// <param name="random">Random numbers that belong to the picture.</param>
    /// <param name="randomized">Whether it is a randomized network's map, for the status.</param>
    /// <returns>A score for each measure, from 0 to 1; without a value where there is no truth or the map marks nothing.</returns>
    /// <exception cref="ArgumentException">The map, the picture and the truth differ in size.</exception>
    public static SimilarityScore[] Of(
        SaliencyMap map, RgbImage image, ImageTruth? truth, Func<string, bool> isTarget, IReadOnlyList<ConfiguredLocalization> measures,
        RandomStream random, bool randomized = false)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(measures);
        (int, int) size = (map.Width, map.Height);
        if (size != (image.Width, image.Height) || (truth is not null && size != (truth.Width, truth.Height)))
        {
            throw new ArgumentException(
                $"A map of {map.Shape}, an image of {image.Width} x {image.Height} and a truth of {truth?.Width} x {truth?.Height} pixels.",
                nameof(map));
        }

        TruthRegion? region = truth is null ? null : TruthRegion.Of(truth, isTarget);
        var localized = new LocalizedMap(map, image, random);
        return [.. measures.Select(one => Of(localized, truth, region, one, randomized))];
    }

    private static SimilarityScore Of(
        LocalizedMap map, ImageTruth? truth, TruthRegion? region, ConfiguredLocalization measure, bool randomized)
    {
        if (Missing(truth, region, measure) is { } missing)
        {
            return new SimilarityScore(null, missing);
        }

        foreach (float value in map.Map.Values)
        {
            if (!float.IsFinite(value))
            {
                return new SimilarityScore(null, ScoreStatus.NonFinite(!randomized, randomized));
            }
        }

        SimilarityScore score = measure.Measure.Score(measure.Values, map, region!);
        return randomized ? score with { Status = ScoreStatus.OfRandomized(score.Status) } : score;
    }

    /// <summary>What each measure gives by chance: to a map that shows nothing.</summary>
    /// <param name="truth">As for the scores.</param>
    /// <param name="isTarget">As for the scores.</param>
    /// <param name="measures">The measures.</param>
    public static SimilarityScore[] ByChance(
        ImageTruth? truth, Func<string, bool> isTarget, IReadOnlyList<ConfiguredLocalization> measures)
    {
        ArgumentNullException.ThrowIfNull(measures);
        TruthRegion? region = truth is null ? null : TruthRegion.Of(truth, isTarget);
        return [.. measures.Select(one => Missing(truth, region, one) is { } missing
            ? new SimilarityScore(null, missing)
            : new SimilarityScore(one.Measure.Chance(one.Values, region!), ScoreStatus.Ok))];
    }

    private static string? Missing(ImageTruth? truth, TruthRegion? region, ConfiguredLocalization measure) =>
        truth is null ? ScoreStatus.NoTruth
        : region is null ? ScoreStatus.TruthOutside
        : measure.Measure.NeedsMasks && !region.HasMasks ? ScoreStatus.NoMask
        : null;
}
