using System.Globalization;
using System.Text.Json;
using SanityChecks.Compute;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Benchmarks;

/// <summary>What a map costs after it was computed; the original's share is paid once an image.</summary>
internal static class ScoreBenchmark
{
    private const int Size = 224, Maps = 8;

    public static void Run(int repeats, bool json)
    {
        SaliencyMap[] maps =
            [.. Enumerable.Range(0, Maps + 1).Select(i => new SaliencyMap(new Shape(Size, Size), Timing.Noise(Size * Size, i)))];
        Metric[] metrics = [.. new[] { "spearman", "spearman_abs", "ssim", "hog" }.Select(Metrics.Find)];
        using var original = new MapFeatures(maps[Maps]);
        double milliseconds = 1000 / Maps * Timing.Medians(repeats, () => Score(metrics))[0];
        double[] single =
            [.. Timing.Medians(repeats, [.. metrics.Select(metric => (Action)(() => Score(metric)))])
                .Select(seconds => 1000 * seconds / Maps)];
        if (json)
        {
            Console.WriteLine(
                JsonSerializer.Serialize(
                    new { milliseconds, alone = metrics.Zip(single).ToDictionary(pair => pair.First.Name, pair => pair.Second) }));
            return;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"four metrics {milliseconds:0.00} ms a map; alone {string.Join(", ", metrics.Zip(single, (metric, ms) => string.Create(CultureInfo.InvariantCulture, $"{metric.Name} {ms:0.00}")))}"));

        void Score(params Metric[] wanted)
        {
            for (int i = 0; i < Maps; i++)
            {
                using var features = new MapFeatures(maps[i]);
                foreach (Metric metric in wanted)
                {
                    metric.Score(original, features);
                }
            }
        }
    }
}
