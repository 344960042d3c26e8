using SanityChecks.RunFiles;

namespace SanityChecks.Images.Sources;

/// <summary>Every image below a folder, labelled where a folder's or a file's name tells the class.</summary>
internal static class PlainFolder
{
    /// <summary>The images in ordinal order of their relative paths.</summary>
    /// <param name="root">An existing folder.</param>
    /// <param name="strict">Whether a folder below it that may not be read is an error.</param>
    /// <exception cref="InputException">There are none.</exception>
    public static ImageSelection Select(string root, bool strict)
    {
        FoundImages found = ImageFiles.Find(root, recursive: true);
        if (found.Images.Count == 0)
        {
            throw new InputException($"images.root: there are no images below '{root}'; {ImageKind.ReadNames} can be read");
        }

        // An image right in the root is labelled by the root's own name where that is one: a synset's folder may be given by itself.
        string above = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)));
        return new ImageSelection(
            [.. found.Images.Select(image => Item(image.Name, ImageNetClasses.FromPath($"{above}/{image.Name}")))], [],
            found.Warnings(root, strict));

        ImageItem Item(string id, ImageNetClass? label) => new ImageFileItem(id, Path.Combine(root, id), label?.Index, label?.Wnid);
    }
}
