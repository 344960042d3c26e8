using System.Globalization;
using SanityChecks.Images.Shapes;

namespace SanityChecks.Training;

/// <summary>Scenes of one object each (<see cref="ShapeScenes"/>), drawn as they are asked for: no picture comes twice.</summary>
/// <param name="seed">The set's seed.</param>
/// <param name="split">Scenes of different splits have nothing in common: <see cref="TrainingSplit"/> or
/// <see cref="ValidationSplit"/>.</param>
public sealed class ShapesTrainingSet(ulong seed, string split) : TrainingSet
{
    /// <summary>The split that networks are trained on.</summary>
    public const string TrainingSplit = "train";

    /// <summary>The split that their accuracy is measured on.</summary>
    public const string ValidationSplit = "validation";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes => ShapeScenes.Classes;

    /// <inheritdoc/>
    public override long? Count => null;

    /// <inheritdoc/>
    public override string Identity => string.Create(CultureInfo.InvariantCulture, $"shapes/{seed}/{split}");

    /// <inheritdoc/>
    public override Example Draw(long index, int size)
    {
        ShapeScene scene = ShapeScenes.Draw(seed, split, index, size);
        return new Example(scene.Image, scene.Objects[0].Class);
    }
}
