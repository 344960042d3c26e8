using SanityChecks.Images.Sources;

namespace SanityChecks.Experiments.Configuration;

/// <summary>The images of an experiment, section <c>images</c>; every path is relative to the working directory.</summary>
public sealed record ImagesConfig
{
    /// <summary>The keyword of <see cref="Synset"/> for one synset drawn by the seed.</summary>
    public const string RandomSynset = "random";

    /// <summary>Key <c>source</c>.</summary>
    public ImageSource Source { get; init; } = ImageSource.Imagenet;

    /// <summary>Key <c>root</c>: the folder of <see cref="ImageSource.Imagenet"/> and <see cref="ImageSource.Folder"/>; the other sources
    /// ignore it.</summary>
    public string Root { get; init; } = "data/imagenet/val";

    /// <summary>Key <c>synset</c>: <see cref="RandomSynset"/>, or WordNet ids and class names; never empty. Whether they exist is not
    /// checked here.</summary>
    public NameList Synset { get; init; } = [RandomSynset];

    /// <summary>Key <c>count</c>: how many images, at least 1.</summary>
    public int Count { get; init; } = 50;

    /// <summary>Key <c>batch</c>: images at once, at least 1; null for <c>auto</c>, which lets the program choose.</summary>
    public int? Batch { get; init; }

    /// <summary>Key <c>paths</c>: the images of <see cref="ImageSource.List"/>; empty for any other source or when <see cref="List"/> is
    /// given.</summary>
    public NameList Paths { get; init; } = [];

    /// <summary>Key <c>list</c>: a text file with one image path a line, for <see cref="ImageSource.List"/>; null when there is
    /// none.</summary>
    public string? List { get; init; }

    /// <summary>Key <c>solution</c>: <c>LOC_val_solution.csv</c> of a flat ImageNet folder; null when there is none.</summary>
    public string? Solution { get; init; }

    /// <summary>Key <c>annotations</c>: the folder with ImageNet's XML files of boxes, for any source of files; null when there is
    /// none.</summary>
    public string? Annotations { get; init; }
}
