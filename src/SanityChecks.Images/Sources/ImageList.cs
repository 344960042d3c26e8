using System.Text;
using SanityChecks.RunFiles;

namespace SanityChecks.Images.Sources;

/// <summary>Images given one by one: a path a line, optionally a comma and the class, <c>#</c> before a comment.</summary>
internal static class ImageList
{
    private const int ShownMissing = 8;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The images of a text file, in its order; paths are relative to the file's folder.</summary>
    /// <param name="file">The text file, in UTF-8.</param>
    /// <exception cref="InputException">The file or an image is absent, the file cannot be read as UTF-8, a label is unknown, an image is
    /// given twice, or there are none.</exception>
    public static ImageSelection Read(string file)
    {
        if (!File.Exists(file))
        {
            throw new InputException($"images.root: there is no list file '{file}' (looked for {Path.GetFullPath(file)})");
        }

        try
        {
            using var reader = new StreamReader(RegularFile.OpenRead(file), Strict);
            return Select(
                Lines(reader).Select((line, index) => (line, $"{file}, line {index + 1}")), Path.GetDirectoryName(Path.GetFullPath(file))!,
                file);
        }
        catch (DecoderFallbackException error)
        {
            throw new InputException($"{file}: is not UTF-8 text; save the list as UTF-8", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{file}: cannot be read: {error.Message}", error);
        }
    }

    /// <summary>The images of paths given in place, in their order.</summary>
    /// <param name="paths">Each as a line of a list file.</param>
    /// <param name="folder">What they are relative to.</param>
    /// <exception cref="InputException">As for a file.</exception>
    public static ImageSelection Of(IReadOnlyList<string> paths, string folder) =>
        Select(paths.Select((line, index) => (line, $"images.paths, entry {index + 1}")), folder, "images.paths");

    private static IEnumerable<string> Lines(StreamReader reader)
    {
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    private static ImageSelection Select(IEnumerable<(string Line, string Place)> lines, string folder, string source)
    {
        var images = new List<ImageItem>();
        var places = new Dictionary<string, string>(StringComparer.Ordinal);
        var missing = new List<string>();
        foreach ((string line, string place) in lines)
        {
            string text = line.Trim();
            if (text.Length == 0 || text[0] == '#')
            {
                continue;
            }

            (string id, string? label) = Split(text, folder);
            string path = Path.Combine(folder, id);
            if (!File.Exists(path))
            {
                missing.Add($"'{id}' ({place})");
                continue;
            }

            // Links too: a picture that counts twice weighs twice in every mean.
            if (!places.TryAdd(RealPath.Of(path), place))
            {
                throw new InputException($"{place}: '{id}' is given already ({places[RealPath.Of(path)]})");
            }

            ImageNetClass? known = label is null ? ImageNetClasses.FromPath(Path.GetFullPath(path)) : Label(label, place);
            images.Add(new ImageFileItem(id.Replace('\\', '/'), path, known?.Index, known?.Wnid));
        }

        if (missing.Count > 0)
        {
            string others = missing.Count > ShownMissing ? $" and {missing.Count - ShownMissing} more" : "";
            throw new InputException(
                $"{source}: {missing.Count} images do not exist below '{folder}': {string.Join(", ", missing.Take(ShownMissing))}{others}");
        }

        return images.Count > 0 ? new ImageSelection(images, [], []) : throw new InputException($"{source}: the list names no images");
    }

    // A comma may belong to the file's name, so the whole line is tried first.
    private static (string Id, string? Label) Split(string text, string folder)
    {
        int comma = text.LastIndexOf(',');
        return comma < 0 || File.Exists(Path.Combine(folder, text)) ? (text, null) : (text[..comma].TrimEnd(), text[(comma + 1)..].Trim());
    }

    private static ImageNetClass Label(string label, string place)
    {
        try
        {
            return ImageNetClasses.Find(label);
        }
        catch (InputException error)
        {
            throw new InputException($"{place}: {error.Message}", error);
        }
    }
}
