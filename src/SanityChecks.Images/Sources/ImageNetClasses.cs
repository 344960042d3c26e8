using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using SanityChecks.RunFiles;

namespace SanityChecks.Images.Sources;

/// <summary>One class of the ILSVRC 2012 challenge.</summary>
/// <param name="Index">0 to 999, in the order of WordNet ids.</param>
/// <param name="Wnid">WordNet 3.0 id: <c>n02123045</c>.</param>
/// <param name="Name">The usual short name; unique but for cardigan, a dog and a garment.</param>
/// <param name="Synonyms">Every lemma of the synset.</param>
public sealed record ImageNetClass(int Index, string Wnid, string Name, IReadOnlyList<string> Synonyms)
{
    /// <summary>Name and both numbers, as in <c>tabby (281, n02123045)</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} ({Index}, {Wnid})");
}

/// <summary>The 1000 ImageNet classes, found by index, name, synonym or WordNet id.</summary>
public static partial class ImageNetClasses
{
    /// <summary>The number of classes.</summary>
    public const int Count = 1000;

    private const string Resource = "imagenet_classes.csv";

    private static readonly ImageNetClass[] Table = Read();

    private static readonly Dictionary<string, ImageNetClass> ByWnid = Table.ToDictionary(one => one.Wnid, StringComparer.Ordinal);

    private static readonly ILookup<string, ImageNetClass> ByName = Table
        .SelectMany(one => one.Synonyms.Append(one.Name).Select(Normalize).Distinct().Select(name => (Name: name, Class: one)))
        .ToLookup(pair => pair.Name, pair => pair.Class, StringComparer.Ordinal);

    /// <summary>The classes in the order of their index.</summary>
    public static IReadOnlyList<ImageNetClass> All => Table;

    /// <summary>The class that a text names.</summary>
    /// <param name="text">An index ("281"), a WordNet id ("n02123045"), a name or a synonym; case does not matter, underscores are
    /// spaces.</param>
    /// <exception cref="InputException">
    /// No class is named so (the message has the nearest names), or several are: crane is a bird and a machine, maillot two garments.
    /// Then the message lists them with their indexes, even where one of them has the text as its name and the other as a synonym.
    /// </exception>
    public static ImageNetClass Find(string text)
    {
        return Matching(text) switch
        {
            [ImageNetClass only] => only,
            [] => throw Unknown(text),
            IReadOnlyList<ImageNetClass> several => throw new InputException(
                $"'{text}' names several ImageNet classes: {string.Join(", ", several.Select(one => one.ToString()))}; give the index or the WordNet id"),
        };
    }

    /// <summary>Every class that a text names, as <see cref="Find"/> reads it: none, one, or the several that share a name.</summary>
    /// <param name="text">An index, a WordNet id, a name or a synonym.</param>
    public static IReadOnlyList<ImageNetClass> Matching(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string wanted = Normalize(text);
        if (IsNumber(wanted))
        {
            return int.TryParse(wanted, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int index)
                && index is >= 0 and < Count
                ? [Table[index]]
                : [];
        }

        return ByWnid.TryGetValue(wanted, out ImageNetClass? one) ? [one] : [.. ByName[wanted]];
    }

    /// <summary>The class of a WordNet id, or null when it is none of the 1000.</summary>
    /// <param name="wnid">As in <c>n02123045</c>.</param>
    public static ImageNetClass? FromWnid(string wnid) => ByWnid.GetValueOrDefault(wnid);

    /// <summary>The class that an image's path tells.</summary>
    /// <param name="path">A path of either slash; the file need not exist.</param>
    /// <returns>
    /// The class of the folder's WordNet id, else of one that the file's name begins with (<c>n02123045_123.JPEG</c>), else of the folder's
    /// name where it is one class's name or synonym; else null.
    /// </returns>
    public static ImageNetClass? FromPath(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string[] parts = path.Split('/', '\\');
        string folder = parts.Length > 1 ? Normalize(parts[^2]) : "";
        if (ByWnid.TryGetValue(folder, out ImageNetClass? byFolder))
        {
            return byFolder;
        }

        Match prefix = WnidPrefix().Match(parts[^1]);
        if (prefix.Success && ByWnid.TryGetValue(prefix.Value.ToLowerInvariant(), out ImageNetClass? byFile))
        {
            return byFile;
        }

        return ByName[folder].ToArray() is [ImageNetClass only] ? only : null;
    }

    /// <summary>Whether a text has the form of a WordNet id of a noun: n and eight digits.</summary>
    internal static bool IsWnid(string text) => text.Length == 9 && text[0] == 'n' && text.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;

    private static bool IsNumber(string text) => text.Length > 0 && text.All(letter => char.IsAsciiDigit(letter) || letter is '-' or '+');

    private static InputException Unknown(string text)
    {
        string wanted = Normalize(text);
        return new InputException(
            IsNumber(wanted) ? $"the class index '{text}' lies outside 0 to {Count - 1}"
            : IsWnid(wanted) ? $"the synset '{text}' is none of the {Count} ImageNet classes"
            : $"no ImageNet class is named '{text}'{NearestNames.Hint(wanted, ByName.Select(group => group.Key))}");
    }

    private static string Normalize(string text) => Spaces().Replace(text.Replace('_', ' ').Trim(), " ").ToLowerInvariant();

    private static ImageNetClass[] Read()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        reader.ReadLine();
        var table = new List<ImageNetClass>(Count);
        while (reader.ReadLine() is string line)
        {
            // The table is our own: no field of it contains a comma or a quote.
            string[] fields = line.Split(',');
            table.Add(new(int.Parse(fields[0], CultureInfo.InvariantCulture), fields[1], fields[2], fields[3].Split("; ")));
        }

        return [.. table];
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"^[nN][0-9]{8}(?![0-9])")]
    private static partial Regex WnidPrefix();
}
