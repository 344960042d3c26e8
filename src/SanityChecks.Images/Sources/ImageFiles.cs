using SanityChecks.RunFiles;

namespace SanityChecks.Images.Sources;

/// <summary>An image file below a folder.</summary>
/// <param name="Name">Its path relative to the folder, with forward slashes.</param>
/// <param name="RealPath">Where it is, whatever links lead to it.</param>
public readonly record struct FoundImage(string Name, string RealPath);

/// <summary>What a search for image files met.</summary>
/// <param name="Images">The images in ordinal order of their names, each file once.</param>
/// <param name="Repeated">Names, in ordinal order, that lead to files which another name leads to already.</param>
/// <param name="Closed">Folders, in ordinal order, that may not be read.</param>
public sealed record FoundImages(IReadOnlyList<FoundImage> Images, IReadOnlyList<string> Repeated, IReadOnlyList<string> Closed)
{
    private const int Shown = 3;

    /// <summary>A line each, for the user and the manifest, on names that were left out and folders that were passed over.</summary>
    /// <param name="root">The folder that was searched, as the user named it.</param>
    /// <param name="strict">Whether a folder that may not be read is an error.</param>
    /// <exception cref="InputException">It is, and there is one.</exception>
    public IReadOnlyList<string> Warnings(string root, bool strict)
    {
        var warnings = new List<string>();
        if (Repeated.Count > 0)
        {
            warnings.Add($"{Repeated.Count} name(s) in '{root}' lead to images that are there by another name, left out: {Some(Repeated)}");
        }

        if (Closed.Count > 0)
        {
            string closed = $"{Closed.Count} folder(s) in '{root}' may not be read";
            warnings.Add(strict
                ? throw new InputException($"images.root: {closed}: {Some(Closed)} (strict: true stops here; without it this is a warning)")
                : $"{closed}, passed over: {Some(Closed)}");
        }

        return warnings;
    }

    private static string Some(IReadOnlyList<string> names) => string.Join(", ", names.Take(Shown)) + (names.Count > Shown ? ", ..." : "");
}

/// <summary>Finds the image files in a folder.</summary>
public static class ImageFiles
{
    private const int DeepestFolder = 64;

    private static readonly string[] Extensions = [.. ImageKind.Read.SelectMany(kind => kind.Extensions)];

    private static readonly EnumerationOptions Visible = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    /// <summary>The images below a folder.</summary>
    /// <remarks>
    /// An image is a file that ends as those of a kind that is read (any case), or whose first bytes are those of a JPEG, PNG or WebP file.
    /// Names that begin with a dot are passed over: macOS leaves files such as <c>._1.jpg</c> that only look like images. Links are
    /// followed after everything else, so that a file keeps the name of the place where it is; a link to a folder that holds the searched
    /// one is not followed.
    /// </remarks>
    /// <param name="folder">An existing folder.</param>
    /// <param name="recursive">Whether folders in it are searched.</param>
    /// <exception cref="UnauthorizedAccessException">The folder itself may not be read.</exception>
    public static FoundImages Find(string folder, bool recursive)
    {
        string root = RealPath.Of(folder);
        var search = new Search(root, recursive);
        search.Visit(new DirectoryInfo(folder), root, "", depth: 0);
        search.FollowLinks();
        return search.Result;
    }

    private sealed class Search(string root, bool recursive)
    {
        private readonly HashSet<string> folders = [], files = [];
        private readonly PriorityQueue<(FileSystemInfo Entry, string Name, int Depth), string> links = new(StringComparer.Ordinal);
        private readonly List<FoundImage> found = [];
        private readonly List<string> repeated = [], closed = [];

        public FoundImages Result =>
            new([.. found.OrderBy(image => image.Name, StringComparer.Ordinal)], Ordered(repeated), Ordered(closed));

        public void Visit(DirectoryInfo folder, string real, string prefix, int depth)
        {
            if (!folders.Add(real))
            {
                return;
            }

            FileSystemInfo[] entries;
            try
            {
                entries = [.. folder.EnumerateFileSystemInfos("*", Visible).Where(entry => entry.Name[0] != '.')];
            }
            catch (UnauthorizedAccessException) when (depth > 0)
            {
                closed.Add(prefix.TrimEnd('/'));
                return;
            }

            foreach (FileSystemInfo entry in entries.OrderBy(entry => entry.Name, StringComparer.Ordinal))
            {
                string name = prefix + entry.Name;
                if (entry.Attributes.HasFlag(FileAttributes.ReparsePoint) && entry.LinkTarget is not null)
                {
                    links.Enqueue((entry, name, depth), name);
                }
                else
                {
                    Take(entry, Path.Combine(real, entry.Name), name, depth);
                }
            }
        }

        public void FollowLinks()
        {
            while (links.TryDequeue(out (FileSystemInfo Entry, string Name, int Depth) link, out _))
            {
                string real = RealPath.Of(link.Entry.FullName);
                if (link.Entry is FileInfo || !RealPath.Holds(real, root))
                {
                    Take(link.Entry, real, link.Name, link.Depth);
                }
            }
        }

        private void Take(FileSystemInfo entry, string real, string name, int depth)
        {
            if (entry is DirectoryInfo folder)
            {
                if (recursive && depth < DeepestFolder)
                {
                    Visit(folder, real, name + "/", depth + 1);
                }
            }
            else if (IsImage(name, new FileInfo(real)))
            {
                if (files.Add(real))
                {
                    found.Add(new FoundImage(name, real));
                }
                else
                {
                    repeated.Add(name);
                }
            }
        }

        private static string[] Ordered(List<string> names) => [.. names.Order(StringComparer.Ordinal)];
    }

    private static bool IsImage(string name, FileInfo file)
    {
        if (Extensions.Contains(Path.GetExtension(name).ToLowerInvariant()))
        {
            return true;
        }

        Span<byte> head = stackalloc byte[12];
        try
        {
            using FileStream stream = RegularFile.OpenRead(file.FullName);
            head = head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }

        // Not BMP: many a text begins with BM.
        ImageKind kind = ImageKind.Of(head);
        return kind != ImageKind.Bmp && ImageKind.Read.Contains(kind);
    }
}
