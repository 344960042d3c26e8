using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SanityChecks.Compute;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Cli;

/// <summary>The similarities of two maps that any tool may have made.</summary>
internal static class ScoreCommand
{
    public const string Name = "score";

    public static Command Create()
    {
        var original = new Argument<string>("A.npy") { Description = "The original map, [H, W] or [C, H, W]; channels are summed." };
        var randomized = new Argument<string>("B.npy") { Description = "The map to compare, of the same shape." };
        var json = new Option<bool>("--json") { Description = "One JSON object on standard output; null where a similarity is undefined." };
        var command = new Command(Name, "Prints the similarities of two saliency maps.") { original, randomized, json };
        command.SetAction(parsed => Run(parsed.GetValue(original)!, parsed.GetValue(randomized)!, parsed.GetValue(json)));
        return command;
    }

    private static int Run(string original, string randomized, bool json)
    {
        SaliencyMap a = Read(original), b = Read(randomized);
        if (a.Shape != b.Shape)
        {
            throw new InputException($"The maps differ in shape: {original} is {a.Shape}, {randomized} is {b.Shape}.");
        }

        using var first = new MapFeatures(a);
        using var second = new MapFeatures(b);
        (Metric Metric, SimilarityScore Score)[] scores = [.. Metrics.All.Select(metric => (metric, metric.Score(first, second)))];
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(scores.ToDictionary(pair => pair.Metric.Name, pair => pair.Score.Value)));
            return 0;
        }

        foreach ((Metric metric, SimilarityScore score) in scores)
        {
            string value = score.Value?.ToString("0.000000", CultureInfo.InvariantCulture) ?? "undefined";
            Console.WriteLine($"{metric.Name,-13}{value,10}{(score.Status == ScoreStatus.Ok ? "" : $"  {score.Status}")}");
        }

        return 0;
    }

    private static SaliencyMap Read(string path)
    {
        (Shape shape, float[] values) = NpyFile.Read(path);
        return shape.Rank is 2 or 3 && shape.Count > 0
            ? new SaliencyMap(shape, values).SumChannels()
            : throw new InputException($"{path} has the shape {shape}; a map is [H, W] or [C, H, W].");
    }
}
