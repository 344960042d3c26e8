using System.Security.Cryptography;
using SanityChecks.RunFiles;

namespace SanityChecks.Images.Sources;

/// <summary>One image of an experiment; it is not opened or drawn before it is needed.</summary>
/// <param name="Id">Its name: unique within a selection, the same on every machine, with forward slashes.</param>
/// <param name="Label">Its class among ImageNet's, or among the network's own once a plan is made; null when nothing tells it.</param>
/// <param name="Wnid">Its synset, which may lie outside the 1000 classes of ImageNet; null when nothing tells it.</param>
public abstract record ImageItem(string Id, int? Label, string? Wnid)
{
    /// <summary>Where it is, as messages to the user name it.</summary>
    public abstract string Place { get; }

    /// <summary>The picture.</summary>
    /// <exception cref="IOException">It cannot be opened; the message names no folder of this machine.</exception>
    /// <exception cref="ImageFormatException">It cannot be decoded.</exception>
    public abstract RgbImage Load();

    /// <summary>The picture's width and height, without decoding more than that takes.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    /// <exception cref="ImageFormatException">It is no image.</exception>
    public abstract (int Width, int Height) Size();

    /// <summary>Whether <see cref="Truth"/> knows anything.</summary>
    public virtual bool HasTruth => false;

    /// <summary>What is where in the picture, in its own pixels; null where nothing tells.</summary>
    /// <exception cref="InputException">What should tell is damaged; the message has the file and line.</exception>
    /// <exception cref="IOException">The picture, whose size is needed, cannot be opened.</exception>
    /// <exception cref="ImageFormatException">The picture cannot be decoded.</exception>
    public virtual ImageTruth? Truth() => null;

    /// <summary>The SHA-256 of what it is made from, in lower-case hexadecimal; <c>unreadable</c> where it cannot be opened.</summary>
    public abstract string Sha256();
}

/// <summary>An image in a file.</summary>
/// <param name="Id">The file's path relative to the source.</param>
/// <param name="Path">Where the file is.</param>
/// <param name="Label">Its class, or null.</param>
/// <param name="Wnid">Its synset, or null.</param>
public sealed record ImageFileItem(string Id, string Path, int? Label, string? Wnid) : ImageItem(Id, Label, Wnid)
{
    /// <summary>The folder with ImageNet's XML files of boxes; null for the table that lies beside drawn pictures, where there is
    /// one.</summary>
    public string? Annotations { get; init; }

    /// <inheritdoc/>
    public override string Place => Path;

    /// <inheritdoc/>
    public override bool HasTruth => TruthFile is not null;

    private string? TruthFile => Annotations is null ? DrawnObjects.TableOf(Path) : AnnotationFile.Find(Annotations, Id);

    /// <inheritdoc/>
    public override ImageTruth? Truth() => TruthFile is not { } file ? null
        : Annotations is null ? DrawnObjects.Read(file, Path, Size())
        : AnnotationFile.Read(file, Size());

    /// <inheritdoc/>
    public override RgbImage Load()
    {
        try
        {
            return ImageFile.Load(Path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The system's messages name the file in full.
            throw new IOException(error.Message.Replace(System.IO.Path.GetFullPath(Path), Id, StringComparison.Ordinal), error);
        }
    }

    /// <inheritdoc/>
    public override (int Width, int Height) Size() => ImageFile.Size(Path);

    /// <inheritdoc/>
    /// <remarks>Of the file's bytes.</remarks>
    public override string Sha256()
    {
        try
        {
            using FileStream file = RegularFile.OpenRead(Path);
            return Convert.ToHexStringLower(SHA256.HashData(file));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "unreadable";
        }
    }
}

/// <summary>The images that an experiment runs on.</summary>
/// <param name="Images">At least one, in ordinal order of their ids (a list keeps its own order).</param>
/// <param name="Synsets">WordNet ids or names of folders that were chosen, in ordinal order; empty where all of a folder, or a list, was
/// taken.</param>
/// <param name="Warnings">One line each, for the user and the manifest: fewer images than asked for, images that were left out.</param>
public sealed record ImageSelection(IReadOnlyList<ImageItem> Images, IReadOnlyList<string> Synsets, IReadOnlyList<string> Warnings)
{
    /// <summary>Names of the folders right in the searched one that hold images, in ordinal order, whether they were chosen or not: the
    /// classes of whatever was trained on it. Empty where no folder was searched.</summary>
    public IReadOnlyList<string> Folders { get; init; } = [];

    /// <summary>What keeps the images from going through a network as they are.</summary>
    /// <returns>A part of a sentence that names the first image of another size than those before it; null where all have one size. Images
    /// that cannot be read have none.</returns>
    public string? TwoSizes()
    {
        (string Id, (int Width, int Height)? Size)[] sizes =
            [.. Images.AsParallel().AsOrdered().Select(image => (image.Id, SizeOf(image))).Where(image => image.Item2 is not null)];
        (string Id, (int Width, int Height)? Size) other = sizes.FirstOrDefault(image => image.Size != sizes[0].Size);
        return other.Size is null ? null : $"{other.Id} has {Spelled(other.Size)}, {sizes[0].Id} {Spelled(sizes[0].Size)}";
    }

    private static (int Width, int Height)? SizeOf(ImageItem image)
    {
        try
        {
            return image.Size();
        }
        catch (Exception error) when (error is ImageFormatException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Spelled((int Width, int Height)? size) => FormattableString.Invariant($"{size?.Width} x {size?.Height}");
}
