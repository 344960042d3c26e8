using SanityChecks.RunFiles;

namespace SanityChecks.Saliency.Similarity;

/// <summary>A number that compares a network with the trained one on one image, by their answers instead of their maps.</summary>
/// <param name="Words">How results call and chart it.</param>
/// <param name="Compare">The measure, from the logits of the trained network and of the other, both [classes].</param>
public sealed record NetworkMeasure(MeasureRecord Words, Func<IReadOnlyList<float>, IReadOnlyList<float>, SimilarityScore> Compare)
{
    /// <summary>What the column <c>metric</c> says.</summary>
    public string Name => Words.Name;
}
