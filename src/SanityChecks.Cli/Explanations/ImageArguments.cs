using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using SanityChecks.Images.Sources;
using SanityChecks.RunFiles;

namespace SanityChecks.Cli.Explanations;

/// <summary>An image that was named on the command line.</summary>
/// <param name="Shown">How it is called in messages and documents: as it was given, an address without what may be secret.</param>
/// <param name="Stem">What the names of its files begin with.</param>
/// <param name="Item">The image.</param>
internal sealed record GivenImage(string Shown, string Stem, ImageItem Item);

/// <summary>Images by path, by folder and by address.</summary>
internal static class ImageArguments
{
    /// <summary>How commands write what they say of images as one document.</summary>
    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The images that arguments name; nothing is opened or downloaded yet.</summary>
    /// <param name="arguments">Paths of files and folders, and addresses.</param>
    /// <param name="download">Fetches addresses when they are needed.</param>
    /// <exception cref="InputException">A folder has no images, an address is not allowed, or two images would write the same
    /// files.</exception>
    public static IReadOnlyList<GivenImage> Of(IEnumerable<string> arguments, ImageDownload download) => Distinct(
        [.. arguments.SelectMany(argument => ImageUrl.Parse(argument) is { } url ? [FromWeb(url, download)] : FromDisk(argument))]);

    /// <summary>The images of files and folders.</summary>
    /// <param name="paths">The files and folders.</param>
    /// <exception cref="InputException">A folder has no images, or two images would write the same files.</exception>
    public static IReadOnlyList<GivenImage> OfFiles(IEnumerable<string> paths) => Distinct([.. paths.SelectMany(FromDisk)]);

    /// <summary>A file as an image, with the class that its name or folder tells.</summary>
    public static ImageItem Item(string file)
    {
        string path = Path.GetFullPath(file);
        ImageNetClass? known = ImageNetClasses.FromPath(path);
        return new ImageFileItem(Path.GetFileName(file), path, known?.Index, known?.Wnid);
    }

    private static GivenImage[] Distinct(GivenImage[] images)
    {
        IGrouping<string, GivenImage>? same =
            images.GroupBy(image => image.Stem, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1);
        return same is null ? images : throw new InputException(
            $"{string.Join(" and ", same.Select(image => image.Shown))} would write the same files; give them one by one, each with its own --out.");
    }

    private static IEnumerable<GivenImage> FromDisk(string argument) => PathArgument.Images(argument)
        .Select(path => new GivenImage(path, Path.GetFileNameWithoutExtension(path), Item(path)));

    private static GivenImage FromWeb(Uri url, ImageDownload download)
    {
        ImageNetClass? known = ImageNetClasses.FromPath(Uri.UnescapeDataString(url.AbsolutePath));
        return new GivenImage(ImageUrl.Shown(url), ImageUrl.Stem(url), new ImageUrlItem(url, download, known?.Index, known?.Wnid));
    }
}
