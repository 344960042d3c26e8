using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SanityChecks.Compute;
using SanityChecks.Images;
using SanityChecks.Images.Sources;
using SanityChecks.RunFiles;

namespace SanityChecks.Training;

/// <summary>Photographs in a folder for each class; a part of them is kept apart for validation.</summary>
/// <remarks>
/// Classes are the folders in the root, in ordinal order; images may lie deeper. Each round takes every file once, in an order of its own.
/// </remarks>
public sealed class FolderTrainingSet : TrainingSet
{
    private readonly string root;
    private readonly (string Id, int Label)[] files;
    private readonly ulong seed;
    private readonly Augmentation? augmentation;
    private readonly RandomStream variants;
    private readonly ConcurrentDictionary<int, int[]> orders = new();

    private FolderTrainingSet(
        string root, IReadOnlyList<string> classes, (string Id, int Label)[] files, ulong seed, Augmentation? augmentation)
    {
        this.root = root;
        this.files = files;
        this.seed = seed;
        this.augmentation = augmentation;
        variants = new RandomStream(seed, 0, "training/variants");
        Classes = classes;
        string list = string.Concat(
            files.Select(file => string.Create(CultureInfo.InvariantCulture, $"{file.Id}\n{new FileInfo(PathOf(file.Id)).Length}\n")));
        Identity = string.Create(
            CultureInfo.InvariantCulture, $"folder/{seed}/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(list)))}");
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public override long? Count => files.Length;

    /// <summary>The files' paths relative to the root.</summary>
    public IEnumerable<string> Files => files.Select(file => file.Id);

    /// <inheritdoc/>
    public override string Identity { get; }

    /// <summary>Divides a folder's pictures into those to train on and those to measure accuracy with.</summary>
    /// <param name="root">The folder with a folder for each class.</param>
    /// <param name="seed">Chooses the validation files, by their names alone (<see cref="SeededChoice"/>), and all variants and
    /// orders.</param>
    /// <param name="validation">The part of each class that is kept apart: below 1 a share, else so many images of all classes together; at
    /// least one of each class, and at least one is trained on.</param>
    /// <param name="augmentation">How training pictures are varied; validation pictures are their middle.</param>
    /// <exception cref="InputException">The root is absent or unreadable, has fewer than two folders with images, or a folder has fewer
    /// than two images or a comma in its name, or a picture is in two classes.</exception>
    public static (FolderTrainingSet Training, FolderTrainingSet Validation) Load(
        string root, ulong seed, double validation, Augmentation augmentation)
    {
        try
        {
            return Divide(root, seed, validation, augmentation);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"data.root: '{root}' cannot be read: {error.Message}", error);
        }
    }

    /// <inheritdoc/>
    public override Example Draw(long index, int size)
    {
        (long round, long at) = Math.DivRem(index, files.Length);
        (string id, int label) = files[augmentation is null ? at : Order((int)round)[at]];
        try
        {
            RgbImage image = ImageFile.Load(PathOf(id));
            return new Example(augmentation?.Apply(image, size, variants, index) ?? Augmentation.Middle(image, size), label);
        }
        catch (Exception error) when (error is ImageFormatException or IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The image {PathOf(id)} cannot be read: {error.Message}", error);
        }
    }

    private static (FolderTrainingSet Training, FolderTrainingSet Validation) Divide(
        string root, ulong seed, double validation, Augmentation augmentation)
    {
        if (!Directory.Exists(root))
        {
            throw new InputException($"data.root: the folder '{root}' does not exist (looked for {Path.GetFullPath(root)}); it needs a folder of images for each class");
        }

        (string Name, FoundImages Found)[] folders = [.. Directory.EnumerateDirectories(root).Select(folder => Path.GetFileName(folder))
            .Where(name => name[0] != '.').Order(StringComparer.Ordinal)
                .Select(name => (name, ImageFiles.Find(Path.Combine(root, name), recursive: true)))];
        RequireOneClassEach(root, folders);
        (string Name, List<string> Files)[] classes =
            [.. folders.Select(one => (one.Name, one.Found.Images.Select(image => image.Name).ToList())).Where(one => one.Item2.Count > 0)];
        if (classes.Length < 2)
        {
            throw new InputException($"data.root: '{root}' has {classes.Length} folder(s) with images; there must be one for each class, and two classes at least");
        }

        if (classes.FirstOrDefault(one => one.Files.Count < 2) is { Name: { } lonely })
        {
            throw new InputException(
                $"data.root: the class '{lonely}' in '{root}' has one image; it needs two, one to train on and one for validation");
        }

        // A weight file lists its classes between commas.
        if (classes.FirstOrDefault(
            one => one.Name.Contains(',', StringComparison.Ordinal) || one.Name != one.Name.Trim()) is { Name: { } unlisted })
        {
            throw new InputException(
                $"data.root: the class '{unlisted}' in '{root}' has a comma, or a space at an end, in its name; rename the folder");
        }

        double share = validation < 1 ? validation : validation / classes.Sum(one => one.Files.Count);
        List<(string Id, int Label)> training = [], kept = [];
        for (int label = 0; label < classes.Length; label++)
        {
            (string name, List<string> files) = classes[label];
            int count = Math.Clamp((int)Math.Round(share * files.Count), 1, files.Count - 1);
            HashSet<string> chosen = [.. SeededChoice.Order(files, seed, file => $"{name}/{file}").Take(count)];
            foreach (string file in files)
            {
                (chosen.Contains(file) ? kept : training).Add(($"{name}/{file}", label));
            }
        }

        string[] names = [.. classes.Select(one => one.Name)];
        return (new FolderTrainingSet(root, names, [.. training], seed, augmentation),
            new FolderTrainingSet(root, names, [.. kept], seed, null));
    }

    /// <summary>Refuses a picture that links bring into two classes, which would be trained on and validated with, and folders whose
    /// pictures would be missing unnoticed.</summary>
    private static void RequireOneClassEach(string root, IEnumerable<(string Name, FoundImages Found)> folders)
    {
        var places = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, FoundImages found) in folders)
        {
            if (found.Closed.Count > 0)
            {
                throw new InputException($"data.root: the folder '{name}/{found.Closed[0]}' in '{root}' may not be read");
            }

            foreach (FoundImage image in found.Images)
            {
                string id = $"{name}/{image.Name}";
                if (!places.TryAdd(image.RealPath, id))
                {
                    throw new InputException(
                        $"data.root: '{places[image.RealPath]}' and '{id}' in '{root}' are the same file; a picture has one class");
                }
            }
        }
    }

    private string PathOf(string id) => Path.Combine(root, id);

    /// <summary>The order of one round.</summary>
    private int[] Order(int round) => orders.GetOrAdd(round, _ =>
    {
        // Batches are drawn ahead, but never more than a few: the rounds before the last are done with.
        orders.TryRemove(round - 2, out int[]? _);
        var stream = new RandomStream(seed, round, "training/order");
        int[] order = [.. Enumerable.Range(0, files.Length)];
        stream.Shuffle<int>(order);
        return order;
    });
}
