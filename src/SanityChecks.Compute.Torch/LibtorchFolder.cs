using System.Reflection;
using System.Text.RegularExpressions;

namespace SanityChecks.Compute.Torch;

/// <summary>A folder with libtorch's libraries.</summary>
/// <param name="Path">The folder.</param>
/// <param name="IsRestored">Whether they came with the program, as a package of the one version that fits.</param>
internal sealed partial record LibtorchFolder(string Path, bool IsRestored)
{
    /// <summary>The libtorch that this build's TorchSharp was made for, as in <c>2.10.0</c>. Its packages are restored in this
    /// version.</summary>
    public static readonly Version Needed = Version.Parse(
        typeof(LibtorchFolder).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(fact => fact.Key == "Libtorch").Value!);

    /// <summary>The folder that came with the program; null in a build without <c>-p:Torch=</c>.</summary>
    public static LibtorchFolder? Restored { get; } = Find("torch_cpu") is { } library
        ? new LibtorchFolder(System.IO.Path.GetDirectoryName(library)!, true)
        : null;

    /// <summary>Whether libtorch can use NVIDIA's cards.</summary>
    public bool ForCards => Has("torch_cuda");

    /// <summary>The folder that an engine is to use: the one it was given, else the restored one; null where there is neither.</summary>
    public static LibtorchFolder? Of(EngineOptions options) =>
        options.Libtorch is { } given ? new LibtorchFolder(System.IO.Path.GetFullPath(given), false) : Restored;

    /// <summary>The file of a native library that came with the program; null if none did.</summary>
    /// <param name="name">Without what the system puts around it: <c>torch_cpu</c>.</param>
    public static string? Find(string name) =>
        ((AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string)?.Split(
            System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries) ?? [])
            .Prepend(AppContext.BaseDirectory)
            .Select(folder => System.IO.Path.Combine(folder, FileName(name)))
            .FirstOrDefault(File.Exists);

    /// <summary>The file of a library of this folder, there or not.</summary>
    public string FileOf(string name) => System.IO.Path.Combine(Path, FileName(name));

    /// <summary>Whether the folder holds a library.</summary>
    public bool Has(string name) => File.Exists(FileOf(name));

    /// <summary>The version as files beside the libraries tell it, nothing being loaded: PyTorch's <c>version.py</c>, or the
    /// <c>build-version</c> of libtorch's archive. Null where there is neither.</summary>
    public string? VersionInFiles()
    {
        string above = System.IO.Path.Combine(Path, "..");
        return Read(System.IO.Path.Combine(above, "version.py")) is { } python && PythonVersion().Match(python) is { Success: true } match
            ? match.Groups[1].Value
            : Read(System.IO.Path.Combine(above, "build-version"))?.Trim();

        static string? Read(string file) => File.Exists(file) ? File.ReadAllText(file) : null;
    }

    /// <summary>Whether a version is one that TorchSharp can be expected to run with: the same but for the last number and what follows
    /// it.</summary>
    public static bool Fits(string version) =>
        TwoNumbers().Match(version) is { Success: true } match && match.Value == $"{Needed.Major}.{Needed.Minor}";

    private static string FileName(string name) =>
        OperatingSystem.IsWindows() ? $"{name}.dll" : OperatingSystem.IsMacOS() ? $"lib{name}.dylib" : $"lib{name}.so";

    [GeneratedRegex(@"^__version__\s*=\s*['""]([^'""]+)['""]", RegexOptions.Multiline)]
    private static partial Regex PythonVersion();

    [GeneratedRegex(@"^[0-9]+\.[0-9]+(?![0-9])")]
    private static partial Regex TwoNumbers();
}
