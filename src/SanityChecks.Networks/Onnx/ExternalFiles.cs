using SanityChecks.Networks.WeightFiles;
using SanityChecks.RunFiles;

namespace SanityChecks.Networks.Onnx;

/// <summary>The files beside a model that hold its large tensors, none of which may lie outside the model's folder.</summary>
/// <remarks>A model comes from anywhere: a location that is absolute, has a part <c>..</c>, or goes through a link that leads out of the
/// folder would have the program read other files of the user's.</remarks>
/// <param name="model">The model's path, for messages and to know its folder; null where there is none, so that no file is read.</param>
internal sealed class ExternalFiles(string? model) : IDisposable
{
    private const int MostLinks = 8;

    private static readonly char[] Separators = ['/', '\\'];

    private readonly SortedDictionary<string, FileStream> open = new(StringComparer.Ordinal);

    private string Folder => Path.GetDirectoryName(Path.GetFullPath(model!))!;

    /// <summary>A stream that stands at an offset of a file.</summary>
    /// <param name="location">As the model gives it, relative to its folder.</param>
    /// <param name="offset">In bytes.</param>
    /// <param name="length">How many bytes will be read.</param>
    /// <exception cref="WeightFileException">The location is not allowed, there is no such file, or it is too short.</exception>
    public FileStream At(string location, long offset, long length)
    {
        if (!open.TryGetValue(location, out FileStream? stream))
        {
            string path = Resolved(location);
            try
            {
                stream = RegularFile.OpenRead(path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                throw Refused($"its tensors lie in '{location}' beside it, which cannot be read: {error.Message}", error);
            }

            open.Add(location, stream);
        }

        if (offset < 0 || length < 0 || offset > stream.Length - length)
        {
            throw Refused($"'{location}' has {stream.Length} bytes, but a tensor needs {length} at {offset}: the file is truncated");
        }

        stream.Position = offset;
        return stream;
    }

    /// <summary>Every file that was read, with its hash.</summary>
    public IReadOnlyList<FileRecord> Records() =>
        [.. open.Select(file => new FileRecord(file.Key, WeightFile.Sha256(file.Value.Name)))];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (FileStream stream in open.Values)
        {
            stream.Dispose();
        }
    }

    private string Resolved(string location)
    {
        string[] parts = location.Split(Separators);
        if (model is null || location.Length == 0 || Path.IsPathRooted(location) || location.Contains(':', StringComparison.Ordinal)
            || location.Contains('\0', StringComparison.Ordinal) || parts.Any(part => part is "" or "." or ".."))
        {
            throw Refused($"its tensors would lie in '{location}'; only files in the model's own folder are read");
        }

        string path = Folder;
        foreach (string part in parts)
        {
            path = WithoutLinks(Path.Combine(path, part), location, MostLinks);
        }

        return path;
    }

    private string WithoutLinks(string path, string location, int links)
    {
        FileSystemInfo info = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
        FileSystemInfo? target;
        try
        {
            target = info.ResolveLinkTarget(returnFinalTarget: false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Refused($"its tensors lie in '{location}', which cannot be read: {error.Message}", error);
        }

        if (target is null)
        {
            return path;
        }

        string full = Path.GetFullPath(target.FullName), folder = Folder + Path.DirectorySeparatorChar;
        if (links == 0 || !full.StartsWith(folder, StringComparison.Ordinal))
        {
            throw Refused($"'{location}' is a link that leads out of the model's folder; only files in it are read");
        }

        path = Folder;
        foreach (string part in full[folder.Length..].Split(Path.DirectorySeparatorChar))
        {
            path = WithoutLinks(Path.Combine(path, part), location, links - 1);
        }

        return path;
    }

    private WeightFileException Refused(string reason, Exception? inner = null) => new(model ?? "model", reason, inner: inner);
}
