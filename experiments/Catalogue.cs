using SanityChecks.Compute;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Images;
using SanityChecks.Networks;
using SanityChecks.Networks.WeightFiles;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Saliency.Faithfulness;
using SanityChecks.Saliency.Localization;
using SanityChecks.Saliency.Randomization;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Experiments;

/// <summary>Every experiment by name, and the names that a configuration may use.</summary>
public static class Catalogue
{
    /// <summary>The experiments.</summary>
    public static IReadOnlyList<Experiment> Experiments { get; } =
    [
        CascadingRandomization.CascadingRandomization.Experiment,
        IndependentRandomization.IndependentRandomization.Experiment,
        WeightNoise.WeightNoise.Experiment,
        WeaklySupervised.WeaklySupervised.Experiment,
    ];

    /// <summary>The names that a configuration may use. A program with further engines gives them with its own list.</summary>
    public static ConfigVocabulary Vocabulary { get; } = new()
    {
        Experiments = Experiments,
        Architectures = NetworkSource.Architectures,
        NamedWeights = [.. KnownWeights.All.Select(weights => weights.Name).Concat(BundledWeights.Names).Distinct()],
        Preprocessings = [.. Preprocessing.All.Select(preset => preset.Name)],
        Methods = AttributionMethods.All,
        Metrics = Metrics.All,
        References = [.. MapReferences.All.Select(reference => reference.Name)],
        Faithfulness = FaithfulnessMeasures.All,
        Localization = LocalizationMeasures.All,
        Initializers = [.. Initializers.All.Select(initializer => initializer.Name)],
        Engines = EngineList.Own,
    };

    /// <summary>The experiment of a name that the vocabulary allows.</summary>
    public static Experiment Find(string name) => Experiments.Single(experiment => experiment.Name == name);
}
