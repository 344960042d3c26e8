using SanityChecks.RunFiles;

namespace SanityChecks.Images.Sources;

/// <summary>Turns the <c>images</c> part of a configuration into a list of images.</summary>
public static class ImageSources
{
    /// <summary>The images to run on: the same ones in the same order for the same files, options and seed, on every machine.</summary>
    /// <param name="options">What to take.</param>
    /// <param name="seed">The experiment's seed; chooses the random synset and which images make up the count
    /// (<see cref="SeededChoice"/>).</param>
    /// <returns>
    /// At least one image. ImageNet images are ranked by file name alone, so that a flat folder and a folder per synset give the same ones;
    /// others by id. When there are fewer than the count, all are taken and a warning says so.
    /// </returns>
    /// <exception cref="InputException">
    /// The root is not given, absent, unreadable or without images; a synset or label is unknown; a listed image is absent; the count is
    /// below 1.
    /// </exception>
    public static ImageSelection Select(ImageSourceOptions options, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Count < 1)
        {
            throw new InputException($"images.count: {options.Count} is not a number of images; it is at least 1");
        }

        if (options.Source == ImageSource.Shapes)
        {
            return Shapes.ShapesSelection.Select(options, seed);
        }

        try
        {
            ImageSelection all = All(options, seed);
            if (all.Images.Count == 0)
            {
                throw new InputException($"images.root: '{options.Root}' holds no images of the synset {string.Join(", ", all.Synsets)}");
            }

            return Annotated(options.Count is int count ? Limit(all, count, seed, options.Source) : all, options.Annotations);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"images.root: '{options.Root}' cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Names of the folders right in a folder that hold images, in ordinal order; empty where there is no such folder.</summary>
    /// <param name="root">The folder.</param>
    public static IReadOnlyList<string> FoldersIn(string root) =>
        Directory.Exists(root) ? PlainFolder.Folders(ImageFiles.Find(root, recursive: true)) : [];

    private static ImageSelection All(ImageSourceOptions options, ulong seed) => options.Source switch
    {
        ImageSource.Imagenet => ImageNetFolder.Select(Folder(options), options.Synset, options.Solution, options.Strict, seed),
        ImageSource.Folder => PlainFolder.Select(Folder(options), options.Synset, options.Strict),
        ImageSource.List when options.Paths is { } paths =>
            ImageList.Of(paths, options.Root is null ? Directory.GetCurrentDirectory() : Folder(options)),
        ImageSource.List =>
            ImageList.Read(
                options.Root ?? throw new InputException("images.root: give the text file that lists the images, or images.paths")),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Source, "Not an image source."),
    };

    /// <summary>The images with the folder of their boxes.</summary>
    private static ImageSelection Annotated(ImageSelection all, string? annotations) => annotations is null ? all
        : !Directory.Exists(annotations)
            ? throw new InputException(
                $"images.annotations: there is no folder '{annotations}' (looked for {Path.GetFullPath(annotations)})")
        : all with
        {
            Images = [.. all.Images.Select(image => image is ImageFileItem file ? file with { Annotations = annotations } : image)],
        };

    private static ImageSelection Limit(ImageSelection all, int count, ulong seed, ImageSource source)
    {
        if (all.Images.Count <= count)
        {
            string of = all.Synsets.Count == 0 ? "" : $" of {string.Join(", ", all.Synsets)}";
            return all.Images.Count == count ? all : all with
            {
                Warnings = [.. all.Warnings, $"{count} images{of} were asked for, but only {all.Images.Count} are there; all are taken"],
            };
        }

        var taken = SeededChoice.Order(all.Images, seed, Name).Take(count).ToHashSet();
        return all with { Images = [.. all.Images.Where(taken.Contains)] };

        string Name(ImageItem image) => source == ImageSource.Imagenet ? Path.GetFileName(image.Id) : image.Id;
    }

    private static string Folder(ImageSourceOptions options)
    {
        string root = options.Root ?? throw new InputException("images.root: give the folder with the images");
        if (Directory.Exists(root))
        {
            return root;
        }

        string fault = File.Exists(root) ? "is a file, not a folder" : $"does not exist (looked for {Path.GetFullPath(root)})";
        throw new InputException(
            $"images.root: the folder '{root}' {fault}; set images.root in the configuration or with --set images.root=FOLDER");
    }
}
