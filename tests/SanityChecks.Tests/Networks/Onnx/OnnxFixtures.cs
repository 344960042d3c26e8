using SanityChecks.Networks.Onnx;

namespace SanityChecks.Tests.Networks.Onnx;

/// <summary>The files that make_onnx.py made.</summary>
internal static class OnnxFixtures
{
    private static string Folder { get; } = System.IO.Path.Combine(
        SharedFolder.RepositoryRoot, "tests", "SanityChecks.Tests", "Networks", "Onnx", "Fixtures");

    public static IEnumerable<string> Names =>
        Directory.GetFiles(Folder, "*.onnx").Select(file => System.IO.Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);

    public static string Path(string name) => System.IO.Path.Combine(Folder, name.Contains('.', StringComparison.Ordinal) ? name : name + ".onnx");

    public static ImportedNetwork Load(string name) => OnnxFile.Load(Path(name));
}
