namespace SanityChecks.RunFiles;

/// <summary>A file that grows as long as a run lasts: held open, so that no second run writes to it.</summary>
public static class HeldFile
{
    // Outside Windows only None is a lock that a second writer respects, and readers that do not ask for it read on; on Windows None would
    // stop them.
    private static readonly FileShare OtherReaders = OperatingSystem.IsWindows() ? FileShare.Read : FileShare.None;

    /// <summary>Opens a file for reading and appending.</summary>
    /// <param name="path">Made where it is missing.</param>
    /// <param name="kind">What writes such files: <c>run</c>.</param>
    /// <exception cref="InputException">Another program holds the file, or it cannot be opened.</exception>
    public static FileStream Open(string path, string kind)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, OtherReaders);
        }
        catch (IOException error)
        {
            throw new InputException($"{path} is in use: is another {kind} writing to this folder? ({error.Message})", error);
        }
    }
}
