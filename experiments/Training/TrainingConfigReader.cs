using System.Globalization;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Images.Shapes;
using SanityChecks.Networks;
using SanityChecks.Networks.Onnx;

namespace SanityChecks.Experiments.Training;

/// <summary>From a tree of YAML values to a training's configuration: the keys, their types and the rules between them.</summary>
internal sealed class TrainingConfigReader(string path, ConfigVocabulary vocabulary, ConfigProblems problems)
{
    private const double Smallest = 1e-9;
    private const int LargestSide = 1024;

    private static readonly TrainingConfig Default = new();
    private static readonly IReadOnlyList<string> WeightFileEndings = [".safetensors", ".pth", ".pt", ".onnx"];

    private readonly Dictionary<string, Place> places = [];

    /// <summary>The configuration; each key that is absent has its default.</summary>
    /// <exception cref="ConfigException">There are problems, these or earlier ones.</exception>
    public TrainingConfig Read(ConfigMap map)
    {
        var root = new ConfigSection(map, "", problems, places);
        ulong seed = root.Integer("seed", Default.Seed, 0, ulong.MaxValue);
        ConfigSection model = root.Section("model"), data = root.Section("data"), train = root.Section("train");
        IReadOnlyList<ConfigSection> stages = train.Sections("stages", "must be a list of stages such as { size: 96, images: 20000 }");
        var config = new TrainingConfig
        {
            Seed = seed,
            Model = ReadModel(model),
            Data = ReadData(data),
            Train = ReadTrain(train, stages),
            LogEvery = root.Count("log_every", Default.LogEvery, 1),
            ValidateEvery = root.Count("validate_every", Default.ValidateEvery, 1),
            CheckpointEvery = root.Count("checkpoint_every", Default.CheckpointEvery, 1),
        };
        ConfigSection engine = root.SectionOrName("engine");
        config = config with
        {
            Engine = EngineConfig.Read(engine, vocabulary.Engines),
            Places = places,
            Path = path,
        };
        new UnknownKeys([root, model, data, train, .. stages, engine], problems).Report();
        problems.ThrowIfAny();
        return config;
    }

    private TrainingModelConfig ReadModel(ConfigSection section)
    {
        TrainingModelConfig absent = Default.Model;
        string[] known = [TrainingModelConfig.Random, .. vocabulary.NamedWeights];
        string endings = string.Join(", ", WeightFileEndings);
        var model = new TrainingModelConfig
        {
            Architecture = section.Name("architecture", absent.Architecture, vocabulary.Architectures),
            Weights = section.Text(
                "weights", absent.Weights, $"must be one of {string.Join(", ", known)}, or the path of a file ({endings})"),
            Graph = section.OptionalText("graph", "must be the path of an .onnx file, or null"),
            Width = section.Number("width", absent.Width, 0.01, 4),
            Hidden = section.CountOrAuto("hidden", absent.Hidden),
            FoldBatchNorm = section.Switch("fold_batch_norm", absent.FoldBatchNorm),
        };
        bool isPath = model.Weights.AsSpan().ContainsAny('/', '\\', '.');
        Unless(isPath || known.Contains(model.Weights), "model.weights",
            $"{NearestName.Explain(model.Weights, known)}, or the path of a file ({endings})");
        bool isOnnx = model.Architecture == OnnxFile.Architecture;
        Unless(isOnnx || model.Graph is null, "model.graph",
            $"belongs to architecture: {OnnxFile.Architecture}; the graph of {model.Architecture} is known");
        Unless(!isOnnx || isPath, "model.weights", $"architecture: {OnnxFile.Architecture} needs the path of an .onnx file");
        bool random = model.Weights == TrainingModelConfig.Random;
        Unless(random || model.Width == absent.Width, "model.width",
            "belongs to weights: random; trained weights have the width that they have");
        Unless(random || model.Hidden == absent.Hidden, "model.hidden",
            "belongs to weights: random; trained weights have the width that they have");
        Unless(
            !model.FoldBatchNorm || MergedNetwork.HasArchitecture(model.Architecture),
            "model.fold_batch_norm",
            $"needs an architecture with batch normalisation that also exists without ({string.Join(", ", vocabulary.Architectures.Where(MergedNetwork.HasArchitecture))}), not {model.Architecture}");
        return model;
    }

    private TrainingDataConfig ReadData(ConfigSection section)
    {
        TrainingDataConfig absent = Default.Data;
        var data = new TrainingDataConfig
        {
            Source = section.Member("source", absent.Source),
            Root = section.OptionalText("root", "must be the path of a folder, or null"),
            Size = Side(section, "size", absent.Size),
            Validation = section.Number("validation", absent.Validation, Smallest, int.MaxValue),
            Flip = section.Switch("flip", absent.Flip),
            Crop = section.Number("crop", absent.Crop, 0.01, 1),
        };
        bool whole = data.Validation == Math.Floor(data.Validation);
        if (data.Source == TrainingSource.Folder)
        {
            Unless(data.Root is not null, "data.root", "source: folder needs the folder that holds a folder of images for each class");
            Unless(whole || data.Validation < 1, "data.validation", "must be a whole number of images, or a share below 1");
        }
        else
        {
            const string Reason = "belongs to source: folder, but the source is shapes; remove it or set data.source=folder";
            Unless(data.Root is null, "data.root", Reason);
            Unless(data.Flip == absent.Flip, "data.flip", Reason);
            Unless(data.Crop == absent.Crop, "data.crop", Reason);
            Unless(whole, "data.validation", "must be a whole number of images: shapes have no end to take a share of");
        }

        return data;
    }

    private TrainConfig ReadTrain(ConfigSection section, IReadOnlyList<ConfigSection> stages)
    {
        TrainConfig absent = Default.Train;
        var train = new TrainConfig
        {
            Layers = section.TextsOr(
                "layers", absent.Layers, "must be all, conv, or a list of names of layers and blocks", "all", "conv", "blocks"),
            Images = (long)section.Integer("images", (ulong)absent.Images, 1, 1_000_000_000_000),
            Batch = section.Count("batch", absent.Batch, 1),
            Stages = [.. stages.Select(stage => new TrainingStage(Side(stage, "size", 0), stage.Count("images", 0, 1)))],
            Optimizer = section.Member("optimizer", absent.Optimizer),
            LearningRate = section.Number("learning_rate", absent.LearningRate, Smallest, 100),
            Momentum = section.Number("momentum", absent.Momentum, 0, 0.9999),
            WeightDecay = section.Number("weight_decay", absent.WeightDecay, 0, 100),
            WarmUp = section.Count("warm_up", absent.WarmUp, 0),
            LabelSmoothing = section.Number("label_smoothing", absent.LabelSmoothing, 0, 0.99),
            Clip = section.Number("clip", absent.Clip, 0, double.PositiveInfinity),
        };
        Unless(train.Stages.All(stage => stage.Size > 0 && stage.Images > 0), "train.stages",
            "each stage needs size and images, such as { size: 96, images: 20000 }");
        long staged = train.Stages.Sum(stage => stage.Images);
        Unless(staged <= train.Images, "train.stages",
            string.Create(CultureInfo.InvariantCulture, $"has {staged} images, more than the {train.Images} of train.images"));
        return train;
    }

    private static int Side(ConfigSection section, string key, int whenAbsent) =>
        (int)section.Integer(key, (ulong)whenAbsent, ShapeScenes.SmallestSize, LargestSide);

    private void Unless(bool holds, string key, string message)
    {
        if (!holds)
        {
            problems.Add(places.GetValueOrDefault(key, Place.Whole(path)), key, message);
        }
    }
}
