using SanityChecks.Saliency.Randomization;

namespace SanityChecks.Experiments.CascadingRandomization;

/// <summary>How much of the network may be thrown away before its maps change?</summary>
/// <remarks>
/// Layers are re-initialised one after another, by default from the logits down, each step keeping what the earlier ones re-initialised
/// (Adebayo et al. 2018, section 3.1). A method that passes gives maps that no longer resemble the originals from the first steps on.
/// One whose maps stay similar until the lowest layers are random shows the image and the architecture, not what was learned.
/// </remarks>
public static class CascadingRandomization
{
    /// <summary>The experiment.</summary>
    public static Experiment Experiment { get; } = new(
        "cascading_randomization",
        "cascading",
        "Do the maps change when the layers are randomized one after another?",
        (groups, randomizer, draw) =>
            [.. groups.Select((group, i) => new RandomizationStep(i + 1, group.Name, randomizer.Randomize(groups.Take(i + 1).SelectMany(g => g.Layers), draw)))]);
}
