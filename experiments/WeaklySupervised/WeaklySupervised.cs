using SanityChecks.RunFiles;
using SanityChecks.Saliency.Localization;
using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Experiments.WeaklySupervised;

/// <summary>Do the maps still find the object when the layers are randomized?</summary>
/// <remarks>
/// A map of a network that was told classes alone finds the object without having seen a box (weakly supervised localization, Selvaraju
/// et al. 2017, section 4.1), which is often taken for a proof that it explains the network. Layers are re-initialised as in the cascade
/// or one alone, and the maps are held against the true box and mask. A method that passes falls to chance: what it finds is found by what
/// was learned. One that finds the object with random layers finds it by the picture: objects are in the middle, and have edges.
/// </remarks>
public static class WeaklySupervised
{
    private const string Randomization = "randomization";

    private static readonly Experiment[] Ways =
        [CascadingRandomization.CascadingRandomization.Experiment, IndependentRandomization.IndependentRandomization.Experiment];

    /// <summary>The experiment.</summary>
    public static Experiment Experiment { get; } = new(WordsOf(Ways[0]), (groups, values) => WayOf(values).Steps(groups, values))
    {
        Parameters =
        [
            new ChoiceParameter(
                Randomization, [.. Ways.Select(way => way.Randomization)], "how layers are taken: one after another, or each alone"),
        ],
        Localization = LocalizationMeasures.Quick,
        WordsOf = values => WordsOf(WayOf(values)),
    };

    private static Experiment WayOf(ParameterValues values) => Ways.Single(way => way.Randomization == values[Randomization]);

    private static ExperimentRecord WordsOf(Experiment way) => way.Words with
    {
        Name = "weakly_supervised",
        Title = $"Weakly supervised localization, {way.Words.Title.ToLowerInvariant()}",
        Question = "Do the maps still find the object when the layers are randomized?",
    };
}
