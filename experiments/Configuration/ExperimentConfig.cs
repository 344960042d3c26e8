using System.Globalization;
using SanityChecks.RunFiles;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Saliency.Faithfulness;
using SanityChecks.Saliency.Localization;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Experiments.Configuration;

/// <summary>Everything that decides what a run computes and writes: one YAML file with its overrides, checked, every default filled
/// in.</summary>
/// <remarks>Equal when every key has the same value; from which file or override a value came does not count. A new one holds the
/// defaults.</remarks>
public sealed record ExperimentConfig
{
    /// <summary>The value of <see cref="GradCamLayer"/> that leaves the choice to the program.</summary>
    public const string Auto = "auto";

    /// <summary>Key <c>experiment</c>: one of <see cref="ConfigVocabulary.Experiments"/>, with its parameters where it has some.</summary>
    public ConfiguredExperiment Experiment { get; init; } = CascadingRandomization.CascadingRandomization.Experiment;

    /// <summary>Key <c>seed</c>: every random value of the run follows from it.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Section <c>model</c>.</summary>
    public ModelConfig Model { get; init; } = new();

    /// <summary>Section <c>images</c>.</summary>
    public ImagesConfig Images { get; init; } = new();

    /// <summary>Section <c>preprocessing</c>, or one of <see cref="ConfigVocabulary.Preprocessings"/>.</summary>
    public PreprocessingConfig Preprocessing { get; init; } = new();

    /// <summary>Key <c>target</c>: <c>predicted</c>, <c>label</c>, <c>repredicted</c>, or one class by index, name or WordNet id. Whether
    /// the class exists is not checked here.</summary>
    public string Target { get; init; } = "predicted";

    /// <summary>Section <c>target</c>: one element of an output, instead of a class; null where <see cref="Target"/> says what is
    /// explained.</summary>
    public TargetElement? TargetElement { get; init; }

    /// <summary>Section <c>randomization</c>.</summary>
    public RandomizationConfig Randomization { get; init; } = new();

    /// <summary>Key <c>methods</c>: some of <see cref="ConfigVocabulary.Methods"/> with their parameters, each under a name of its own, at
    /// least one.</summary>
    public IReadOnlyList<ConfiguredMethod> Methods { get; init; } = [GradCam.Instance, GuidedGradCam.Instance];

    /// <summary>Whether those methods were asked for by <c>all</c>, and the network may leave out what makes no sense on it.</summary>
    public bool AllMethods { get; init; }

    /// <summary>Key <c>layer</c>: the layer that Grad-CAM looks at; <see cref="Auto"/> is the last convolution's ReLU. Whether the layer
    /// exists is not checked here.</summary>
    public string GradCamLayer { get; init; } = Auto;

    /// <summary>Key <c>metrics</c>: some of <see cref="ConfigVocabulary.Metrics"/> with their parameters, each under a name of its own, at
    /// least one.</summary>
    public IReadOnlyList<ConfiguredMetric> Metrics { get; init; } = [Spearman.Signed, Spearman.Absolute, Ssim.Metric, HogSimilarity.Metric];

    /// <summary>Key <c>references</c>: what the maps are compared with, some of <see cref="ConfigVocabulary.References"/>, each once, the
    /// original among them.</summary>
    public NameList References { get; init; } = [ScoreRow.Original, ScoreRow.OtherImage];

    /// <summary>Key <c>ceiling</c>: weights of the same architecture that were trained from another seed, as
    /// <see cref="ModelConfig.Weights"/>; null for none.</summary>
    public string? Ceiling { get; init; }

    /// <summary>Key <c>faithfulness</c>: some of <see cref="ConfigVocabulary.Faithfulness"/> with their parameters, each under a name of
    /// its own; none by default.</summary>
    public IReadOnlyList<ConfiguredFaithfulness> Faithfulness { get; init; } = [];

    /// <summary>Key <c>faithfulness_steps</c>: whose maps those measure.</summary>
    public FaithfulnessSteps FaithfulnessSteps { get; init; }

    /// <summary>Key <c>localization</c>: some of <see cref="ConfigVocabulary.Localization"/> with their parameters, each under a name of
    /// its own; what the experiment asks for by default, mostly none.</summary>
    public IReadOnlyList<ConfiguredLocalization> Localization { get; init; } = [];

    /// <summary>Section <c>maps</c>.</summary>
    public MapsConfig Maps { get; init; } = new();

    /// <summary>Key <c>undefined</c>: what is written where a map is constant.</summary>
    public UndefinedScores Undefined { get; init; }

    /// <summary>Key <c>protocol</c>: one of <see cref="Protocol.All"/>, whose values stand for keys that are not given, or
    /// <see cref="Protocol.None"/>.</summary>
    public string Protocol { get; init; } = Configuration.Protocol.None;

    /// <summary>Section <c>specifications</c>.</summary>
    public SpecificationsConfig Specifications { get; init; } = new();

    /// <summary>Section <c>output</c>.</summary>
    public OutputConfig Output { get; init; } = new();

    /// <summary>Key <c>strict</c>: whether an image that cannot be read stops the run instead of being reported and skipped.</summary>
    public bool Strict { get; init; }

    /// <summary>Section <c>engine</c>.</summary>
    public EngineConfig Engine { get; init; } = new();

    /// <summary>Where each key that was given is written.</summary>
    internal IReadOnlyDictionary<string, Place> Places { get; init; } = new Dictionary<string, Place>();

    /// <summary>The file as the user named it.</summary>
    internal string Path { get; init; } = "configuration";

    private IEnumerable<Setting> Settings =>
    [
        new("experiment", [ParametersConfig.Spelled(Experiment.Experiment.Name, Experiment.Values)], false),
        One("protocol", Protocol),
        new("seed", [Seed.ToString(CultureInfo.InvariantCulture)], false),
        One("model.architecture", Model.Architecture),
        One("model.weights", Model.Weights),
        OneOrNull("model.graph", Model.Graph),
        OneOrNull("model.classes", Model.Classes),
        OneOrNull("model.inputs", Model.Inputs),
        One("images.source", Spelling.Of(Images.Source)),
        One("images.root", Images.Root),
        OneOrMore("images.synset", Images.Synset),
        Number("images.count", Images.Count),
        Images.Batch is { } batch ? Number("images.batch", batch) : One("images.batch", Auto),
        List("images.paths", Images.Paths),
        OneOrNull("images.list", Images.List),
        OneOrNull("images.solution", Images.Solution),
        OneOrNull("images.annotations", Images.Annotations),
        .. Preprocessing.Settings(),
        TargetElement is { } element ? new("target", [element.ToString()], false) : One("target", Target),
        OneOrMore("randomization.layers", Randomization.Layers),
        One("randomization.order", Spelling.Of(Randomization.Order)),
        One("randomization.initializer", Randomization.Initializer),
        One("randomization.bias", Spelling.Of(Randomization.Bias)),
        One("randomization.batch_norm", Spelling.Of(Randomization.BatchNorm)),
        Number("randomization.draws", Randomization.Draws),
        new("methods", [.. Methods.Select(MethodsConfig.Spelled)], true),
        One("layer", GradCamLayer),
        new("metrics", [.. Metrics.Select(MetricsConfig.Spelled)], true),
        List("references", References),
        OneOrNull("ceiling", Ceiling),
        new("faithfulness", [.. Faithfulness.Select(FaithfulnessConfig.Spelled)], true),
        One("faithfulness_steps", Spelling.Of(FaithfulnessSteps)),
        new(LocalizationConfig.Key, [.. Localization.Select(LocalizationConfig.Spelled)], true),
        .. Maps.Settings(),
        One("undefined", Spelling.Of(Undefined)),
        .. Specifications.Settings(),
        One("output.maps", Spelling.Of(Output.Maps)),
        Number("output.maps_for_images", Output.MapsForImages),
        new("strict", [Strict ? "true" : "false"], false),
        .. Engine.Settings(),
    ];

    /// <summary>Reads a file, applies overrides, checks every key and fills in the defaults.</summary>
    /// <param name="path">A YAML file in UTF-8; problems name it as it is written here.</param>
    /// <param name="overrides">Values that win over the file's, a later one over an earlier one.</param>
    /// <param name="vocabulary">The names that are allowed.</param>
    /// <exception cref="ConfigException">The file cannot be read, is not YAML, or has a key or value that is not allowed; the message holds
    /// every problem.</exception>
    public static ExperimentConfig Load(string path, IReadOnlyList<GivenValue> overrides, ConfigVocabulary vocabulary) =>
        Parse(ConfigFile.Read(path), path, overrides, vocabulary);

    /// <summary>As <see cref="Load"/>, from text that is at hand.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="path">The name of the text in problems.</param>
    /// <param name="overrides">As for <see cref="Load"/>.</param>
    /// <param name="vocabulary">The names that are allowed.</param>
    /// <exception cref="ConfigException">The text is not YAML, or has a key or value that is not allowed; the message holds every
    /// problem.</exception>
    public static ExperimentConfig Parse(string yaml, string path, IReadOnlyList<GivenValue> overrides, ConfigVocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(overrides);
        ArgumentNullException.ThrowIfNull(vocabulary);
        var problems = new ConfigProblems();
        ConfigMap map = ConfigFile.Tree(yaml, path, problems);
        map = ConfigOverride.Apply(map, Configuration.Protocol.Expanded(overrides), problems);
        map = Configuration.Protocol.Apply(map, problems);
        return new ConfigReader(path, vocabulary, problems).Read(map);
    }

    /// <summary>The resolved configuration: every key, defaults too, in a fixed order, with line feeds. Reading it gives an equal
    /// configuration.</summary>
    public string ToYaml() => YamlText.Document(Settings);

    /// <summary>Every full key with its value in YAML, in the order of <see cref="ToYaml"/>: <c>images.count</c>, <c>50</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ToPairs() =>
        [.. Settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value))];

    /// <summary>The keys whose values differ, in the order of <see cref="ToYaml"/>, one line each: <c>images.count: 50, other
    /// 20</c>.</summary>
    /// <param name="other">For example the one in an existing run folder. What it leaves to the network (<see cref="IsOpen"/>), as those of
    /// earlier versions do, differs from nothing.</param>
    public IReadOnlyList<string> Differences(ExperimentConfig other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return
        [
            .. Settings.Zip(other.Settings)
                .Where(pair => pair.First.Value != pair.Second.Value && !IsOpen(pair.Second.Key, pair.Second.Value))
                .Select(pair => $"{pair.First.Key}: {pair.First.Value}, other {pair.Second.Value}"),
        ];
    }

    /// <summary>Whether a value is one that the network decides, and that a plan spells out.</summary>
    /// <param name="key">A full key.</param>
    /// <param name="value">Its value in YAML.</param>
    internal static bool IsOpen(string key, string? value) =>
        value == Auto && key.StartsWith($"{PreprocessingConfig.Key}.", StringComparison.Ordinal);

    /// <summary>The error for a value that only a later step can judge, such as a layer's or a class's name, with the file and line where
    /// it is written.</summary>
    /// <param name="key">A full key, such as <c>randomization.layers</c>.</param>
    /// <param name="message">What is wrong and what is allowed, on one line.</param>
    public ConfigException Fault(string key, string message) =>
        new(ConfigProblems.Line(Places.TryGetValue(key, out Place place) ? place : Place.Whole(Path), key, message));

    /// <summary>Whether every key has the same value.</summary>
    /// <param name="other">Another configuration.</param>
    public bool Equals(ExperimentConfig? other) =>
        other is not null && Settings.Select(setting => setting.Value).SequenceEqual(other.Settings.Select(setting => setting.Value));

    /// <inheritdoc/>
    public override int GetHashCode() => ToYaml().GetHashCode(StringComparison.Ordinal);

    private static Setting One(string key, string text) => new(key, [YamlText.Scalar(text)], false);

    private static Setting OneOrNull(string key, string? text) => text is null ? new(key, ["null"], false) : One(key, text);

    private static Setting Number(string key, int number) => new(key, [number.ToString(CultureInfo.InvariantCulture)], false);

    private static Setting List(string key, NameList names) => new(key, [.. names.Select(YamlText.Scalar)], true);

    private static Setting OneOrMore(string key, NameList names) => names is [var only] ? One(key, only) : List(key, names);
}
