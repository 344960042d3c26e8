using SanityChecks.Images;
using SanityChecks.RunFiles;

namespace SanityChecks.Training;

/// <summary>A picture and what it shows.</summary>
/// <param name="Image">A square picture, not yet normalised.</param>
/// <param name="Label">Index into <see cref="TrainingSet.Classes"/>.</param>
public sealed record Example(RgbImage Image, int Label);

/// <summary>A source of labelled pictures: the same picture for the same index, whichever thread asks and in whatever order.</summary>
public abstract class TrainingSet
{
    /// <summary>The classes, in the order of the logits.</summary>
    public abstract IReadOnlyList<string> Classes { get; }

    /// <summary>How many pictures there are before they begin anew; null for an endless set.</summary>
    public abstract long? Count { get; }

    /// <summary>A text that differs when the pictures do, so that a training is not continued with others.</summary>
    public abstract string Identity { get; }

    /// <summary>The example of an index.</summary>
    /// <param name="index">From 0, without end: past <see cref="Count"/> come the same pictures in another order, or cut out
    /// otherwise.</param>
    /// <param name="size">Pixels a side.</param>
    /// <exception cref="InputException">The picture's file cannot be read.</exception>
    public abstract Example Draw(long index, int size);
}
