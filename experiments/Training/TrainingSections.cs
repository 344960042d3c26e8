using SanityChecks.Experiments.Configuration;

namespace SanityChecks.Experiments.Training;

/// <summary>The network that is trained, section <c>model</c>.</summary>
public sealed record TrainingModelConfig
{
    /// <summary>The value of <see cref="Weights"/> for a network that has not learned yet.</summary>
    public const string Random = "random";

    /// <summary>Key <c>architecture</c>: one of <see cref="ConfigVocabulary.Architectures"/>.</summary>
    public string Architecture { get; init; } = "vgg16";

    /// <summary>Key <c>weights</c>: <see cref="Random"/>, one of <see cref="ConfigVocabulary.NamedWeights"/>, or a path relative to the
    /// working directory.</summary>
    public string Weights { get; init; } = Random;

    /// <summary>Key <c>graph</c>, for the architecture onnx: the .onnx file whose graph is used with other weights; null where the weights
    /// are the file.</summary>
    public string? Graph { get; init; }

    /// <summary>Key <c>width</c>, for random weights: part of the published number of channels of each convolution, above 0.</summary>
    public double Width { get; init; } = 1;

    /// <summary>Key <c>hidden</c>, for random weights: outputs of the fully connected layers below the last; null (<c>auto</c>) for the
    /// published ones.</summary>
    public int? Hidden { get; init; }

    /// <summary>Key <c>fold_batch_norm</c>: whether the weights are written for the architecture without batch normalisation, each
    /// multiplied into its convolution.</summary>
    public bool FoldBatchNorm { get; init; }
}

/// <summary>Where the pictures come from.</summary>
public enum TrainingSource
{
    /// <summary>Drawn scenes, without end.</summary>
    Shapes,

    /// <summary>A folder with a folder of images for each class.</summary>
    Folder,
}

/// <summary>The pictures, section <c>data</c>.</summary>
public sealed record TrainingDataConfig
{
    /// <summary>Key <c>source</c>.</summary>
    public TrainingSource Source { get; init; } = TrainingSource.Shapes;

    /// <summary>Key <c>root</c>, for a folder: its path, relative to the working directory.</summary>
    public string? Root { get; init; }

    /// <summary>Key <c>size</c>: pixels a side after the last stage, and in validation.</summary>
    public int Size { get; init; } = 224;

    /// <summary>Key <c>validation</c>: images that accuracy is measured on; below 1, for a folder, a share of each class's files.</summary>
    public double Validation { get; init; } = 1200;

    /// <summary>Key <c>flip</c>, for a folder: whether every other picture is mirrored left to right.</summary>
    public bool Flip { get; init; } = true;

    /// <summary>Key <c>crop</c>, for a folder: the least part of a picture's area that is cut out, above 0; 1 takes the middle.</summary>
    public double Crop { get; init; } = 0.35;
}

/// <summary>The rules that turn gradients into weights.</summary>
public enum OptimizerKind
{
    /// <summary>Adam with decoupled weight decay.</summary>
    Adam,

    /// <summary>Gradient descent with momentum and L2 weight decay.</summary>
    Sgd,
}

/// <summary>Pictures of one size at the beginning of a training.</summary>
/// <param name="Size">Pixels a side.</param>
/// <param name="Images">How many pictures.</param>
public sealed record TrainingStage(int Size, long Images);

/// <summary>How it is trained, section <c>train</c>.</summary>
public sealed record TrainConfig
{
    /// <summary>Key <c>layers</c>: <c>all</c>, <c>conv</c>, or names of layers and blocks; the others stay as they are.</summary>
    public NameList Layers { get; init; } = ["all"];

    /// <summary>Key <c>images</c>: pictures that are trained on, counted each time; rounded up to whole batches.</summary>
    public long Images { get; init; } = 60000;

    /// <summary>Key <c>batch</c>: pictures for one step.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>Key <c>stages</c>: stages of smaller pictures first, one after another; after them come pictures of
    /// <see cref="TrainingDataConfig.Size"/>.</summary>
    public IReadOnlyList<TrainingStage> Stages { get; init; } = [];

    /// <summary>Key <c>optimizer</c>.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Adam;

    /// <summary>Key <c>learning_rate</c>: the highest one; it falls to 0 along a cosine.</summary>
    public double LearningRate { get; init; } = 0.001;

    /// <summary>Key <c>momentum</c>: SGD's momentum, Adam's beta1; below 1.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Key <c>weight_decay</c>: decoupled for Adam, L2 for SGD; not for biases and normalisations.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Key <c>warm_up</c>: steps in which the learning rate rises to its highest.</summary>
    public int WarmUp { get; init; } = 100;

    /// <summary>Key <c>label_smoothing</c>: part of each target that is spread over all classes, below 1.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>Key <c>clip</c>: the largest norm of all gradients together; 0 for no limit.</summary>
    public double Clip { get; init; } = 1;

    /// <summary>Steps in all.</summary>
    public long Steps => (Images + Batch - 1) / Batch;

    /// <summary>The size of a step's pictures, by where its first one falls.</summary>
    /// <param name="step">From 0.</param>
    /// <param name="last">The size after the stages.</param>
    public int SizeOf(long step, int last)
    {
        long before = step * Batch;
        foreach (TrainingStage stage in Stages)
        {
            if (before < stage.Images)
            {
                return stage.Size;
            }

            before -= stage.Images;
        }

        return last;
    }
}
