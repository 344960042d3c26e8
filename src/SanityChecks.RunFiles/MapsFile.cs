using System.Text;
using System.Text.Json;

namespace SanityChecks.RunFiles;

/// <summary>All maps of one image in small: <c>maps/IMAGE/maps.jsonl</c>, a line that names the image and a line for each step and
/// method.</summary>
/// <remarks>
/// The report needs it. The pictures beside it have lost the values: each has its own scale, and those of class activation maps are mixed
/// with the image; and the values as <c>.npy</c> take a hundred times the room, and are written only where they are asked for.
/// A file of lines, since it grows with every network and must not be held in memory; it has another name until it is whole.
/// </remarks>
public sealed class MapsFile
{
    /// <summary>The file's name.</summary>
    public const string FileName = "maps.jsonl";

    private static readonly JsonSerializerOptions Line = new(RecordFile.Options) { WriteIndented = false };

    private readonly string path;
    private readonly string part;

    /// <summary>Begins the file of an image.</summary>
    /// <param name="folder">The folder of the image's maps, which exists.</param>
    /// <param name="image">The image's id.</param>
    public MapsFile(string folder, string image)
    {
        path = Path.Combine(folder, FileName);
        part = path + WholeFile.PartExtension;
        File.WriteAllText(part, JsonSerializer.Serialize(new Head(image), Line) + "\n");
    }

    /// <summary>Adds maps.</summary>
    /// <param name="maps">Of one step.</param>
    public void Append(IEnumerable<CompactMap> maps) =>
        File.AppendAllText(part, string.Concat(maps.Select(map => JsonSerializer.Serialize(map, Line) + "\n")));

    /// <summary>Gives the file its name: all maps are in it.</summary>
    public void End()
    {
        using (FileStream file = new(part, FileMode.Open, FileAccess.Write))
        {
            file.Flush(flushToDisk: true);
        }

        File.Move(part, path, overwrite: true);
    }

    /// <summary>Removes what was begun.</summary>
    public void GiveUp() => File.Delete(part);

    /// <summary>Reads a file.</summary>
    /// <param name="path">A <c>maps.jsonl</c>.</param>
    /// <returns>The image's id, and its maps in the order of the file.</returns>
    /// <exception cref="RunFileException">It cannot be read, or a line is not what it should be.</exception>
    public static (string Image, IReadOnlyList<CompactMap> Maps) Read(string path)
    {
        string[] lines;
        try
        {
            lines = Encoding.UTF8.GetString(RegularFile.ReadAllBytes(path)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new RunFileException(path, null, $"cannot be read ({error.Message})", error);
        }

        return (Parse<Head>(path, lines, 0).Image,
            [.. Enumerable.Range(1, lines.Length - 1).Select(line => Parse<CompactMap>(path, lines, line))]);
    }

    private static T Parse<T>(string path, string[] lines, int line)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(lines[line], Line) ?? throw new JsonException("null");
        }
        catch (JsonException error)
        {
            throw new RunFileException(path, line + 1, "is not what a line of such a file holds; delete maps and run again", error);
        }
    }

    private sealed record Head(string Image);
}
