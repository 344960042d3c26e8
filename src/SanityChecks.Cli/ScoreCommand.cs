using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SanityChecks.RunFiles;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Cli;

/// <summary>The similarities of two maps that any tool may have made.</summary>
internal static class ScoreCommand
{
    public const string Name = "score";

    private static readonly Dictionary<string, MapLayout?> Layouts = new(StringComparer.Ordinal)
    {
        ["auto"] = null,
        ["chw"] = MapLayout.ChannelsFirst,
        ["hwc"] = MapLayout.ChannelsLast,
    };

    public static Command Create()
    {
        var original = new Argument<string>("A.npy")
        {
            Description = "The original map, [H, W], [C, H, W] or [H, W, C]; channels are summed.",
        };
        var randomized = new Argument<string>("B.npy") { Description = "The map to compare, of the same shape." };
        var layout = new Option<string>("--layout")
        {
            Description = "Which axis of three holds the channels: chw or hwc; auto decides by the shape.",
            HelpName = "auto|chw|hwc",
            DefaultValueFactory = _ => "auto",
        };
        var json = new Option<bool>("--json")
        {
            Description = "One JSON object on standard output; null where a similarity is undefined, which standard error explains.",
        };
        var command = new Command(
            Name, "Prints the similarities of two saliency maps, computed in the precision of the files.") { original, randomized, layout,
            json };
        command.SetAction(
            parsed => Run(
                parsed.GetValue(original)!, parsed.GetValue(randomized)!, LayoutOf(parsed.GetValue(layout)!), parsed.GetValue(json)));
        return command;
    }

    private static int Run(string original, string randomized, MapLayout? layout, bool json)
    {
        StoredMap a = StoredMap.Read(original, layout), b = StoredMap.Read(randomized, layout);
        using MapFeatures first = a.Features, second = b.Features;
        if (first.Shape != second.Shape)
        {
            throw new InputException($"The maps differ in shape: {Shown(a)}, {Shown(b)}.");
        }

        foreach (StoredMap map in layout is null ? [a, b] : Array.Empty<StoredMap>())
        {
            SayLayout(map);
        }

        (Metric Metric, SimilarityScore Score)[] scores = [.. Metrics.All.Select(metric => (metric, metric.Score(first, second)))];
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(scores.ToDictionary(pair => pair.Metric.Name, pair => pair.Score.Value)));
            foreach ((Metric metric, SimilarityScore score) in scores.Where(pair => pair.Score.Value is null))
            {
                Terminal.ErrorLine($"{metric.Name} is undefined: {score.Status}");
            }

            return 0;
        }

        foreach ((Metric metric, SimilarityScore score) in scores)
        {
            string value = score.Value?.ToString("0.000000", CultureInfo.InvariantCulture) ?? "undefined";
            Terminal.Line($"{metric.Name,-13}{value,10}{(score.Status == ScoreStatus.Ok ? "" : $"  {score.Status}")}");
        }

        return 0;
    }

    private static MapLayout? LayoutOf(string name) =>
        Layouts.TryGetValue(name, out MapLayout? layout)
            ? layout
            : throw new InputException($"--layout: '{name}' is not known; there are {string.Join(", ", Layouts.Keys)}.");

    private static string Shown(StoredMap map) =>
        $"{map.Path} is {map.Features.Shape}"
            + (map.Layout == MapLayout.NoChannels ? "" : $" (of {map.Stored}, read as {Spelled(map.Layout)})");

    private static string Spelled(MapLayout layout) => layout == MapLayout.ChannelsFirst ? "[C, H, W]" : "[H, W, C]";

    // The axis is a guess by sizes, so that it is said; a result for wrong axes looks as sound as any.
    private static void SayLayout(StoredMap map)
    {
        if (map.Layout != MapLayout.NoChannels)
        {
            string other = map.Layout == MapLayout.ChannelsFirst ? "hwc" : "chw";
            Terminal.ErrorLine(
                $"{map.Path}: {map.Stored} is read as {Spelled(map.Layout)}, channels summed; --layout {other} reads it otherwise");
        }
    }
}
