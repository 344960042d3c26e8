using SanityChecks.Compute;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Experiments.Execution;

/// <summary>What the maps of a batch are compared with.</summary>
/// <remarks>Different maps may be set and compared at the same time.</remarks>
/// <param name="plan">Says which references, metrics and methods.</param>
/// <param name="ids">The images of the batch.</param>
internal sealed class BatchReferences(Plan plan, IReadOnlyList<string> ids) : IDisposable
{
    private readonly IReadOnlyList<(ConfiguredMethod Method, string Resolution)> compared = plan.Compared;

    // [image, compared map, reference]; null where the run has no such map.
    private readonly MapFeatures?[,,] features = new MapFeatures?[ids.Count, plan.Compared.Count, plan.References.Count];

    /// <summary>Makes the references of an image and method.</summary>
    /// <param name="image">Which of the batch.</param>
    /// <param name="method">Which of the plan's compared maps.</param>
    /// <param name="map">The trained network's map, [H, W].</param>
    /// <param name="own">What is known of it: where a reference is that map itself, nothing is computed again.</param>
    /// <param name="other">The trained network's map of another image; null where the run has none.</param>
    /// <param name="otherTraining">Another trained network's map of the image; null where the run has none.</param>
    public void Set(
        int image, int method, SaliencyMap map, MapFeatures own, SaliencyMap? other, SaliencyMap? otherTraining)
    {
        for (int i = 0; i < plan.References.Count; i++)
        {
            MapReference reference = plan.References[i];
            var stream = new RandomStream(
                plan.Config.Seed, 0, $"reference/{reference.Name}/{compared[method].Method.Id}/{ids[image]}");
            SaliencyMap? made = reference.Of(new ReferenceSource(map, other, stream, otherTraining));
            features[image, method, i] = made is null ? null : ReferenceEquals(made, map) ? own : new MapFeatures(made);
        }
    }

    /// <summary>A map's similarity to a reference.</summary>
    /// <param name="image">Which of the batch.</param>
    /// <param name="method">Which of the plan's compared maps.</param>
    /// <param name="reference">Which of the plan.</param>
    /// <param name="metric">The similarity.</param>
    /// <param name="map">What is known of the map.</param>
    public SimilarityScore Score(int image, int method, int reference, ConfiguredMetric metric, MapFeatures map) =>
        features[image, method, reference] is { } other
            ? metric.Score(other, map)
            : new SimilarityScore(null, ScoreStatus.NoOtherImage);

    /// <summary>Gives the arrays of all references back.</summary>
    public void Dispose()
    {
        foreach (MapFeatures? one in features)
        {
            one?.Dispose();
        }
    }
}
