using System.Globalization;
using System.Text.Json;
using SanityChecks.Compute;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Tests.Similarity;

/// <summary>Every metric against SciPy and scikit-image; similarity_reference.py beside this file makes the numbers.</summary>
public class ReferenceScoresTests(ITestOutputHelper output)
{
    private const double Tolerance = 1e-9;

    private static readonly JsonElement Reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(
        SharedFolder.RepositoryRoot, "tests", "SanityChecks.Tests", "Similarity", "similarity_reference.json"))).RootElement;

    public static TheoryData<string> MetricNames => [.. Metrics.All.Select(metric => metric.Name)];

    [Theory]
    [MemberData(nameof(MetricNames))]
    public void Generated_pairs_score_as_in_scipy_and_scikit_image(string metric) =>
        Compare(metric, Reference.GetProperty("generated").EnumerateArray().Select(row =>
        {
            int height = row.GetProperty("shape")[0].GetInt32();
            int width = row.GetProperty("shape")[1].GetInt32();
            return (row, Make("original"), Make("randomized"));

            SaliencyMap Make(string which) => GeneratedMap.Make(row.GetProperty(which).GetString()!, height, width);
        }));

    [Theory]
    [MemberData(nameof(MetricNames))]
    public void Maps_of_two_images_or_methods_score_as_in_scipy_and_scikit_image(string metric)
    {
        string folder = SharedFolder.PathOrSkip("reference");
        Compare(
            metric, Reference.GetProperty("dumped").EnumerateArray().Select(row => (row, Read(row, "original"), Read(row, "randomized"))));

        SaliencyMap Read(JsonElement row, string which)
        {
            (Shape shape, float[] values) = NpyFile.Read(Path.Combine(folder, row.GetProperty(which).GetString()!));
            return new SaliencyMap(shape, values).SumChannels();
        }
    }

    [Theory]
    [InlineData("ssim")]
    [InlineData("hog")]
    [InlineData("top_k")]
    public void With_parameters_pairs_score_as_in_scipy_scikit_image_and_numpy(string name)
    {
        JsonElement[] rows =
            [.. Reference.GetProperty("parameters").EnumerateArray().Where(row => row.GetProperty("metric").GetString() == name)];
        Assert.True(rows.Length > 10, $"only {rows.Length} rows");
        foreach (JsonElement row in rows)
        {
            int height = row.GetProperty("shape")[0].GetInt32(), width = row.GetProperty("shape")[1].GetInt32();
            using MapFeatures original = Make("original"), randomized = Make("randomized");
            ConfiguredMetric metric = ConfiguredMetric.Of(
                Metrics.Find(name),
                row.GetProperty("parameters").EnumerateObject()
                    .ToDictionary(one => one.Name, one => (IReadOnlyList<string>)[one.Value.ToString()]));
            double? score = metric.Score(original, randomized).Value;
            double? expected = row.GetProperty("value").ValueKind == JsonValueKind.Null ? null : row.GetProperty("value").GetDouble();
            Assert.True(
                score is null ? expected is null : Math.Abs(score.Value - (expected ?? double.NaN)) <= Tolerance,
                string.Create(CultureInfo.InvariantCulture, $"{row}: {score}"));

            MapFeatures Make(string which) => new(GeneratedMap.Make(row.GetProperty(which).GetString()!, height, width));
        }
    }

    private void Compare(string name, IEnumerable<(JsonElement Row, SaliencyMap Original, SaliencyMap Randomized)> pairs)
    {
        Metric metric = Metrics.Find(name);
        double largest = 0;
        int defined = 0;
        foreach ((JsonElement row, SaliencyMap original, SaliencyMap randomized) in pairs)
        {
            SimilarityScore score = metric.Score(new MapFeatures(original), new MapFeatures(randomized));
            JsonElement expected = row.GetProperty(name);
            if (expected.ValueKind == JsonValueKind.Null)
            {
                Assert.True(score.Value is null, $"{row}: {score}, but the reference is undefined");
                Assert.NotEqual(ScoreStatus.Ok, score.Status);
                continue;
            }

            // scikit-image gives an SSIM of a constant map too; here it is a map that died.
            if (original.Values.IndexOfAnyExcept(original.Values[0]) < 0 || randomized.Values.IndexOfAnyExcept(randomized.Values[0]) < 0)
            {
                Assert.True(score.Value is null && score.Status.StartsWith("constant", StringComparison.Ordinal), $"{row}: {score}");
                continue;
            }

            Assert.True(score.Value is not null, $"{row}: {score}, but the reference has a value");
            double difference = Math.Abs(score.Value.Value - expected.GetDouble());
            Assert.True(difference <= Tolerance, string.Create(CultureInfo.InvariantCulture, $"{row}: {score}, off by {difference:g3}"));
            largest = Math.Max(largest, difference);
            defined++;
        }

        Assert.True(defined > 20, $"only {defined} pairs have a value");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {defined} pairs, largest difference {largest:g3}"));
    }
}
