namespace SanityChecks.RunFiles;

/// <summary>A file that grows as long as a run lasts: held open, so that no second run writes to it.</summary>
public static class HeldFile
{
    // Outside Windows only None is a lock that a second writer respects, and readers that do not ask for it read on; on Windows None would
    // stop them.
    private static readonly FileShare OtherReaders = OperatingSystem.IsWindows() ? FileShare.Read : FileShare.None;

    /// <summary>Opens a file for reading and appending.</summary>
    /// <param name="path">Made where it is missing, in a folder that is there.</param>
    /// <param name="kind">What writes such files: <c>run</c>.</param>
    /// <exception cref="InputException">Another program holds the file.</exception>
    /// <exception cref="IOException">The folder is gone, or the disk full or read-only.</exception>
    public static FileStream Open(string path, string kind)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, OtherReaders);
        }
        catch (IOException error) when (IsHeld(error))
        {
            throw new InputException($"{path} is in use: is another {kind} writing to this folder? ({error.Message})", error);
        }
    }

    /// <summary>Whether the system says that another program holds a file: ERROR_SHARING_VIOLATION on Windows, else EWOULDBLOCK of Linux or
    /// of macOS.</summary>
    private static bool IsHeld(IOException error) => error.HResult is unchecked((int)0x8007_0020) or 11 or 35;
}
