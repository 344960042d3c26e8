using SanityChecks.Compute;
using SanityChecks.RunFiles;

namespace SanityChecks.Saliency.Similarity;

/// <summary>What a network's map is compared with.</summary>
/// <param name="Name">What configurations and the column <c>reference</c> say.</param>
/// <param name="Description">What it is, in a line.</param>
/// <param name="Of">Makes it of the trained network's map [H, W] of the same image, with random numbers that belong to the image, the
/// method and the reference.</param>
public sealed record MapReference(string Name, string Description, Func<SaliencyMap, RandomStream, SaliencyMap> Of);

/// <summary>The references by name.</summary>
public static class MapReferences
{
    /// <summary>All of them; the first is the default.</summary>
    public static IReadOnlyList<MapReference> All { get; } =
    [
        new(ScoreRow.Original, "the trained network's map of the same image", (map, _) => map),
        new("shuffled", "the trained network's map with its pixels in random order: what a metric gives to maps that share their values and nothing else", Shuffled),
    ];

    /// <summary>The reference of a name.</summary>
    /// <exception cref="InputException">There is none; the message lists the names.</exception>
    public static MapReference Find(string name) => All.FirstOrDefault(reference => reference.Name == name)
        ?? throw new InputException(
            $"There is no reference '{name}'; the references are {string.Join(", ", All.Select(reference => reference.Name))}.");

    private static SaliencyMap Shuffled(SaliencyMap map, RandomStream stream)
    {
        float[] values = map.Values.ToArray();
        stream.Shuffle<float>(values);
        return new SaliencyMap(map.Shape, values);
    }
}
