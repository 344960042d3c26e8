using System.Text.Json;
using SanityChecks.Compute;
using SanityChecks.Images;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Localization;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Tests.Localization;

/// <summary>The measures against NumPy, SciPy and scikit-image on maps with ties, both signs, several objects and channels
/// (make_localization.py).</summary>
public sealed class LocalizationReferenceTests
{
    private static readonly JsonElement[] Cases = [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(
        SharedFolder.RepositoryRoot, "tests", "SanityChecks.Tests", "Localization", "localization.json"))).RootElement.EnumerateArray()];

    public static TheoryData<string> Names => [.. Cases.Select(one => one.GetProperty("name").GetString()!)];

    [Theory, MemberData(nameof(Names))]
    public void Every_measure_and_what_it_gives_by_chance_are_those_of_the_script(string name)
    {
        JsonElement one = Cases.Single(one => one.GetProperty("name").GetString() == name);
        int[] shape = [.. one.GetProperty("shape").EnumerateArray().Select(length => length.GetInt32())];
        var map = new SaliencyMap(
            new Shape(shape), [.. one.GetProperty("values").EnumerateArray().Select(value => (float)value.GetDouble())]);
        ImageTruth truth = Truth(one, map);
        double threshold = one.GetProperty("threshold").GetDouble();
        string[] given =
        [
            FormattableString.Invariant($"threshold={threshold}"), $"tolerance={one.GetProperty("tolerance").GetInt32()}",
        ];
        Assert.Equal(Bits(one.GetProperty("region")), MapRegion.Of(map, threshold)!.Mask);
        JsonProperty[] expected = [.. one.GetProperty("scores").EnumerateObject()];
        ConfiguredLocalization[] measures = [.. expected.Select(score => Finding.Measure(score.Name, given))];
        SimilarityScore[] scores = Finding.Scores(map, truth, measures), chances = Finding.Chances(truth, measures);
        for (int i = 0; i < expected.Length; i++)
        {
            // Decimals become single precision on their way into the map.
            Assert.Equal(("ok", "ok"), (scores[i].Status, chances[i].Status));
            Near(expected[i].Name, expected[i].Value[0].GetDouble(), scores[i].Value!.Value, 2e-6);
            Near(expected[i].Name, expected[i].Value[1].GetDouble(), chances[i].Value!.Value, 1e-14);
        }
    }

    private static ImageTruth Truth(JsonElement one, SaliencyMap map) => new(
        map.Width, map.Height, [.. one.GetProperty("objects").EnumerateArray().Select(Bits)
            .Select(mask => new TrueObject("it", PixelBox.Around(mask, map.Width)!.Value, mask))]);

    private static bool[] Bits(JsonElement text) => [.. text.GetString()!.Select(bit => bit == '1')];

    private static void Near(string name, double expected, double found, double tolerance) =>
        Assert.True(Math.Abs(expected - found) <= tolerance, $"{name}: {found}, expected {expected}");
}
