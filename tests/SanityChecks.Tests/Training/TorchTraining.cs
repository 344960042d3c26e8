using System.Text.Json;

namespace SanityChecks.Tests.Training;

/// <summary>PyTorch's numbers in training.json, which make_training.py wrote.</summary>
internal static class TorchTraining
{
    public static JsonElement Numbers { get; } = JsonDocument.Parse(File.ReadAllText(Path.Combine(
        SharedFolder.RepositoryRoot, "tests", "SanityChecks.Tests", "Training", "training.json"))).RootElement;

    public static void AssertClose(JsonElement expected, float[] actual, double bound = 1e-6)
    {
        float[] numbers = [.. expected.EnumerateArray().Select(value => value.GetSingle())];
        Assert.Equal(numbers.Length, actual.Length);
        for (int i = 0; i < numbers.Length; i++)
        {
            Assert.True(Math.Abs(numbers[i] - actual[i]) <= bound, $"[{i}]: {actual[i]:R}, PyTorch gives {numbers[i]:R}");
        }
    }
}
