namespace SanityChecks.RunFiles;

/// <summary>Files whose names somebody gave, opened for reading where they are files: a pipe that nobody writes to never answers, not even
/// to an interrupt.</summary>
public static class RegularFile
{
    /// <summary>What is said of a file that is not opened. The system reports all three as a file of no bytes.</summary>
    public const string EmptyOrPipe = "the file is empty, or a pipe or device";

    /// <summary>Whether a path leads to a file without bytes, or to a named pipe or device.</summary>
    /// <param name="path">A file or a link to one; where there is none the answer is no. A pipe that is open already, such as a shell's
    /// <c>/dev/fd/63</c>, has no name and is none of them.</param>
    public static bool IsEmptyOrPipe(string path)
    {
        var file = new FileInfo(path);
        return (file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file) is { Exists: true, Length: 0 };
    }

    /// <summary>Opens a file that others may read at the same time.</summary>
    /// <param name="path">The file, of at least one byte.</param>
    /// <exception cref="IOException">It is absent, cannot be opened, or is <see cref="EmptyOrPipe"/>.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, or is a folder.</exception>
    public static FileStream OpenRead(string path) => IsEmptyOrPipe(path) ? throw new IOException(EmptyOrPipe) : File.OpenRead(path);

    /// <summary>All bytes of a file.</summary>
    /// <inheritdoc cref="OpenRead"/>
    /// <exception cref="IOException">It is absent, cannot be read, is <see cref="EmptyOrPipe"/>, or has more than 2 GB.</exception>
    public static byte[] ReadAllBytes(string path) => IsEmptyOrPipe(path) ? throw new IOException(EmptyOrPipe) : File.ReadAllBytes(path);
}
