namespace SanityChecks.Images.Sources;

/// <summary>The kinds of image sources.</summary>
public enum ImageSource
{
    /// <summary>A part of ImageNet: a folder per synset, or a flat folder with a solution file.</summary>
    Imagenet,

    /// <summary>Every image below a folder.</summary>
    Folder,

    /// <summary>A text file of paths, or paths given in place.</summary>
    List,

    /// <summary>Drawn scenes whose truth is known (<see cref="Shapes.ShapeScenes"/>); they need no files.</summary>
    Shapes,
}

/// <summary>Which images to take: the <c>images</c> part of a configuration.</summary>
public sealed record ImageSourceOptions
{
    /// <summary>The synset choice that takes one, by the seed.</summary>
    public const string RandomSynset = "random";

    /// <summary>The synset choice that takes them all.</summary>
    public const string AllSynsets = "all";

    /// <summary>Where images come from.</summary>
    public required ImageSource Source { get; init; }

    /// <summary>The folder; for a list its text file, or the folder that paths given in place are relative to.</summary>
    public string? Root { get; init; }

    /// <summary>ImageNet: <c>random</c>, <c>all</c>, or WordNet ids and names of classes. Shapes: <c>random</c>, <c>all</c>, or names of
    /// its classes. Folder: names of the folders in it; <c>random</c> and <c>all</c> take every image.</summary>
    public IReadOnlyList<string> Synset { get; init; } = [RandomSynset];

    /// <summary>How many images to take in total, chosen by the seed; null for all.</summary>
    public int? Count { get; init; }

    /// <summary>ImageNet only: the solution file of a flat folder; null to look for it in the folder and above.</summary>
    public string? Solution { get; init; }

    /// <summary>The folder with ImageNet's XML files of boxes; null for none. Drawn scenes know their own.</summary>
    public string? Annotations { get; init; }

    /// <summary>List only: paths given in place, each optionally with <c>,label</c>; null to read them from the text file.</summary>
    public IReadOnlyList<string>? Paths { get; init; }

    /// <summary>Whether a folder that may not be read is an error, instead of being passed over with a warning.</summary>
    public bool Strict { get; init; }
}
