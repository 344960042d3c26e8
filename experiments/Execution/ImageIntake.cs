using SanityChecks.Images;
using SanityChecks.Images.Sources;
using SanityChecks.RunFiles;

namespace SanityChecks.Experiments.Execution;

/// <summary>A decoded image on its way through the networks.</summary>
/// <param name="Item">Where it comes from.</param>
/// <param name="Fitted">As the network sees it, before normalization.</param>
/// <param name="Maps">Where its maps go; null for none.</param>
/// <param name="Other">The image whose original map stands for an unrelated one; null where none is asked for, or the run has no
/// other.</param>
public sealed record PreparedImage(ImageItem Item, RgbImage Fitted, MapFolder? Maps, (ImageItem Item, RgbImage Fitted)? Other)
{
    /// <summary>What is where in the fitted image; null where nothing is known, or nobody asks.</summary>
    public ImageTruth? Truth { get; init; }
}

/// <summary>Reads the images of a run, and keeps account of those that cannot be read.</summary>
/// <param name="preprocessing">Fits them.</param>
/// <param name="strict">Whether one that cannot be read ends the run.</param>
public sealed class ImageIntake(Preprocessing preprocessing, bool strict)
{
    private readonly List<SkippedImage> skipped = [];

    /// <summary>The images that could not be read, each once, in the order in which they were met.</summary>
    public IReadOnlyList<SkippedImage> Skipped => skipped;

    /// <summary>Decodes and fits images, several at a time.</summary>
    /// <param name="items">The images.</param>
    /// <param name="cancel">Stops between two images.</param>
    /// <returns>Those that can be read, in their order.</returns>
    /// <exception cref="InputException">One cannot be read, and the intake is strict.</exception>
    public IReadOnlyList<(ImageItem Item, RgbImage Fitted)> Read(IEnumerable<ImageItem> items, CancellationToken cancel)
    {
        var read = new List<(ImageItem, RgbImage)>();
        foreach ((ImageItem item, RgbImage? fitted, string? fault) in items.AsParallel().AsOrdered().WithCancellation(cancel).Select(Fit)
            .ToArray())
        {
            if (fitted is not null)
            {
                read.Add((item, fitted));
            }
            else if (strict)
            {
                throw new InputException(
                    $"The image {item.Place} cannot be read: {fault}. (strict: true stops here; without it such images are skipped.)");
            }
            else if (!skipped.Exists(image => image.Name == item.Id))
            {
                skipped.Add(new SkippedImage(item.Id, fault!));
            }
        }

        return read;
    }

    private (ImageItem Item, RgbImage? Fitted, string? Fault) Fit(ImageItem item)
    {
        try
        {
            return (item, preprocessing.Fit(item.Load()), null);
        }
        catch (Exception error) when (error is ImageFormatException or IOException)
        {
            return (item, null, error.Message);
        }
    }
}
