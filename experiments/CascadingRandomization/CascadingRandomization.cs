using SanityChecks.RunFiles;
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
        new ExperimentRecord
        {
            Name = "cascading_randomization",
            Randomization = "cascading",
            Title = "Cascading randomization",
            Question = "Do the maps change when the layers are randomized one after another?",
            Faithful = "A faithful method falls {value} as layers are randomized.",
            StepAxis = "layers randomized: the one named and all to its left",
            StepHeader = "randomized",
            Connected = true,
            Original = "original",
            Step = "{layer}",
            GridStep = "{step} {layer}",
            GridColumns = "Left the trained network, then the network with every layer down to the named one random.",
        },
        (groups, _) => [.. groups.Select((group, i) =>
            new RandomizationStep(
                group.Name, (randomizer, draw) => randomizer.Randomize(groups.Take(i + 1).SelectMany(one => one.Layers), draw)))]);
}
