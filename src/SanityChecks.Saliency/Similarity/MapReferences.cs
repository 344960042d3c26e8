using SanityChecks.Compute;
using SanityChecks.RunFiles;

namespace SanityChecks.Saliency.Similarity;

/// <summary>What a reference is made of.</summary>
/// <param name="Map">The trained network's map [H, W] of the same image.</param>
/// <param name="Other">Its map of another image; null where the run has none.</param>
/// <param name="Stream">Random numbers that belong to the image, the method and the reference.</param>
/// <param name="OtherTraining">Another trained network's map of the same image; null where the run has none.</param>
public readonly record struct ReferenceSource(SaliencyMap Map, SaliencyMap? Other, RandomStream Stream, SaliencyMap? OtherTraining);

/// <summary>What a network's map is compared with.</summary>
/// <param name="Name">What configurations and the column <c>reference</c> say.</param>
/// <param name="Description">What it is, in a line.</param>
/// <param name="Of">Makes it; null where it does not exist.</param>
public sealed record MapReference(string Name, string Description, Func<ReferenceSource, SaliencyMap?> Of)
{
    /// <summary>Whether it is made of the map of another image.</summary>
    public bool OfOtherImage { get; init; }
}

/// <summary>The references by name.</summary>
/// <remarks>Of those that a configuration names all but the original are nulls: what a metric gives to maps that have nothing to do with
/// each other. The one that is nearest to the original in all else is another image's: unlike shuffled pixels it has the smoothness, the
/// bright middle and the dark ground that a method gives to every image (Arun et al. 2021 compare the maps of two images by the trained
/// network; here step 0).</remarks>
public static class MapReferences
{
    /// <summary>All of them; the first is the default.</summary>
    public static IReadOnlyList<MapReference> All { get; } =
    [
        new(ScoreRow.Original, "the trained network's map of the same image", source => source.Map),
        new(ScoreRow.OtherImage, "the trained network's map of another image, the next of the run: what unrelated maps of the method share",
            source => source.Other)
        {
            OfOtherImage = true,
        },
        new("shuffled", "the trained network's map with its pixels in random order: what a metric gives to maps that share their values and nothing else", Shuffled),
        new("random", "uniform random numbers: what a metric gives to a map that shows nothing", Random),
    ];

    /// <summary>The other training's map: no null but a ceiling, which a run has where it is given such a network.</summary>
    public static MapReference OtherTraining { get; } = new(
        ScoreRow.OtherTraining, "the map of a network that was trained to the same from another seed", source => source.OtherTraining);

    /// <summary>The reference of a name.</summary>
    /// <exception cref="InputException">There is none; the message lists the names.</exception>
    public static MapReference Find(string name) => All.FirstOrDefault(reference => reference.Name == name)
        ?? throw new InputException(
            $"There is no reference '{name}'; the references are {string.Join(", ", All.Select(reference => reference.Name))}.");

    private static SaliencyMap Shuffled(ReferenceSource source)
    {
        float[] values = source.Map.Values.ToArray();
        source.Stream.Shuffle<float>(values);
        return new SaliencyMap(source.Map.Shape, values);
    }

    private static SaliencyMap Random(ReferenceSource source)
    {
        double[] uniform = new double[source.Map.Values.Length];
        source.Stream.Uniforms(0, uniform);
        return new SaliencyMap(source.Map.Shape, Array.ConvertAll(uniform, value => (float)value));
    }
}
