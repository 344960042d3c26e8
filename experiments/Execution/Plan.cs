using System.Globalization;
using SanityChecks.Compute;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Images;
using SanityChecks.Images.Sources;
using SanityChecks.Networks;
using SanityChecks.RunFiles;
using SanityChecks.RunFiles.Shards;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Saliency.Randomization;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Experiments.Execution;

/// <summary>Everything that a run will compute, resolved and checked before it computes anything.</summary>
/// <param name="Config">The configuration.</param>
/// <param name="Experiment">The kind of run.</param>
/// <param name="Trained">The network and its weights.</param>
/// <param name="Selection">The images.</param>
/// <param name="Steps">The networks after the trained one, in order.</param>
/// <param name="CamLayer">The layer that Grad-CAM reads.</param>
/// <param name="Methods">The attribution methods.</param>
/// <param name="Metrics">The similarities.</param>
/// <param name="References">What the maps are compared with.</param>
/// <param name="Preprocessing">How images are fitted and normalised.</param>
/// <param name="Target">How the explained class is chosen.</param>
public sealed record Plan(
    ExperimentConfig Config, Experiment Experiment, TrainedNetwork Trained, ImageSelection Selection,
    IReadOnlyList<RandomizationStep> Steps, Layer CamLayer,
    IReadOnlyList<ConfiguredMethod> Methods, IReadOnlyList<ConfiguredMetric> Metrics, IReadOnlyList<MapReference> References,
    Preprocessing Preprocessing, TargetRule Target)
{
    private const int LongestName = 60;

    /// <summary>The same with the network of another training; null where the run has none.</summary>
    public Plan? OtherTraining { get; private init; }

    /// <summary>Every file beside the weights that scores depend on: the network's other ones, and the weights of another
    /// training.</summary>
    public IReadOnlyList<FileRecord> WeightParts =>
    [
        .. Trained.Parts,
        .. OtherTraining is { Trained: var other }
            ? [new FileRecord(Path.GetFileName(other.Path), other.Sha256)]
            : Array.Empty<FileRecord>(),
    ];

    /// <summary>A sentence for the user on each method that was left out of all, and on the protocol.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What the network's logits stand for.</summary>
    public ClassNames Classes { get; } = ClassNames.Of(Trained, Selection.Folders);

    /// <summary>Whether the name of an object is that of a class: a WordNet id, or a name of the network's own.</summary>
    /// <param name="target">The class.</param>
    public Func<string, bool> NamesClass(int target) => name => Classes.FromPath(name + "/") == target;

    /// <summary>The maps that are scored, in the order of their rows: each method's at each resolution that it has.</summary>
    public IReadOnlyList<(ConfiguredMethod Method, string Resolution)> Compared =>
    [
        .. from method in Methods
           from resolution in Config.Maps.Resolution
           where resolution == MapsConfig.Input || method.Method.IsEnlarged
           select (method, resolution),
    ];

    /// <summary>Networks that each image is explained with in a draw: the trained one, and each step.</summary>
    public int Networks => 1 + Steps.Count;

    /// <summary>The part of the units that is computed; null for all.</summary>
    public Shard? Shard { get; init; }

    /// <summary>Every unit with its image, in the order of the rows of <c>scores.csv</c>: all images of the first draw, then those of the
    /// next. Of a shard, its own.</summary>
    public IEnumerable<(Unit Unit, ImageItem Image)> Units
    {
        get
        {
            (IReadOnlyList<ImageItem> images, int draws) = (Selection.Images, Config.Randomization.Draws);
            return (Shard?.UnitPlaces(images.Count, draws) ?? Enumerable.Range(0, images.Count * draws)).Select(place =>
            {
                ImageItem image = images[place % images.Count];
                return (new Unit(image.Id, 1 + (place / images.Count)), image);
            });
        }
    }

    /// <summary>The images of those units, each once, in the order of the selection.</summary>
    public IEnumerable<ImageItem> Images => Shard is { } shard
        ? shard.UnitPlaces(Selection.Images.Count, Config.Randomization.Draws).Select(place => place % Selection.Images.Count).Distinct()
            .Order().Select(place => Selection.Images[place])
        : Selection.Images;

    /// <summary>Images whose maps are written.</summary>
    public int ImagesWithMaps => Config.Output.Maps == MapFiles.None ? 0 : Config.Output.MapsForImages;

    /// <summary>What is recorded of each network's answers: what every experiment does, then what this one does.</summary>
    public IReadOnlyList<NetworkMeasure> Measures => [.. NetworkHealth.Measures, .. Experiment.Measures];

    /// <summary>Rows of <c>scores.csv</c> for each unit; the untouched network's are the first draw's.</summary>
    public int RowsOf(Unit unit)
    {
        int networks = Steps.Count + (unit.Draw == 1 ? 1 : 0);
        int ofMaps = Compared.Count * ((References.Count * Metrics.Count) + MapMeasures.All.Count);
        int located = Config.Localization.Count * ((networks * Methods.Count) + (unit.Draw == 1 ? 1 : 0));
        int ofNetworks = Measures.Count + (HasScales(unit.Image) ? Trained.Network.WeightLayers.Count : 0);
        return (networks * (ofMaps + ofNetworks)) + located + FaithfulnessOf(unit.Draw);
    }

    /// <summary>Whether the activations of an image are looked at (<see cref="NetworkHealth.ImagesWithScales"/>).</summary>
    public bool HasScales(ImageItem image) => HasScales(image.Id);

    /// <summary>What is done for each image of a draw and counted: networks that explain it, and measures of the maps'
    /// faithfulness.</summary>
    public int RoundsOf(int draw) => Networks + FaithfulnessOf(draw);

    /// <summary>Whether the faithfulness of the maps of a step is measured.</summary>
    /// <param name="step">0 for the trained network.</param>
    /// <param name="draw">From 1; the trained network's maps are the first draw's.</param>
    public bool MeasuresFaithfulness(int step, int draw) => Config.Faithfulness.Count > 0
        && (step == 0 ? draw == 1 : Config.FaithfulnessSteps == FaithfulnessSteps.All);

    private int FaithfulnessOf(int draw) =>
        Enumerable.Range(0, Networks).Count(step => MeasuresFaithfulness(step, draw)) * Methods.Count * Config.Faithfulness.Count;

    /// <summary>The images of a configuration; needs no weights, so that a wrong folder is noticed before a long download.</summary>
    /// <param name="config">A checked configuration.</param>
    /// <exception cref="InputException">The folder, synset or list is wrong; the message says what was looked for.</exception>
    public static ImageSelection SelectImages(ExperimentConfig config) => ImageSources.Select(ImageOptions(config), config.Seed);

    /// <summary>Refuses images of several sizes where they go through the network as they are.</summary>
    /// <exception cref="InputException">There are; the message names the first.</exception>
    public void RequireOneSize()
    {
        if (Preprocessing.Way == ImageFit.AsIs && Selection.TwoSizes() is { } sizes)
        {
            throw Config.Fault(
                PreprocessingConfig.Key,
                $"images that stay as they are must be of one size, but {sizes}; take fit: crop or squash, or images of one size");
        }
    }

    /// <summary>Refuses measures of localization where no image tells where its object is.</summary>
    /// <exception cref="InputException">None does; the message says what would.</exception>
    public void RequireTruth()
    {
        if (Config.Localization.Count > 0 && !Selection.Images.Any(image => image.HasTruth))
        {
            throw Config.Fault(
                LocalizationConfig.Key,
                $"none of the {Selection.Images.Count} images tells where its object is; set images.annotations to the folder of ImageNet's XML files of boxes, or take images.source: shapes");
        }
    }

    /// <summary>Refuses to be computed in shards where more than its own units belongs to the run.</summary>
    /// <exception cref="InputException">It has specifications, whose other networks no shard computes.</exception>
    public void RequireDivisible()
    {
        if (!Config.Specifications.IsEmpty)
        {
            throw Config.Fault(SpecificationsConfig.Key, "needs the whole run; leave it out of a run in shards");
        }
    }

    /// <summary>Images that go through the network together; the unit that an interruption can lose.</summary>
    /// <param name="engine">Says how many where the configuration does not.</param>
    public int BatchOn(IEngine engine) => Math.Min(Config.Images.Batch ?? engine.AutomaticBatch, Selection.Images.Count);

    /// <summary>Resolves a configuration against the weights.</summary>
    /// <param name="config">A checked configuration.</param>
    /// <param name="selection">The images that it names.</param>
    /// <param name="trained">The network that it names.</param>
    /// <param name="ceiling">The network of another training that it names; null where it names none.</param>
    /// <exception cref="InputException">A layer, class or method does not fit the network; the message has the file and line.</exception>
    public static Plan Of(ExperimentConfig config, ImageSelection selection, TrainedNetwork trained, TrainedNetwork? ceiling = null)
    {
        ClassNames classes = ClassNames.Of(trained, selection.Folders);
        config = At(
            config, PreprocessingConfig.Key,
            () => config with { Preprocessing = config.Preprocessing.For(trained.Network.ImageSize) });
        (ConfiguredMethod Method, string? Obstacle)[] methods =
            [.. config.Methods.Select(method => (method, method.Method.Obstacle(trained.Network)))];
        config = At(config, "methods", () => config with { Methods = Suited(methods, config.AllMethods) });
        Layer camLayer = config.GradCamLayer == ExperimentConfig.Auto
            ? trained.Network.Explained
            : At(config, "layer", () => GradCam.LayerOf(trained.Network, config.GradCamLayer));
        IReadOnlyList<LayerGroup> layers = At(
            config, "randomization.layers", () =>
                LayerSelection.Select(trained.Network, [.. config.Randomization.Layers], config.Randomization.Order));
        var plan = new Plan(
            config,
            config.Experiment.Resolved,
            trained,
            Labelled(selection, classes),
            config.Experiment.Experiment.Steps(layers, config.Experiment.Values),
            camLayer,
            config.Methods,
            config.Metrics,
            [
                .. config.References.Select(MapReferences.Find),
                .. ceiling is null ? Array.Empty<MapReference>() : [MapReferences.OtherTraining],
            ],
            config.Preprocessing.Resolved(),
            At(config, "target", () => config.TargetElement is { } element
                ? new TargetRule.Fixed(trained.Network.ElementAt(element.Index))
                : TargetRule.Parse(config.Target, classes)))
        {
            Notes =
            [
                .. methods.Where(method => method.Obstacle is not null).Select(method => $"left out of all methods: {method.Obstacle}"),
                .. Protocol.NotesOn(config),
            ],
        };
        return ceiling is null ? plan : plan with { OtherTraining = At(config, "ceiling", () => plan.Of(ceiling)) };
    }

    /// <summary>The plan for another network of the same architecture and classes, which may be as wide as it likes.</summary>
    private Plan Of(TrainedNetwork other)
    {
        (Network own, Network its) = (Trained.Network, other.Network);
        if (own.Classes != its.Classes || own.ImageSize != its.ImageSize)
        {
            throw new InputException(
                $"{other.Path} has {its.Classes} outputs for images of {its.ImageSize}, the trained network {own.Classes} for {own.ImageSize}; a ceiling is of the same classes");
        }

        return this with
        {
            Trained = other,
            CamLayer = Config.GradCamLayer == ExperimentConfig.Auto ? its.Explained : GradCam.LayerOf(its, Config.GradCamLayer),
        };
    }

    private bool HasScales(string image) =>
        Selection.Images.Take(NetworkHealth.ImagesWithScales).Any(one => one.Id == image);

    /// <summary>The methods that make sense on the network; where they were named, none may not.</summary>
    private static IReadOnlyList<ConfiguredMethod> Suited((ConfiguredMethod Method, string? Obstacle)[] methods, bool all) =>
        !all && methods.FirstOrDefault(method => method.Obstacle is not null).Obstacle is { } fault
            ? throw new InputException(fault)
            : [.. methods.Where(method => method.Obstacle is null).Select(method => method.Method)];

    /// <summary>Makes random weights of the trained ones, as the configuration says; it keeps those of re-initialized layers for the next
    /// step and batch.</summary>
    public Randomizer Randomizer() => new(
        Trained.Weights, Initializers.Find(Config.Randomization.Initializer), Config.Seed, Config.Randomization.Bias,
        Config.Randomization.BatchNorm);

    /// <summary>A step's name in files: <c>00-original</c>, <c>01-fc8</c>.</summary>
    public string StepName(int step) =>
        string.Create(CultureInfo.InvariantCulture, $"{step:00}-{(step == 0 ? "original" : FileName(Steps[step - 1].Name))}");

    /// <summary>A layer's name in the name of a file: nodes of ONNX files are called by paths.</summary>
    private static string FileName(string layer)
    {
        string name = string.Concat(layer.Select(
            letter => char.IsControl(letter) || char.IsSurrogate(letter) || "/\\:*?\"<>|".Contains(letter, StringComparison.Ordinal)
                ? '_'
                : letter)).Trim('_');
        return name.Length > LongestName ? name[^LongestName..] : name;
    }

    /// <summary>The images with labels among the network's own classes: sources know ImageNet's only.</summary>
    private static ImageSelection Labelled(ImageSelection selection, ClassNames classes) => classes.AreNamed || classes.Before > 0
        ? selection with
        {
            Images = [.. selection.Images.Select(image => image with
            {
                Label = classes.AreNamed
                    ? classes.FromPath(image.Place) ?? classes.FromPath(TopFolder(image))
                    : image.Label + classes.Before,
            })],
        }
        : selection;

    // Images of a class may lie in folders of its folder.
    private static string TopFolder(ImageItem image) => image.Id.Split('/')[0] + "/";

    private static ImageSourceOptions ImageOptions(ExperimentConfig config) => new()
    {
        Source = config.Images.Source,
        Root = config.Images.Source == ImageSource.List ? config.Images.List : config.Images.Root,
        Synset = [.. config.Images.Synset],
        Count = config.Images.Count,
        Solution = config.Images.Solution,
        Annotations = config.Images.Annotations,
        Paths = config.Images.Paths.Count > 0 ? [.. config.Images.Paths] : null,
        Strict = config.Strict,
    };

    /// <summary>Gives an error the file and line of the key that it is about.</summary>
    private static T At<T>(ExperimentConfig config, string key, Func<T> resolve)
    {
        try
        {
            return resolve();
        }
        catch (InputException error) when (error is not ConfigException)
        {
            throw config.Fault(key, error.Message);
        }
    }
}
