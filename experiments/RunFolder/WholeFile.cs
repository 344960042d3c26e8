namespace SanityChecks.Experiments.RunFolder;

/// <summary>Files that appear whole or not at all.</summary>
public static class WholeFile
{
    /// <summary>What is put behind the name of a file that is not whole yet.</summary>
    public const string PartExtension = ".part";

    /// <summary>Writes beside the place, flushes to the disk, and renames over what was there.</summary>
    /// <param name="path">Its folder is made where it is missing.</param>
    /// <param name="bytes">The content.</param>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        MakeFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
        string part = path + PartExtension;
        using (var file = new FileStream(part, FileMode.Create, FileAccess.Write))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(part, path, overwrite: true);
    }

    /// <summary>The same for text, in UTF-8 without a mark.</summary>
    public static void Write(string path, string text) => Write(path, System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Makes a folder for results, and those above it, where they are missing.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="IOException">It cannot be made; the message says why, and what to do.</exception>
    public static void MakeFolder(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The system's own words are often that it cannot find what was to be made.
            string there = Path.GetFullPath(path);
            while (!Path.Exists(there) && Path.GetDirectoryName(there) is { } above)
            {
                there = above;
            }

            string reason = !Directory.Exists(there) ? $"{there} is a file"
                : error is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException ? $"nothing can be written to {there}"
                : error.Message.TrimEnd('.');
            throw new IOException($"The folder {path} cannot be made: {reason}. Give another folder with --out or --against.", error);
        }
    }
}
