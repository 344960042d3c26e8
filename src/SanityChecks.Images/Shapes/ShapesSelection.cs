using System.Globalization;
using System.Security.Cryptography;
using SanityChecks.Images.Sources;
using SanityChecks.RunFiles;

namespace SanityChecks.Images.Shapes;

/// <summary>The scenes of an experiment: never any that a network was trained on, since those belong to other splits.</summary>
internal static class ShapesSelection
{
    // Scenes for the size that networks take; the presets that squash an image to this size leave it as it is.
    private const int Size = 224;

    /// <summary>The first scenes of the chosen classes, so that a larger count keeps what a smaller one took.</summary>
    /// <param name="options">Synset and count.</param>
    /// <param name="seed">Gives the scenes, and the class where it is <c>random</c>.</param>
    /// <exception cref="InputException">A class is unknown.</exception>
    public static ImageSelection Select(ImageSourceOptions options, ulong seed)
    {
        int[] classes = Choose(options.Synset, seed);
        int count = options.Count ?? throw new InputException("images.count: Shapes has no end; give a number of images");
        IEnumerable<ImageItem> scenes = Enumerable.Range(0, int.MaxValue)
            .Where(index => classes.Contains(index % ShapeScenes.Classes.Count)).Take(count).Select(Item);
        bool all = classes.Length == ShapeScenes.Classes.Count;
        return new ImageSelection([.. scenes], all ? [] : [.. classes.Select(one => ShapeScenes.Classes[one])], []);

        ImageItem Item(int index) => new ShapeSceneItem(seed, index, Size);
    }

    private static int[] Choose(IReadOnlyList<string> wanted, ulong seed) => wanted switch
    {
        [ImageSourceOptions.AllSynsets] => [.. Enumerable.Range(0, ShapeScenes.Classes.Count)],
        [ImageSourceOptions.RandomSynset] => [Index(SeededChoice.Order(ShapeScenes.Classes, seed, name => name).First())],
        _ => [.. wanted.Select(Index).Distinct().Order()],
    };

    private static int Index(string name)
    {
        int index = ShapeScenes.Classes.ToList().IndexOf(name.Trim().ToLowerInvariant());
        return index >= 0
            ? index
            : throw new InputException($"images.synset: '{name}' is no class of Shapes ({string.Join(", ", ShapeScenes.Classes)}){NearestNames.Hint(name, ShapeScenes.Classes)}");
    }

    /// <summary>A scene as an experiment's image.</summary>
    private sealed record ShapeSceneItem(ulong Seed, int Index, int Side)
        : ImageItem(
            string.Create(CultureInfo.InvariantCulture, $"{ShapeScenes.Classes[Index % ShapeScenes.Classes.Count]}/{Index:00000}"), null,
            null)
    {
        public override string Place => Id;

        public override bool HasTruth => true;

        private ShapeScene Scene => ShapeScenes.Draw(Seed, ShapeScenes.StudySplit, Index, Side);

        public override ImageTruth Truth() => new(
            Side, Side, [.. Scene.Objects.Select(one => new TrueObject(ShapeScenes.Classes[one.Class], one.Box, one.Mask))]);

        public override RgbImage Load() => Scene.Image;

        public override (int Width, int Height) Size() => (Side, Side);

        /// <remarks>Of the pixels, red, green, blue in rows from the top.</remarks>
        public override string Sha256() => Convert.ToHexStringLower(SHA256.HashData(Load().Pixels));
    }
}
