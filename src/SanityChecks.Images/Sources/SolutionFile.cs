using CsvHelper;
using SanityChecks.RunFiles;

namespace SanityChecks.Images.Sources;

/// <summary>The synset of each ILSVRC validation image, from Kaggle's LOC_val_solution.csv.</summary>
/// <remarks>Lines are <c>ImageId,PredictionString</c>; the latter is <c>n01751748 111 108 472 389</c>, a synset and a box, possibly
/// repeated.</remarks>
internal static class SolutionFile
{
    private const string Name = "LOC_val_solution.csv";
    private static readonly CsvReaderOptions Options = new() { Separator = ',', HasHeader = false, TrackLineNumbers = true };

    private const string Heading = "ImageId";
    private const string DevkitName = "ILSVRC2012_validation_ground_truth.txt";

    // Kaggle's archive has the file four folders above the images.
    private const int LevelsAbove = 4;

    /// <summary>Finds the file of a flat folder.</summary>
    /// <param name="root">The folder with the images.</param>
    /// <param name="given">Where the user says that it is, or null.</param>
    /// <exception cref="InputException">There is none; the message says what the devkit's file lacks when that is there
    /// instead.</exception>
    public static string Locate(string root, string? given)
    {
        if (given is not null)
        {
            return File.Exists(given) ? given : throw new InputException($"images.solution: there is no file '{given}'");
        }

        if (FindAbove(root, Name) is string found)
        {
            return found;
        }

        string remedy =
            $"put Kaggle's {Name} beside or above the images (or set images.solution), or sort the images into a folder per synset";
        throw new InputException(FindAbove(root, DevkitName) is string devkit
            ? $"images.root: '{root}' is flat and has only the devkit's {devkit}: its numbers are the devkit's own ILSVRC ids, whose synsets stand in meta.mat alone; {remedy}"
            : $"images.root: '{root}' has neither a folder per synset nor a solution file; {remedy}");
    }

    /// <summary>WordNet ids by image id, which is the file's name without extension.</summary>
    /// <exception cref="InputException">The file cannot be read, or a line is not as described.</exception>
    public static Dictionary<string, string> Read(string path)
    {
        var synsets = new Dictionary<string, string>(StringComparer.Ordinal);
        using CsvReader csv = CsvReader.Create(Open(path), Options);
        while (csv.Read())
        {
            string[] fields = [.. csv.Current.ToArray().Select(field => field.Trim())];
            if (fields is [] or [""] or [Heading, ..])
            {
                continue;
            }

            string wnid = fields.Length >= 2 ? fields[1].Split(' ')[0] : "";
            if (!ImageNetClasses.IsWnid(wnid))
            {
                throw new InputException($"{path}, line {csv.LineNumber}: expected an image id, a comma and a WordNet id, as in 'ILSVRC2012_val_00000001,n01751748 111 108 472 389'");
            }

            synsets[fields[0]] = wnid;
        }

        return synsets;
    }

    private static FileStream Open(string path)
    {
        try
        {
            return RegularFile.OpenRead(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read: {error.Message}", error);
        }
    }

    private static string? FindAbove(string root, string name)
    {
        string? folder = Path.GetFullPath(root);
        for (int level = 0; level <= LevelsAbove && folder is not null; level++, folder = Path.GetDirectoryName(folder))
        {
            string[] places = [Path.Combine(folder, name), Path.Combine(folder, "ILSVRC2012_devkit_t12", "data", name)];
            if (Array.Find(places, File.Exists) is string found)
            {
                return found;
            }
        }

        return null;
    }
}
