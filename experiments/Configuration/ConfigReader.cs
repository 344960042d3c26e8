using SanityChecks.Images.Sources;
using SanityChecks.Networks.Onnx;
using SanityChecks.RunFiles;
using SanityChecks.Saliency.Localization;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Experiments.Configuration;

/// <summary>From a tree of YAML values to the configuration: the keys, their types and the rules between them.</summary>
internal sealed class ConfigReader(string path, ConfigVocabulary vocabulary, ConfigProblems problems)
{
    private static readonly ExperimentConfig Default = new();
    private static readonly IReadOnlyList<string> WeightFileEndings = [".safetensors", ".pth", ".pt", ".onnx"];

    private readonly Dictionary<string, Place> places = [];

    /// <summary>The configuration; each key that is absent has its default.</summary>
    /// <exception cref="ConfigException">There are problems, these or earlier ones.</exception>
    public ExperimentConfig Read(ConfigMap map)
    {
        var root = new ConfigSection(map, "", problems, places);
        ConfigSection experiment = root.SectionOrName("experiment");
        ConfiguredExperiment configured = ReadExperiment(experiment);
        string protocol = root.Name(Protocol.Key, Default.Protocol, Protocol.Names);
        ulong seed = root.Integer("seed", Default.Seed, 0, ulong.MaxValue);
        ConfigSection model = root.Section("model");
        ConfigSection images = root.Section("images");
        ConfigSection preprocessing = root.SectionOrName(PreprocessingConfig.Key);
        var config = new ExperimentConfig
        {
            Experiment = configured,
            Protocol = protocol,
            Seed = seed,
            Model = ReadModel(model),
            Images = ReadImages(images),
            Preprocessing = PreprocessingConfig.Read(preprocessing, vocabulary.Preprocessings, problems),
        };
        ConfigSection? target = root.IsSection("target") ? root.Section("target") : null;
        config = target is null
            ? config with { Target = ReadTarget(root) }
            : config with { TargetElement = TargetElement.Read(target) };
        Unless(config.TargetElement?.Output is null || config.Model.Architecture == OnnxFile.Architecture, "target.output",
            $"belongs to architecture: {OnnxFile.Architecture}; {config.Model.Architecture} has one output");
        ConfigSection randomization = root.Section("randomization");
        var methods = new MethodsConfig(root, vocabulary, problems);
        var faithfulness = new FaithfulnessConfig(root, vocabulary, problems);
        var localization = new LocalizationConfig(root, vocabulary, problems);
        var metrics = new MetricsConfig(root, vocabulary, problems);
        config = config with
        {
            Randomization = ReadRandomization(randomization),
            Methods = methods.Read(Default.Methods),
            AllMethods = methods.AreAll,
            GradCamLayer = root.Text("layer", Default.GradCamLayer, "must be auto or the name of a layer"),
            Metrics = metrics.Read(Default.Metrics),
            References = root.Names("references", Default.References, vocabulary.References),
            Ceiling = root.OptionalText("ceiling", "must be the path of a file of weights, or null"),
            Faithfulness = faithfulness.Read(),
            FaithfulnessSteps = root.Member("faithfulness_steps", Default.FaithfulnessSteps),
            Localization = localization.Read(configured.Experiment.Localization),
        };
        ConfigSection maps = root.Section("maps");
        config = config with { Maps = MapsConfig.Read(maps), Undefined = root.Member("undefined", Default.Undefined) };
        ConfigSection specifications = root.Section(SpecificationsConfig.Key);
        config = config with { Specifications = SpecificationsConfig.Read(specifications, vocabulary, config) };
        ConfigSection output = root.Section("output");
        config = config with
        {
            Output = new OutputConfig
            {
                Maps = output.Member("maps", Default.Output.Maps),
                MapsForImages = output.Count("maps_for_images", Default.Output.MapsForImages, 0),
            },
            Strict = root.Switch("strict", Default.Strict),
        };
        ConfigSection engine = root.SectionOrName("engine");
        config = config with
        {
            Engine = EngineConfig.Read(engine, vocabulary.Engines),
            Places = places,
            Path = path,
        };
        CheckUnused(config);
        Unless(config.References.Contains(ScoreRow.Original), "references",
            $"must contain {ScoreRow.Original}, which charts and tables are of");
        Unless(config.Faithfulness.Count > 0 || config.FaithfulnessSteps == Default.FaithfulnessSteps, "faithfulness_steps",
            "has no effect without faithfulness; remove it, or name a measure");
        CheckMaps(config);
        CheckSpecifications(config);
        CheckLocalization(config);
        new UnknownKeys(
            [
                root, experiment, model, images, preprocessing, randomization, output, engine, .. methods.Sections, .. metrics.Sections,
                .. faithfulness.Sections, .. localization.Sections, maps, specifications,
                .. target is null ? Array.Empty<ConfigSection>() : [target],
            ], problems).Report();
        problems.ThrowIfAny();
        return config with { Metrics = config.Specifications.Extended(config.Metrics) };
    }

    private ConfiguredExperiment ReadExperiment(ConfigSection section)
    {
        string[] names = [.. vocabulary.Experiments.Select(experiment => experiment.Name)];
        string name = section.Text("name", Default.Experiment.Experiment.Name, $"must be one of {string.Join(", ", names)}");
        if (vocabulary.Experiments.FirstOrDefault(experiment => experiment.Name == name) is not { } found)
        {
            problems.Add(section.PlaceOf("name"), "experiment", NearestName.Explain(name, names));
            section.AllowAll();
            return Default.Experiment;
        }

        return ConfiguredExperiment.Of(found, ParametersConfig.Read(section, found.Parameters, problems));
    }

    private ModelConfig ReadModel(ConfigSection section)
    {
        string known = string.Join(", ", vocabulary.NamedWeights);
        string endings = string.Join(", ", WeightFileEndings);
        var model = new ModelConfig
        {
            Architecture = section.Name("architecture", Default.Model.Architecture, vocabulary.Architectures),
            Weights = section.Text("weights", Default.Model.Weights, $"must be one of {known}, or the path of a file ({endings})"),
            Graph = section.OptionalText("graph", "must be the path of an .onnx file, or null"),
            Inputs = section.OptionalText("inputs", "must be the path of a file with a tensor for each input but the images, or null"),
            Classes = section.OptionalText("classes", "must be the path of a text file with a class on each line, or null"),
        };

        // No weights that have a name have a dot in it, and files have many an ending: .th, .pth.tar, .ckpt, .bin.
        bool isPath = model.Weights.AsSpan().ContainsAny('/', '\\', '.');
        if (places.TryGetValue("model.weights", out Place place) && !isPath && !vocabulary.NamedWeights.Contains(model.Weights))
        {
            problems.Add(
                place, "model.weights",
                $"{NearestName.Explain(model.Weights, vocabulary.NamedWeights)}, or the path of a file ({endings})");
        }

        bool isOnnx = model.Architecture == OnnxFile.Architecture;
        Unless(isOnnx || model.Graph is null, "model.graph",
            $"belongs to architecture: {OnnxFile.Architecture}; the graph of {model.Architecture} is known");
        Unless(isOnnx || model.Inputs is null, "model.inputs",
            $"belongs to architecture: {OnnxFile.Architecture}; {model.Architecture} has images alone");
        Unless(!isOnnx || isPath, "model.weights", $"architecture: {OnnxFile.Architecture} needs the path of an .onnx file");
        return model;
    }

    private ImagesConfig ReadImages(ConfigSection section)
    {
        ImagesConfig absent = Default.Images;
        var images = new ImagesConfig
        {
            Source = section.Member("source", absent.Source),
            Root = section.Text("root", absent.Root, "must be the path of a folder"),
            Synset = section.TextsOr(
                "synset", absent.Synset, $"must be {ImagesConfig.RandomSynset}, a WordNet id, a class name, or a list of these",
                ImagesConfig.RandomSynset),
            Count = section.Count("count", absent.Count, 1),
            Batch = section.CountOrAuto("batch", absent.Batch),
            Paths = section.Texts("paths", absent.Paths, "must be a list of image paths"),
            List = section.OptionalText("list", "must be the path of a text file, or null"),
            Solution = section.OptionalText("solution", "must be the path of LOC_val_solution.csv, or null"),
            Annotations = section.OptionalText("annotations", "must be the path of a folder with ImageNet's XML files of boxes, or null"),
        };
        CheckSource(images);
        return images;
    }

    // A key that the source does not use would otherwise be ignored in silence, and other images tested than the user believes.
    private void CheckSource(ImagesConfig images)
    {
        string source = Spelling.Of(images.Source);
        if (images.Source != ImageSource.List)
        {
            Unless(images.Paths.Count == 0, "images.paths",
                $"belongs to source: list, but the source is {source}; remove it or set images.source=list");
            Unless(images.List is null, "images.list",
                $"belongs to source: list, but the source is {source}; remove it or set images.source=list");
        }
        else
        {
            Unless(images.Paths.Count > 0 || images.List is not null, "images.source",
                "source: list needs images.paths (a list of images) or images.list (a text file)");
            Unless(images.Paths.Count == 0 || images.List is null, "images.list", "given together with images.paths; keep one of the two");
        }

        Unless(
            images.Source == ImageSource.Imagenet || images.Solution is null,
            "images.solution",
            $"belongs to source: imagenet, but the source is {source}; remove it or set images.source=imagenet");
        Unless(images.Source != ImageSource.Shapes || images.Annotations is null, "images.annotations",
            "belongs to images in files; drawn scenes know their own boxes; remove it");
    }

    private string ReadTarget(ConfigSection root)
    {
        string target = root.Text(
            "target", Default.Target, "must be predicted, label, repredicted, or the index, name or WordNet id of one class");
        bool negative = target.StartsWith('-') && target.AsSpan(1).ContainsAnyInRange('0', '9')
            && !target.AsSpan(1).ContainsAnyExceptInRange('0', '9');
        Unless(!negative, "target", $"a class index counts from 0, not '{Quoting.Shorten(target)}'");
        return target;
    }

    private RandomizationConfig ReadRandomization(ConfigSection section)
    {
        RandomizationConfig absent = Default.Randomization;
        return new RandomizationConfig
        {
            Layers = section.TextsOr(
                "layers",
                absent.Layers,
                $"must be {RandomizationConfig.AllLayers}, {RandomizationConfig.ConvolutionLayers}, {RandomizationConfig.Blocks}, or a list of names of layers and blocks",
                RandomizationConfig.AllLayers,
                RandomizationConfig.ConvolutionLayers,
                RandomizationConfig.Blocks),
            Order = section.Member("order", absent.Order),
            Initializer = section.Name("initializer", absent.Initializer, vocabulary.Initializers),
            Bias = section.Member("bias", absent.Bias),
            BatchNorm = section.Member("batch_norm", absent.BatchNorm),
            Draws = section.Count("draws", absent.Draws, 1),
        };
    }

    private void CheckMaps(ExperimentConfig config)
    {
        Unless(config.Maps.Resolution.Contains(MapsConfig.Input), "maps.resolution",
            $"must contain {MapsConfig.Input}, which charts and tables are of");
        if (config.Maps.Reduction.Channels == MapChannels.Separate)
        {
            string[] planar = [.. config.Metrics.Where(metric => metric.IsPlanar).Select(metric => metric.Id)];
            Unless(planar.Length == 0, "maps.channels",
                $"separate channels are one vector, but {string.Join(", ", planar)} look{(planar.Length == 1 ? "s" : "")} at rows and columns; take sum, abs_sum or abs_max, or ssim with dimensions: 1");
        }

        Unless(config.Undefined == UndefinedScores.Omit || config.Protocol == Protocol.SeedRepository, "undefined",
            $"zero belongs to protocol: {Protocol.SeedRepository}: a map that died is no evidence that it changed");
    }

    private void CheckSpecifications(ExperimentConfig config)
    {
        const string Key = SpecificationsConfig.Key;
        SpecificationsConfig chosen = config.Specifications;
        Experiment experiment = config.Experiment.Experiment;
        Unless(chosen.Maps.Count == 0 || config.Maps.Reduction.Values == MapValues.Signed, $"{Key}.maps",
            $"needs maps.values: {Spelling.Of(MapValues.Signed)}, of which the others are made");
        Unless(chosen.Order.Count == 0 || experiment.Words.Connected, $"{Key}.order",
            $"has no effect in experiment: {experiment.Name}, where each step stands alone");
        foreach ((NameList names, string key) in new[] { (chosen.Order, "order"), (chosen.Initializer, "initializer") })
        {
            Unless(names.Count == 0 || !experiment.Unused.Contains($"randomization.{key}"), $"{Key}.{key}",
                $"has no effect in experiment: {experiment.Name}");
        }

        Unless(chosen.Target.Count == 0 || config.TargetElement is null, $"{Key}.target",
            "names classes, but target is one element of an output");
        foreach (ConfiguredMetric metric in config.Metrics.Where(metric => chosen.Metrics.Contains(metric.Id)))
        {
            Unless(metric.Metric.Identical == 1, $"{Key}.metrics",
                $"{metric.Id} is no similarity, and has no way from a null to the originals");
            Unless(Metric.ValuesOf(metric.Values) == MapValues.Signed, $"{Key}.metrics",
                $"{metric.Id} has values of its own; name the metric of signed maps, and say {Key}.maps");
        }
    }

    private void CheckLocalization(ExperimentConfig config)
    {
        Experiment experiment = config.Experiment.Experiment;
        Unless(config.Localization.Count > 0 || experiment.Localization.Count == 0, LocalizationConfig.Key,
            $"is what experiment: {experiment.Name} asks for; name at least one measure, or leave the key out for {string.Join(", ", experiment.Localization)}");

        // Each has a chart that is called by its name.
        string[] charted = [.. config.Metrics.Select(metric => metric.Id), .. experiment.Measures.Select(measure => measure.Name)];
        foreach (ConfiguredLocalization measure in config.Localization.Where(measure => charted.Contains(measure.Id)))
        {
            Unless(false, LocalizationConfig.Key, $"'{measure.Id}' is the name of a metric; give one of them another name with as");
        }
    }

    // As for sources: a value that changes nothing would let the user believe that it does.
    private void CheckUnused(ExperimentConfig config)
    {
        Experiment experiment = config.Experiment.Experiment;
        foreach ((KeyValuePair<string, string> given, KeyValuePair<string, string> absent) in config.ToPairs().Zip(Default.ToPairs()))
        {
            Unless(
                given.Value == absent.Value || !experiment.Unused.Contains(given.Key),
                given.Key,
                $"has no effect in experiment: {experiment.Name}; remove it, or choose another experiment");
        }
    }

    private void Unless(bool holds, string key, string message)
    {
        if (!holds)
        {
            problems.Add(places.GetValueOrDefault(key, Place.Whole(path)), key, message);
        }
    }
}
