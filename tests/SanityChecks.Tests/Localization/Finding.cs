using SanityChecks.Compute;
using SanityChecks.Images;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Localization;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Tests.Localization;

/// <summary>Maps and truths that a test writes down.</summary>
internal static class Finding
{
    /// <summary>Every measure with its defaults.</summary>
    public static IReadOnlyList<ConfiguredLocalization> All { get; } =
        [.. LocalizationMeasures.All.Select(measure => ConfiguredLocalization.Of(measure))];

    /// <summary>A measure from <c>name key=value ...</c>, and of further values those that it knows.</summary>
    public static ConfiguredLocalization Measure(string text, params string[] more)
    {
        string[] parts = text.Split(' ');
        LocalizationMeasure measure = LocalizationMeasures.All.Single(one => one.Name == parts[0]);
        return ConfiguredLocalization.Of(
            measure,
            parts[1..].Concat(more).Select(pair => pair.Split('='))
                .Where(pair => measure.Parameters.Any(parameter => parameter.Name == pair[0]))
                .ToDictionary(pair => pair[0], pair => (IReadOnlyList<string>)[pair[1]]));
    }

    /// <summary>A map from rows of numbers with blanks between.</summary>
    public static SaliencyMap Map(params string[] rows)
    {
        float[][] values = [.. rows.Select(row => row.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(text => float.Parse(text, System.Globalization.CultureInfo.InvariantCulture)).ToArray())];
        return new SaliencyMap(new Shape(values.Length, values[0].Length), [.. values.SelectMany(row => row)]);
    }

    /// <summary>The truth of objects given by rows of dots and crosses, rows apart by a slash.</summary>
    public static ImageTruth Truth(params string[] objects)
    {
        string[][] rows = [.. objects.Select(one => one.Split('/'))];
        int width = rows[0][0].Length, height = rows[0].Length;
        return new ImageTruth(width, height, [.. rows.Select(one =>
        {
            bool[] mask = [.. string.Concat(one).Select(pixel => pixel == 'x')];
            return new TrueObject("it", PixelBox.Around(mask, width)!.Value, mask);
        })]);
    }

    public static SimilarityScore[] Scores(
        SaliencyMap map, ImageTruth? truth, IReadOnlyList<ConfiguredLocalization> measures, bool randomized = false) =>
        LocalizationScores.Of(
            map, new RgbImage(map.Width, map.Height, new byte[3 * map.Width * map.Height]), truth, _ => true, measures,
            LocalizationScores.RandomOf(1, "image"), randomized);

    public static SimilarityScore[] Chances(ImageTruth? truth, IReadOnlyList<ConfiguredLocalization> measures) =>
        LocalizationScores.ByChance(truth, _ => true, measures);
}
