using SanityChecks.RunFiles;
using SanityChecks.Saliency.Localization;
using SanityChecks.Saliency.Parameters;
using SanityChecks.Saliency.Randomization;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Experiments;

/// <summary>A kind of run: a question, and the sequence of networks that answers it.</summary>
/// <param name="Words">What it says about itself in run folders, charts and grids.</param>
/// <param name="Steps">The networks after the trained one, in order, from the chosen layers (in the order of the configuration) and the
/// values of its parameters.</param>
public sealed record Experiment(
    ExperimentRecord Words, Func<IReadOnlyList<LayerGroup>, ParameterValues, IReadOnlyList<RandomizationStep>> Steps)
{
    /// <summary>What it can be told beside its name.</summary>
    public IReadOnlyList<Parameter> Parameters { get; init; } = [];

    /// <summary>What it records of each network beside the similarity of maps.</summary>
    public IReadOnlyList<NetworkMeasure> Measures { get; init; } = [];

    /// <summary>What its maps are measured for where a configuration does not say otherwise.</summary>
    public IReadOnlyList<ConfiguredLocalization> Localization { get; init; } = [];

    /// <summary>Its words for the values of its parameters, where these change more than the names of steps; null where
    /// <see cref="Words"/> are those of all.</summary>
    public Func<ParameterValues, ExperimentRecord>? WordsOf { get; init; }

    /// <summary>Full keys of the configuration that have no effect here, such as <c>randomization.initializer</c> where nothing is
    /// re-initialized.</summary>
    public IReadOnlyList<string> Unused { get; init; } = [];

    /// <summary>What configurations call it: <c>cascading_randomization</c>.</summary>
    public string Name => Words.Name;

    /// <summary>What the column <c>randomization</c> says: <c>cascading</c>.</summary>
    public string Randomization => Words.Randomization;

    /// <summary>What it asks, in one sentence.</summary>
    public string Question => Words.Question;
}

/// <summary>An experiment with the values of its parameters.</summary>
/// <param name="Experiment">The experiment.</param>
/// <param name="Values">A value for each of its parameters.</param>
public sealed record ConfiguredExperiment(Experiment Experiment, ParameterValues Values)
{
    /// <summary>The experiment as these values make it.</summary>
    public Experiment Resolved => Experiment.WordsOf is { } words ? Experiment with { Words = words(Values) } : Experiment;

    /// <summary>An experiment with its defaults.</summary>
    public static implicit operator ConfiguredExperiment(Experiment experiment) =>
        Of(experiment, new Dictionary<string, IReadOnlyList<string>>());

    /// <summary>Sets an experiment's parameters.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="given">Values by parameter, as configurations spell them; defaults stand for those that are not given.</param>
    /// <exception cref="InputException">A parameter is unknown, or its value is not allowed; the message says what is.</exception>
    public static ConfiguredExperiment Of(Experiment experiment, IReadOnlyDictionary<string, IReadOnlyList<string>> given)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        return new ConfiguredExperiment(experiment, ParameterValues.Of(experiment.Name, experiment.Parameters, given));
    }
}
