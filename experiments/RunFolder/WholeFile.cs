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
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
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
}
