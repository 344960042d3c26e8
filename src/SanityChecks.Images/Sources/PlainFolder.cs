using SanityChecks.RunFiles;

namespace SanityChecks.Images.Sources;

/// <summary>Every image below a folder, or those of some folders in it, labelled where a folder's or a file's name tells the
/// class.</summary>
internal static class PlainFolder
{
    private const int ShownFolders = 12;

    /// <summary>The images in ordinal order of their relative paths.</summary>
    /// <param name="root">An existing folder.</param>
    /// <param name="synset">Names of folders right in the root, or of ImageNet's classes where folders are called by them; <c>random</c> and
    /// <c>all</c> take every image.</param>
    /// <param name="strict">Whether a folder below it that may not be read is an error.</param>
    /// <exception cref="InputException">There are none, or no folder of such a name.</exception>
    public static ImageSelection Select(string root, IReadOnlyList<string> synset, bool strict)
    {
        FoundImages found = ImageFiles.Find(root, recursive: true);
        if (found.Images.Count == 0)
        {
            throw new InputException($"images.root: there are no images below '{root}'; {ImageKind.ReadNames} can be read");
        }

        string[] folders = Folders(found);
        string[] chosen = synset is [ImageSourceOptions.RandomSynset] or [ImageSourceOptions.AllSynsets]
            ? []
            : [.. synset.Select(text => Resolve(text, folders, root)).Distinct().Order(StringComparer.Ordinal)];

        // An image right in the root is labelled by the root's own name where that is one: a synset's folder may be given by itself.
        string above = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)));
        return new ImageSelection(
            [.. found.Images.Where(image => chosen.Length == 0 || (image.Name.Contains('/') && chosen.Contains(Folder(image.Name))))
                .Select(image => Item(image.Name, ImageNetClasses.FromPath($"{above}/{image.Name}")))],
            chosen, found.Warnings(root, strict))
        {
            Folders = folders,
        };

        ImageItem Item(string id, ImageNetClass? label) => new ImageFileItem(id, Path.Combine(root, id), label?.Index, label?.Wnid);
    }

    /// <summary>Names of the folders right in the root that hold images, in ordinal order.</summary>
    public static string[] Folders(FoundImages found) => [.. found.Images.Where(image => image.Name.Contains('/'))
        .Select(image => Folder(image.Name)).Distinct().Order(StringComparer.Ordinal)];

    private static string Folder(string name) => name[..name.IndexOf('/', StringComparison.Ordinal)];

    private static string Resolve(string text, string[] folders, string root)
    {
        string? wnid = ImageNetClasses.Matching(text) is [ImageNetClass only] ? only.Wnid : null;
        return folders.FirstOrDefault(folder => Folded(folder) == Folded(text))
            ?? folders.FirstOrDefault(folder => wnid is not null && ImageNetClasses.FromPath(folder + "/")?.Wnid == wnid)
            ?? throw new InputException(
                $"images.synset: '{text}' is none of the {folders.Length} folders with images in '{root}' ({string.Join(", ", folders.Take(ShownFolders))}{(folders.Length > ShownFolders ? ", ..." : "")}){NearestNames.Hint(text, folders)}");
    }

    private static string Folded(string name) => name.Trim().Replace('_', ' ').ToLowerInvariant();
}
