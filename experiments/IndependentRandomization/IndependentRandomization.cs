using SanityChecks.RunFiles;
using SanityChecks.Saliency.Randomization;

namespace SanityChecks.Experiments.IndependentRandomization;

/// <summary>Which single layers do the maps depend on?</summary>
/// <remarks>
/// Each step re-initialises one layer alone, with the values that the cascade gives it, and leaves all others trained (Adebayo et al.
/// 2018, section 3.2). A method that passes gives changed maps at every step; a step that changes nothing names a layer that the method
/// does not see.
/// </remarks>
public static class IndependentRandomization
{
    /// <summary>The experiment.</summary>
    public static Experiment Experiment { get; } = new(
        new ExperimentRecord
        {
            Name = "independent_randomization",
            Randomization = "independent",
            Title = "Independent randomization",
            Question = "Do the maps change when one layer alone is randomized?",
            Faithful = "A faithful method falls {value} wherever a layer that matters is randomized.",
            StepAxis = "the one layer randomized (every other keeps its trained weights)",
            StepHeader = "randomized",
            Connected = false,
            Original = "original",
            Step = "{layer}",
            GridStep = "{step} {layer}",
            GridColumns = "Left the trained network, then the network with the named layer alone random.",
        },
        (groups,
            _) => [.. groups.Select(
                group => new RandomizationStep(group.Name, (randomizer, draw) => randomizer.Randomize(group.Layers, draw)))]);
}
