using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Saliency.Localization;

/// <summary>Why a map says nothing of a place.</summary>
internal static class MapStatus
{
    /// <summary>It has one value everywhere.</summary>
    public static SimilarityScore Constant { get; } = new(null, ScoreStatus.ConstantOriginal);

    /// <summary>No value of it is above 0.</summary>
    public static SimilarityScore NotPositive { get; } = new(null, ScoreStatus.NotPositiveOriginal);

    /// <summary>Whether all values are equal.</summary>
    public static bool IsConstant(SaliencyMap map) => !map.Values.ContainsAnyExcept(map.Values[0]);
}
