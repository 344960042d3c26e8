namespace SanityChecks.Saliency.Localization;

/// <summary>The list of measures of localization.</summary>
public static class LocalizationMeasures
{
    /// <summary>All of them, in the order in which lists show them.</summary>
    public static IReadOnlyList<LocalizationMeasure> All { get; } =
    [
        RegionOverlap.Box, RegionOverlap.Hit, RegionOverlap.Mask, RegionOverlap.GrabCut, PointingGame.Measure, RelevanceShare.Energy,
        RelevanceShare.MassAccuracy, RelevanceShare.RankAccuracy,
    ];

    /// <summary>Those that take no time, with their defaults.</summary>
    public static IReadOnlyList<ConfiguredLocalization> Quick { get; } =
        [.. All.Where(measure => !measure.IsSlow).Select(measure => ConfiguredLocalization.Of(measure))];
}
