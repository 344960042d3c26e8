using System.Globalization;
using SanityChecks.Images.Sources;
using SanityChecks.Networks;
using SanityChecks.RunFiles;

namespace SanityChecks.Saliency.Attribution;

/// <summary>What a network's logits stand for: ImageNet's classes, those that its weight file, a list or the folders of images
/// name, or plain numbers.</summary>
/// <remarks>With 1001 logits they are ImageNet's behind one for the background, as TensorFlow's networks have them.</remarks>
public sealed class ClassNames
{
    /// <summary>The note in a safetensors file that names the classes, in the order of the logits, with commas between.</summary>
    public const string MetadataKey = "classes";

    private readonly IReadOnlyList<string>? names;

    private ClassNames(int count, IReadOnlyList<string>? names)
    {
        Count = count;
        this.names = names;
    }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>Whether the weight file, a list or the folders of images name them.</summary>
    public bool AreNamed => names is not null;

    /// <summary>Whether they are the 1000 of ImageNet, with one before them or not.</summary>
    public bool AreImageNet => names is null && Count - Before == ImageNetClasses.Count;

    /// <summary>Whether every class has a name.</summary>
    public bool HaveNames => AreNamed || AreImageNet;

    /// <summary>How many logits come before ImageNet's: 1 of 1001, for the background; else 0.</summary>
    public int Before => names is null && Count == ImageNetClasses.Count + 1 ? 1 : 0;

    /// <summary>The name of a class; <c>class 7</c> where nothing names it.</summary>
    /// <param name="index">From 0.</param>
    public string this[int index] =>
        names?[index] ?? (AreImageNet ? index < Before ? "background" : ImageNetClasses.All[index - Before].Name : string.Create(CultureInfo.InvariantCulture, $"class {index}"));

    /// <summary>The classes of a network.</summary>
    /// <param name="trained">With the notes of its weight file.</param>
    /// <exception cref="InputException">The notes name another number of classes.</exception>
    public static ClassNames Of(TrainedNetwork trained) => Of(trained, []);

    /// <summary>The same, where the images lie in a folder for each class.</summary>
    /// <param name="trained">With the notes of its weight file.</param>
    /// <param name="folders">Names of the folders, in the order in which PyTorch's ImageFolder numbers them. They name the classes of a
    /// network that has as many, is not ImageNet's and does not name its own.</param>
    /// <exception cref="InputException">The notes name another number of classes.</exception>
    public static ClassNames Of(TrainedNetwork trained, IReadOnlyList<string> folders)
    {
        ArgumentNullException.ThrowIfNull(trained);
        ArgumentNullException.ThrowIfNull(folders);
        ClassNames own = trained.ClassLabels is { } labels
            ? new ClassNames(trained.Network.Classes, labels)
            : Of(trained.Network.Classes, trained.Metadata);
        return own.HaveNames || folders.Count != own.Count ? own : new ClassNames(own.Count, folders);
    }

    /// <summary>The same from its parts.</summary>
    /// <param name="count">How many logits it has.</param>
    /// <param name="metadata">The notes in its weight file.</param>
    /// <exception cref="InputException">The notes name another number of classes.</exception>
    public static ClassNames Of(int count, IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        if (!metadata.TryGetValue(MetadataKey, out string? listed))
        {
            return new ClassNames(count, null);
        }

        string[] names = listed.Split(',', StringSplitOptions.TrimEntries);
        return names.Length == count
            ? new ClassNames(count, names)
            : throw new InputException($"the weight file names {names.Length} classes, but the network has {count}");
    }

    /// <summary>The class that a text names.</summary>
    /// <param name="text">An index, or a name; for ImageNet also a synonym or a WordNet id.</param>
    /// <exception cref="InputException">There is none, or a synonym is ambiguous; the message says what is allowed.</exception>
    public int Find(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int index))
        {
            return index < Count ? index : throw new InputException($"the network has {Count} classes, 0 to {Count - 1}, not {text}");
        }

        if (AreImageNet)
        {
            return Before > 0 && text.Trim() == "background" ? 0 : ImageNetClasses.Find(text).Index + Before;
        }

        return names is null
            ? throw new InputException($"the network's {Count} classes have no names: give one by index, 0 to {Count - 1}, not '{text}'")
            : IndexOf(text) ?? throw new InputException(
                $"no class of the network is named '{text}' ({string.Join(", ", names)}){NearestNames.Hint(text, names)}");
    }

    /// <summary>The class that an image's path tells by its folder's name, or null. Where the classes have no names they are taken for
    /// ImageNet's.</summary>
    /// <param name="path">A path of either slash.</param>
    public int? FromPath(string path)
    {
        if (names is null)
        {
            return ImageNetClasses.FromPath(path)?.Index + Before;
        }

        string[] parts = path.Split('/', '\\');
        return parts.Length > 1 ? IndexOf(parts[^2]) : null;
    }

    private int? IndexOf(string name)
    {
        for (int i = 0; i < names?.Count; i++)
        {
            if (string.Equals(names[i], name.Trim(), StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return null;
    }
}
