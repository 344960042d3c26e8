using SanityChecks.Compute;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Saliency.Faithfulness;
using SanityChecks.Saliency.Localization;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Experiments.Configuration;

/// <summary>The names that a configuration may use, given by the program that knows the experiments, models, methods and metrics.</summary>
public sealed record ConfigVocabulary
{
    /// <summary>The catalogue, for <c>experiment</c>.</summary>
    public required IReadOnlyList<Experiment> Experiments { get; init; }

    /// <summary>Networks, for <c>model.architecture</c>.</summary>
    public required IReadOnlyList<string> Architectures { get; init; }

    /// <summary>Weights known by a name, for <c>model.weights</c>; anything else there must look like a path.</summary>
    public required IReadOnlyList<string> NamedWeights { get; init; }

    /// <summary>Preprocessing presets, for <c>preprocessing</c>.</summary>
    public required IReadOnlyList<string> Preprocessings { get; init; }

    /// <summary>Attribution methods, for <c>methods</c>.</summary>
    public required IReadOnlyList<AttributionMethod> Methods { get; init; }

    /// <summary>Metrics, for <c>metrics</c>.</summary>
    public required IReadOnlyList<Metric> Metrics { get; init; }

    /// <summary>What maps are compared with, for <c>references</c>.</summary>
    public required IReadOnlyList<string> References { get; init; }

    /// <summary>Measures of faithfulness, for <c>faithfulness</c>.</summary>
    public required IReadOnlyList<FaithfulnessMeasure> Faithfulness { get; init; }

    /// <summary>Measures of localization, for <c>localization</c>.</summary>
    public required IReadOnlyList<LocalizationMeasure> Localization { get; init; }

    /// <summary>Initializers, for <c>randomization.initializer</c>.</summary>
    public required IReadOnlyList<string> Initializers { get; init; }

    /// <summary>Engines, for <c>engine.name</c>. Null: any text is taken, and who picks the engine checks it.</summary>
    public EngineList? Engines { get; init; }
}
