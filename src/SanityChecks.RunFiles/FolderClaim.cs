namespace SanityChecks.RunFiles;

/// <summary>Who may write into a folder: whoever has the configuration that lies in it.</summary>
public static class FolderClaim
{
    /// <summary>Prepares a folder for a configuration.</summary>
    /// <param name="folder">Made where it is missing.</param>
    /// <param name="kind">What such a folder holds: <c>run</c>.</param>
    /// <param name="fileName">The configuration's file in it.</param>
    /// <param name="text">What that file is to hold.</param>
    /// <param name="differences">Reads the file that is there, and says in parts of a sentence how it differs.</param>
    /// <param name="within">A folder above it that must be there already, and is not made; null for none.</param>
    /// <returns>Whether the folder was free until now.</returns>
    /// <exception cref="InputException">The folder holds another configuration, or other files; the message says both ways out.</exception>
    /// <exception cref="IOException">It cannot be made, or what must be there is gone.</exception>
    public static bool Take(
        string folder, string kind, string fileName, string text, Func<string, IReadOnlyList<string>> differences, string? within = null)
    {
        string path = Path.Combine(folder, fileName);
        if (!File.Exists(path))
        {
            // What was killed while it wrote its configuration has left no more than a part of it, and of several that begin at the same
            // time all but one find the folder no longer empty: whoever wins has written the file then.
            if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any(entry => !IsPart(entry)) && !File.Exists(path))
            {
                throw new InputException($"The folder {folder} is not empty and holds no {kind}: give another with --out, or empty it.");
            }

            if (within is null)
            {
                WholeFile.MakeFolder(folder);
            }
            else
            {
                WholeFile.MakeFolderIn(within, folder);
            }

            if (WholeFile.WriteFirst(path, text))
            {
                foreach (string left in Directory.EnumerateFiles(folder).Where(IsPart).ToArray())
                {
                    File.Delete(left);
                }

                return true;
            }
        }

        IReadOnlyList<string> different = differences(path);
        return different.Count == 0 ? false : throw new InputException(
            $"The folder {folder} holds a {kind} with another configuration ({string.Join("; ", different)} there): give another folder with --out, or delete that one.");

        bool IsPart(string entry) => entry.StartsWith(path, StringComparison.Ordinal)
            && entry.EndsWith(WholeFile.PartExtension, StringComparison.Ordinal);
    }
}
