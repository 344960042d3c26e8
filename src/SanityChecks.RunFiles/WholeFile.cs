using System.Text;

namespace SanityChecks.RunFiles;

/// <summary>Files that appear whole or not at all.</summary>
public static class WholeFile
{
    /// <summary>What is put behind the name of a file that is not whole yet.</summary>
    public const string PartExtension = ".part";

    /// <summary>Writes beside the place, flushes to the disk, and renames over what was there.</summary>
    /// <param name="path">A file in an existing folder; an older one stays as it is until the new one is whole.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">The folder is missing, the disk full, or another program writes this file now; nothing is left
    /// behind.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or file may not be written.</exception>
    public static void Write(string path, Action<FileStream> write)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(write);
        string part = path + PartExtension;
        using var file = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None);
        try
        {
            write(file);
            file.Flush(flushToDisk: true);
            file.Dispose();
            File.Move(part, path, overwrite: true);
        }
        catch
        {
            file.Dispose();
            File.Delete(part);
            throw;
        }
    }

    /// <summary>The same for bytes.</summary>
    /// <inheritdoc cref="Write(string, Action{FileStream})"/>
    public static void Write(string path, byte[] bytes) => Write(path, file => file.Write(bytes));

    /// <summary>The same for text, in UTF-8 without a mark.</summary>
    /// <inheritdoc cref="Write(string, Action{FileStream})"/>
    public static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes a file that is not there yet; of several processes at once one wins, and no other's text is ever seen.</summary>
    /// <param name="path">A file in an existing folder.</param>
    /// <param name="text">What it holds.</param>
    /// <returns>Whether this process wrote it; else it is there.</returns>
    /// <exception cref="IOException">The folder is missing, or the disk full.</exception>
    public static bool WriteFirst(string path, string text)
    {
        string part = $"{path}.{Guid.NewGuid():N}{PartExtension}";
        try
        {
            Write(part, text);
            File.Move(part, path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>What time it is where a folder lies: machines that share a disk need not agree on it.</summary>
    /// <param name="folder">An existing folder. Where nothing can be written into it, the time of its youngest file is as near as one
    /// gets.</param>
    public static DateTime ClockOf(string folder)
    {
        string path = Path.Combine(folder, $"clock.{Guid.NewGuid():N}{PartExtension}");
        try
        {
            File.WriteAllText(path, "");
            DateTime now = File.GetLastWriteTimeUtc(path);
            File.Delete(path);
            return now;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Max(File.GetLastWriteTimeUtc);
        }
    }

    /// <summary>Makes a folder within one that must be there: what was deleted while a run lasts does not come back in parts, which a
    /// later start would take for another's.</summary>
    /// <param name="folder">The folder that must be there.</param>
    /// <param name="path">What is made below it, with what lies between, where it is missing.</param>
    /// <exception cref="IOException">The folder is gone, or nothing can be made in it.</exception>
    public static void MakeFolderIn(string folder, string path)
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException(
                $"The folder {folder} is gone: was it deleted, or its disk taken away? The same command goes on from what is there.");
        }

        Directory.CreateDirectory(path);
    }

    /// <summary>Makes a folder for results, and those above it, where they are missing.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="IOException">It cannot be made; the message says why.</exception>
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
