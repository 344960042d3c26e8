using System.Globalization;
using SanityChecks.Experiments.Configuration;

namespace SanityChecks.Experiments.Training;

/// <summary>Everything that decides what a training computes: one YAML file with its overrides, checked, every default filled in.</summary>
/// <remarks>Equal when every key has the same value; from which file or override a value came does not count.</remarks>
public sealed record TrainingConfig
{
    /// <summary>Key <c>seed</c>: first weights, pictures and their order follow from it.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Section <c>model</c>.</summary>
    public TrainingModelConfig Model { get; init; } = new();

    /// <summary>Section <c>data</c>.</summary>
    public TrainingDataConfig Data { get; init; } = new();

    /// <summary>Section <c>train</c>.</summary>
    public TrainConfig Train { get; init; } = new();

    /// <summary>Key <c>log_every</c>: steps between two rows of the log.</summary>
    public int LogEvery { get; init; } = 20;

    /// <summary>Key <c>validate_every</c>: steps between two measurements of the validation accuracy; it is measured after the last step
    /// too.</summary>
    public int ValidateEvery { get; init; } = 400;

    /// <summary>Key <c>checkpoint_every</c>: steps between two checkpoints, the most that a power cut can lose.</summary>
    public int CheckpointEvery { get; init; } = 100;

    /// <summary>Section <c>engine</c>.</summary>
    public EngineConfig Engine { get; init; } = new();

    /// <summary>Where each key that was given is written.</summary>
    internal IReadOnlyDictionary<string, Place> Places { get; init; } = new Dictionary<string, Place>();

    /// <summary>The file as the user named it.</summary>
    internal string Path { get; init; } = "configuration";

    /// <summary>The keys and values in a fixed order.</summary>
    internal IEnumerable<Setting> Settings =>
    [
        new("seed", [Seed.ToString(CultureInfo.InvariantCulture)], false),
        Text("model.architecture", Model.Architecture),
        Text("model.weights", Model.Weights),
        Model.Graph is null ? new("model.graph", ["null"], false) : Text("model.graph", Model.Graph),
        Number("model.width", Model.Width),
        Text("model.hidden", Model.Hidden?.ToString(CultureInfo.InvariantCulture) ?? ExperimentConfig.Auto),
        new("model.fold_batch_norm", [Model.FoldBatchNorm ? "true" : "false"], false),
        Text("data.source", Spelling.Of(Data.Source)),
        Data.Root is null ? new("data.root", ["null"], false) : Text("data.root", Data.Root),
        Number("data.size", Data.Size),
        Number("data.validation", Data.Validation),
        new("data.flip", [Data.Flip ? "true" : "false"], false),
        Number("data.crop", Data.Crop),
        Train.Layers is [var only] ? Text("train.layers", only) : new("train.layers", [.. Train.Layers.Select(YamlText.Scalar)], true),
        Number("train.images", Train.Images),
        Number("train.batch", Train.Batch),
        new("train.stages",
            [.. Train.Stages.Select(
                stage => string.Create(CultureInfo.InvariantCulture, $"{{ size: {stage.Size}, images: {stage.Images} }}"))], true),
        Text("train.optimizer", Spelling.Of(Train.Optimizer)),
        Number("train.learning_rate", Train.LearningRate),
        Number("train.momentum", Train.Momentum),
        Number("train.weight_decay", Train.WeightDecay),
        Number("train.warm_up", Train.WarmUp),
        Number("train.label_smoothing", Train.LabelSmoothing),
        Number("train.clip", Train.Clip),
        Number("log_every", LogEvery),
        Number("validate_every", ValidateEvery),
        Number("checkpoint_every", CheckpointEvery),
        .. Engine.Settings(),
    ];

    /// <summary>Reads a file, applies overrides, checks every key and fills in the defaults.</summary>
    /// <param name="path">A YAML file in UTF-8; problems name it as it is written here.</param>
    /// <param name="overrides">Values that win over the file's, a later one over an earlier one.</param>
    /// <param name="vocabulary">The names that are allowed.</param>
    /// <exception cref="ConfigException">The file cannot be read, is not YAML, or has a key or value that is not allowed; the message holds
    /// every problem.</exception>
    public static TrainingConfig Load(string path, IReadOnlyList<GivenValue> overrides, ConfigVocabulary vocabulary) =>
        Parse(ConfigFile.Read(path), path, overrides, vocabulary);

    /// <summary>As <see cref="Load"/>, from text that is at hand.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="path">The name of the text in problems.</param>
    /// <param name="overrides">As for <see cref="Load"/>.</param>
    /// <param name="vocabulary">The names that are allowed.</param>
    /// <exception cref="ConfigException">The text is not YAML, or has a key or value that is not allowed; the message holds every
    /// problem.</exception>
    public static TrainingConfig Parse(string yaml, string path, IReadOnlyList<GivenValue> overrides, ConfigVocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(overrides);
        ArgumentNullException.ThrowIfNull(vocabulary);
        var problems = new ConfigProblems();
        ConfigMap map = ConfigOverride.Apply(ConfigFile.Tree(yaml, path, problems), overrides, problems);
        return new TrainingConfigReader(path, vocabulary, problems).Read(map);
    }

    /// <summary>The resolved configuration: every key, defaults too, in a fixed order, with line feeds. Reading it gives an equal
    /// configuration.</summary>
    public string ToYaml() => YamlText.Document(Settings);

    /// <summary>The keys whose values differ, one line each: <c>train.images: 60000, other 20</c>.</summary>
    /// <param name="other">For example the one in an existing folder.</param>
    public IReadOnlyList<string> Differences(TrainingConfig other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return
        [
            .. Settings.Zip(other.Settings)
                .Where(pair => pair.First.Value != pair.Second.Value)
                .Select(pair => $"{pair.First.Key}: {pair.First.Value}, other {pair.Second.Value}"),
        ];
    }

    /// <summary>The error for a value that only a later step can judge, such as a layer's name, with the file and line where it is
    /// written.</summary>
    /// <param name="key">A full key, such as <c>train.layers</c>.</param>
    /// <param name="message">What is wrong and what is allowed, on one line.</param>
    public ConfigException Fault(string key, string message) =>
        new(ConfigProblems.Line(Places.TryGetValue(key, out Place place) ? place : Place.Whole(Path), key, message));

    /// <summary>Whether every key has the same value.</summary>
    /// <param name="other">Another configuration.</param>
    public bool Equals(TrainingConfig? other) => other is not null && Differences(other).Count == 0;

    /// <inheritdoc/>
    public override int GetHashCode() => ToYaml().GetHashCode(StringComparison.Ordinal);

    private static Setting Text(string key, string text) => new(key, [YamlText.Scalar(text)], false);

    private static Setting Number(string key, double number) => new(key, [number.ToString("R", CultureInfo.InvariantCulture)], false);
}
