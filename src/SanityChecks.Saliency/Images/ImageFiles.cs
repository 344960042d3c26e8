using SanityChecks.Imaging;

namespace SanityChecks.Saliency.Images;

/// <summary>Finds the image files in a folder.</summary>
public static class ImageFiles
{
    private const int DeepestFolder = 64;

    private static readonly string[] Extensions = [.. ImageKind.Read.SelectMany(kind => kind.Extensions)];

    private static readonly EnumerationOptions Visible = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    /// <summary>Paths of the images relative to a folder, with forward slashes, in ordinal order.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="recursive">Whether folders in it are searched; links to folders are followed, but not in circles.</param>
    /// <remarks>
    /// An image is a file that ends as those of a kind that is read (any case), or whose first bytes are those of a JPEG, PNG or WebP file. Names that begin with a
    /// dot are passed over: macOS leaves files such as <c>._1.jpg</c> that only look like images.
    /// </remarks>
    public static List<string> Find(string folder, bool recursive)
    {
        var found = new List<string>();
        Collect(new DirectoryInfo(folder), "", recursive, [Real(new DirectoryInfo(folder))], found);
        found.Sort(StringComparer.Ordinal);
        return found;
    }

    private static void Collect(DirectoryInfo folder, string prefix, bool recursive, List<string> above, List<string> found)
    {
        foreach (FileSystemInfo entry in folder.EnumerateFileSystemInfos("*", Visible).Where(entry => entry.Name[0] != '.'))
        {
            if (entry is FileInfo file)
            {
                if (IsImage(file))
                {
                    found.Add(prefix + file.Name);
                }
            }
            else if (recursive && entry is DirectoryInfo child && above.Count < DeepestFolder)
            {
                string real = Real(child);
                if (!above.Contains(real))
                {
                    Collect(child, prefix + child.Name + "/", recursive, [.. above, real], found);
                }
            }
        }
    }

    private static string Real(DirectoryInfo folder) => (folder.ResolveLinkTarget(returnFinalTarget: true) ?? folder).FullName.TrimEnd('/', '\\');

    private static bool IsImage(FileInfo file)
    {
        if (Extensions.Contains(file.Extension.ToLowerInvariant()))
        {
            return true;
        }

        Span<byte> head = stackalloc byte[12];
        try
        {
            // Pipes and devices have no length, and may never answer.
            var real = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            if (!real.Exists || real.Length == 0)
            {
                return false;
            }

            using FileStream stream = new(real.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
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
