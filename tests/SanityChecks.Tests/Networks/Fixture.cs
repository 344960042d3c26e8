using System.Text.Json;
using SanityChecks.Compute;

namespace SanityChecks.Tests.Networks;

/// <summary>The weight files that Fixtures/make_fixtures.py made, and what PyTorch reads from them.</summary>
internal static class Fixture
{
    private static string Folder { get; } = System.IO.Path.Combine(
        SharedFolder.RepositoryRoot, "tests", "SanityChecks.Tests", "Networks", "Fixtures");

    public static string Path(string file) => System.IO.Path.Combine(Folder, file);

    public static IEnumerable<string> Files() =>
        Directory.GetFiles(Folder)
            .Where(file => file.EndsWith(".pth", StringComparison.Ordinal) || file.EndsWith(".safetensors", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    /// <summary>Names, shapes and values by file, in the order in which PyTorch has them.</summary>
    public static IReadOnlyDictionary<string, List<(string Name, Shape Shape, float[] Values)>> Expected()
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(Path("expected.json")));
        return json.RootElement.EnumerateObject().ToDictionary(file => file.Name, file => file.Value.EnumerateObject().Select(tensor =>
            (tensor.Name,
             new Shape(tensor.Value.GetProperty("shape").EnumerateArray().Select(axis => axis.GetInt32()).ToArray()),
             tensor.Value.GetProperty("values").EnumerateArray().Select(value => value.GetSingle()).ToArray())).ToList());
    }
}
