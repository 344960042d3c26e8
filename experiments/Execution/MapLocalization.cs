using SanityChecks.Saliency;
using SanityChecks.Saliency.Localization;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Experiments.Execution;

/// <summary>How well the maps of a batch find the objects of its images.</summary>
/// <param name="plan">Says which measures.</param>
/// <param name="images">The batch.</param>
internal sealed class MapLocalization(Plan plan, IReadOnlyList<PreparedImage> images)
{
    /// <summary>Holds a map against the truth; at once on several threads.</summary>
    /// <param name="image">Which image's map it is.</param>
    /// <param name="map">The map, at the image's size.</param>
    /// <param name="target">The class that it explains.</param>
    /// <param name="step">Which network's it is; 0 for the trained one.</param>
    /// <returns>A score for each measure.</returns>
    public SimilarityScore[] Of(int image, SaliencyMap map, int target, int step) => plan.Config.Localization.Count == 0
        ? []
        : LocalizationScores.Of(
            map, images[image].Fitted, images[image].Truth, plan.NamesClass(target), plan.Config.Localization,
            LocalizationScores.RandomOf(plan.Config.Seed, images[image].Item.Id), randomized: step > 0);

    /// <summary>What each measure gives by chance.</summary>
    /// <param name="image">Which image.</param>
    /// <param name="target">The class that its maps explain.</param>
    public SimilarityScore[] ByChance(int image, int target) =>
        LocalizationScores.ByChance(images[image].Truth, plan.NamesClass(target), plan.Config.Localization);
}
