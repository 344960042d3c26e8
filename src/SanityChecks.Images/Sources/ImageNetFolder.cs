using SanityChecks.RunFiles;

namespace SanityChecks.Images.Sources;

/// <summary>A part of ImageNet on disk: a folder per synset, or a flat folder whose synsets a solution file tells.</summary>
internal sealed class ImageNetFolder
{
    private const int ShownSynsets = 5;

    private readonly string root;
    private readonly bool strict;
    private readonly Dictionary<string, FoundImages> searched = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, List<string>> folders = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, List<string>> files = new(StringComparer.Ordinal);
    private readonly List<string> warnings = [];

    private ImageNetFolder(string root, bool strict)
    {
        this.root = root;
        this.strict = strict;
    }

    private IEnumerable<string> Synsets => folders.Count > 0 ? folders.Keys : files.Keys;

    /// <summary>The images of the chosen synsets.</summary>
    /// <param name="root">An existing folder.</param>
    /// <param name="synset">What the user asked for.</param>
    /// <param name="solution">The solution file, or null.</param>
    /// <param name="strict">Whether a folder that may not be read is an error.</param>
    /// <param name="seed">Chooses the random synset.</param>
    /// <exception cref="InputException">The folder is empty or of neither layout, or a synset is unknown or not in it.</exception>
    public static ImageSelection Select(string root, IReadOnlyList<string> synset, string? solution, bool strict, ulong seed)
    {
        var folder = new ImageNetFolder(root, strict);
        folder.FindSynsets(solution);
        string[] chosen = folder.Choose(synset, seed);
        var images = new List<ImageItem>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        int elsewhere = 0;
        foreach (string wnid in chosen)
        {
            FoundImage[] found = [.. folder.Images(wnid)];
            if (found.Length == 0)
            {
                folder.warnings.Add($"the folder of the synset {Describe(wnid)} in '{root}' holds no images");
            }

            foreach (string name in folder.folders.GetValueOrDefault(wnid, []))
            {
                folder.warnings.AddRange(folder.Search(name).Warnings(Path.Combine(root, name), strict));
            }

            FoundImage[] first = [.. found.Where(image => taken.Add(image.RealPath))];
            elsewhere += found.Length - first.Length;
            images.AddRange(
                first.Select(
                    image => new ImageFileItem(image.Name, Path.Combine(root, image.Name), ImageNetClasses.FromWnid(wnid)?.Index, wnid)));
        }

        if (elsewhere > 0)
        {
            folder.warnings.Add(
                $"{elsewhere} image(s) in '{root}' are linked to from the folder of another synset too, and count once, for the first");
        }

        return new ImageSelection([.. images.OrderBy(image => image.Id, StringComparer.Ordinal)], chosen, folder.warnings);
    }

    private void FindSynsets(string? solution)
    {
        foreach (string folder in Directory.EnumerateDirectories(root))
        {
            string name = Path.GetFileName(folder);
            if ((ImageNetClasses.IsWnid(name) ? name : ImageNetClasses.FromPath(name + "/")?.Wnid) is string wnid)
            {
                Add(folders, wnid, name);
            }
        }

        if (folders.Count > 0)
        {
            return;
        }

        FoundImages inRoot = ImageFiles.Find(root, recursive: false);
        warnings.AddRange(inRoot.Warnings(root, strict));
        string[] flat = [.. inRoot.Images.Select(image => image.Name)];
        if (flat.Length == 0)
        {
            throw new InputException($"images.root: '{root}' holds neither folders named by synset (n02123045) nor images");
        }

        string file = SolutionFile.Locate(root, solution);
        Dictionary<string, string> synsets = SolutionFile.Read(file);
        int unknown = 0;
        foreach (string image in flat)
        {
            if (synsets.TryGetValue(Path.GetFileNameWithoutExtension(image), out string? wnid))
            {
                Add(files, wnid, image);
            }
            else
            {
                unknown++;
            }
        }

        if (files.Count == 0)
        {
            throw new InputException($"images.root: none of the {flat.Length} images in '{root}' is named in {file}");
        }

        if (unknown > 0)
        {
            warnings.Add($"{unknown} of the {flat.Length} images in '{root}' are not named in {file} and are left out");
        }
    }

    private string[] Choose(IReadOnlyList<string> wanted, ulong seed)
    {
        if (wanted.Count == 0)
        {
            throw new InputException("images.synset: the list is empty; give random, all, WordNet ids or names");
        }

        if (wanted is [ImageSourceOptions.AllSynsets])
        {
            return [.. Synsets];
        }

        if (wanted is [ImageSourceOptions.RandomSynset])
        {
            string[] order = [.. SeededChoice.Order(Synsets, seed, wnid => wnid)];
            string? first = Array.Find(order, wnid => Images(wnid).Any());
            return first is null
                ? throw new InputException($"images.root: the {order.Length} synset folders in '{root}' hold no images")
                : [first];
        }

        return [.. wanted.Select(Resolve).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    private string Resolve(string text)
    {
        string trimmed = text.Trim().ToLowerInvariant();
        IReadOnlyList<ImageNetClass> matching = ImageNetClasses.Matching(text);
        string? wnid = ImageNetClasses.IsWnid(trimmed) ? trimmed : matching.Count == 1 ? matching[0].Wnid : null;
        if (wnid is not null && Synsets.Contains(wnid))
        {
            return wnid;
        }

        if (matching.Count > 1)
        {
            ImageNetClasses.Find(text);
        }

        string[] present = [.. Synsets];
        string hint = NearestNames.Hint(trimmed.Replace('_', ' '), present.SelectMany(Names));
        string listed = string.Join(", ", present.Take(ShownSynsets).Select(Describe)) + (present.Length > ShownSynsets ? ", ..." : "");
        throw new InputException($"images.synset: '{text}' is not among the {present.Length} synsets in '{root}' ({listed}){hint}");
    }

    private IEnumerable<FoundImage> Images(string wnid) => folders.TryGetValue(wnid, out List<string>? names)
        ? names.SelectMany(name => Search(name).Images.Select(image => image with { Name = $"{name}/{image.Name}" }))
        : files[wnid].Select(name => new FoundImage(name, Path.Combine(root, name)));

    private FoundImages Search(string name)
    {
        if (!searched.TryGetValue(name, out FoundImages? found))
        {
            searched.Add(name, found = ImageFiles.Find(Path.Combine(root, name), recursive: true));
        }

        return found;
    }

    private static IEnumerable<string> Names(string wnid) =>
        ImageNetClasses.FromWnid(wnid) is ImageNetClass known ? [wnid, known.Name, .. known.Synonyms] : [wnid];

    private static string Describe(string wnid) => ImageNetClasses.FromWnid(wnid) is ImageNetClass known ? $"{wnid} {known.Name}" : wnid;

    private static void Add(SortedDictionary<string, List<string>> synsets, string wnid, string name)
    {
        if (!synsets.TryGetValue(wnid, out List<string>? names))
        {
            synsets.Add(wnid, names = []);
        }

        names.Add(name);
    }
}
