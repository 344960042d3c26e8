using SanityChecks.Experiments.Configuration;
using SanityChecks.Images;
using SanityChecks.Networks;
using SanityChecks.Networks.Operations;
using SanityChecks.Networks.WeightFiles;
using SanityChecks.RunFiles;
using SanityChecks.Saliency.Randomization;
using SanityChecks.Training;

namespace SanityChecks.Experiments.Training;

/// <summary>Everything that a training will use, resolved and checked before it computes anything.</summary>
/// <param name="Config">The configuration.</param>
/// <param name="Training">The pictures to train on.</param>
/// <param name="Validation">The pictures to measure accuracy with: the first <paramref name="ValidationImages"/>.</param>
/// <param name="ValidationImages">How many.</param>
/// <param name="Network">The graph.</param>
/// <param name="Weights">The weights before the first step.</param>
/// <param name="Layers">The layers that are trained.</param>
/// <param name="Source">The weight file that the weights come from; null for random ones.</param>
public sealed record TrainingPlan(
    TrainingConfig Config, TrainingSet Training, TrainingSet Validation, int ValidationImages, Network Network, Weights Weights,
    IReadOnlyList<Layer> Layers, FileRecord? Source)
{
    /// <summary>What had to be guessed to read the weight file, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The other files that the weights were read from.</summary>
    public IReadOnlyList<FileRecord> SourceParts { get; init; } = [];

    /// <summary>Turns pixels into values.</summary>
    public static Normalization Normalization => Normalization.ImageNet;

    /// <summary>Steps in all.</summary>
    public long Steps => Config.Train.Steps;

    /// <summary>Names of the tensors that are trained.</summary>
    public IEnumerable<string> TrainedTensors =>
        Layers.SelectMany(layer => layer.TensorNames).Where(name => !BatchNormOperation.IsStatistic(name));

    /// <summary>A text that differs when the files do that a training was begun with.</summary>
    public string Inputs => $"{Training.Identity} {Validation.Identity} {string.Join(' ', SourceParts.Select(part => part.Sha256).Prepend(Source?.Sha256 ?? TrainingModelConfig.Random))}";

    /// <summary>Resolves a configuration: finds the pictures, then loads or draws the weights.</summary>
    /// <param name="config">A checked configuration.</param>
    /// <param name="progress">Told how far a download of weights is.</param>
    /// <param name="cancel">Stops a download.</param>
    /// <exception cref="InputException">A folder, file or layer is wrong; the message says what would be right.</exception>
    public static async Task<TrainingPlan> OfAsync(
        TrainingConfig config, IProgress<DownloadProgress>? progress = null, CancellationToken cancel = default)
    {
        (TrainingSet training, TrainingSet validation, int images) = Sets(config);
        int classes = training.Classes.Count;
        FileRecord? source = null;
        Network network;
        Weights weights;
        IReadOnlyList<string> notes = [];
        IReadOnlyList<FileRecord> parts = [];
        bool renewed = false;
        if (config.Model.Weights == TrainingModelConfig.Random)
        {
            (network, weights) = InitialWeights.Random(
                config.Model.Architecture, config.Model.Width, config.Model.Hidden, classes, config.Seed);
        }
        else
        {
            var named = new NetworkSource(config.Model.Architecture, config.Model.Weights) { Graph = config.Model.Graph };
            TrainedNetwork trained = await TrainedNetwork.LoadNamedAsync(named, progress, cancel).ConfigureAwait(false);
            parts = trained.Parts;
            source = new FileRecord(Path.GetFileName(trained.Path), trained.Sha256);
            notes = trained.Notes;
            renewed = trained.Network.Classes != classes;
            (network, weights) = InitialWeights.WithClasses(trained.Network, trained.Weights, classes, config.Seed);
        }

        Layer[] layers = SelectLayers(config, network);
        Layer last = network.WeightLayers[0];
        return !renewed || layers.Contains(last)
            ? new TrainingPlan(config, training, validation, images, network, weights, layers, source)
            {
                Notes = notes, SourceParts = parts,
            }
            : throw config.Fault("train.layers", $"must include {last}: the weights are for another number of classes than the {classes} here, so that this layer begins anew");
    }

    /// <summary>An optimizer that has taken no step yet.</summary>
    public Optimizer NewOptimizer() => Config.Train.Optimizer == OptimizerKind.Adam
        ? new Adam(Config.Train.Momentum, Config.Train.WeightDecay)
        : new Sgd(Config.Train.Momentum, Config.Train.WeightDecay);

    /// <summary>The batch of a step.</summary>
    /// <param name="step">From 0.</param>
    public BatchRequest Request(long step) =>
        new(step * Config.Train.Batch, Config.Train.Batch, Config.Train.SizeOf(step, Config.Data.Size));

    private static (TrainingSet Training, TrainingSet Validation, int Images) Sets(TrainingConfig config)
    {
        TrainingDataConfig data = config.Data;
        if (data.Source == TrainingSource.Shapes)
        {
            return (new ShapesTrainingSet(config.Seed, ShapesTrainingSet.TrainingSplit),
                new ShapesTrainingSet(config.Seed, ShapesTrainingSet.ValidationSplit), (int)data.Validation);
        }

        (FolderTrainingSet training, FolderTrainingSet validation) = FolderTrainingSet.Load(
            data.Root!, config.Seed, data.Validation, new Augmentation(data.Flip, data.Crop));
        return (training, validation, (int)validation.Count!.Value);
    }

    private static Layer[] SelectLayers(TrainingConfig config, Network network)
    {
        try
        {
            return [.. LayerSelection.Select(network, [.. config.Train.Layers], LayerOrder.TopDown).SelectMany(group => group.Layers)];
        }
        catch (InputException error) when (error is not ConfigException)
        {
            throw config.Fault("train.layers", error.Message);
        }
    }
}
