namespace SanityChecks.Saliency.Similarity;

/// <summary>How similar a randomized map is to the original, and whether that number means something.</summary>
/// <param name="Value">The score, finite; null where the metric is undefined for the pair, never 0 in its place.</param>
/// <param name="Status">One of <see cref="ScoreStatus"/>; anything but <c>ok</c> counts as a dead or unusable map.</param>
public readonly record struct SimilarityScore(double? Value, string Status);
