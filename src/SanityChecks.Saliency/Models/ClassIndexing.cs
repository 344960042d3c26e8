namespace SanityChecks.Saliency.Models;

/// <summary>How a model or a list numbers the 1000 classes; inside the program they are always numbered from 0.</summary>
public enum ClassIndexing
{
    /// <summary>0 to 999, tench first: torchvision, Keras, this program.</summary>
    ZeroBased,

    /// <summary>1 to 1000, tench first: Lua and MATLAB tools.</summary>
    OneBased,

    /// <summary>0 to 1000, a background class first and tench at 1: TensorFlow's research models.</summary>
    Background,
}

/// <summary>Translates class numbers between conventions.</summary>
public static class ClassIndexingExtensions
{
    /// <summary>The 0-based class of a number in this convention.</summary>
    /// <param name="indexing">The number's convention.</param>
    /// <param name="number">The number.</param>
    /// <returns>0 to 999; null for the background class, which is none of the 1000.</returns>
    /// <exception cref="InputException">The convention does not have the number.</exception>
    public static int? ToZeroBased(this ClassIndexing indexing, int number)
    {
        int first = First(indexing);
        int last = First(indexing) + Span(indexing) - 1;
        if (number < first || number > last)
        {
            throw new InputException($"the class number {number} lies outside {first} to {last}");
        }

        return indexing switch
        {
            ClassIndexing.ZeroBased => number,
            ClassIndexing.OneBased => number - 1,
            _ => number == 0 ? null : number - 1,
        };
    }

    /// <summary>The number in this convention of a 0-based class.</summary>
    /// <param name="indexing">The convention wanted.</param>
    /// <param name="index">0 to 999.</param>
    /// <exception cref="InputException">The index lies outside 0 to 999.</exception>
    public static int FromZeroBased(this ClassIndexing indexing, int index)
    {
        ClassIndexing.ZeroBased.ToZeroBased(index);
        return indexing == ClassIndexing.ZeroBased ? index : index + 1;
    }

    private static int First(ClassIndexing indexing) => indexing == ClassIndexing.OneBased ? 1 : 0;

    private static int Span(ClassIndexing indexing) => indexing == ClassIndexing.Background ? ImageNetClasses.Count + 1 : ImageNetClasses.Count;
}
