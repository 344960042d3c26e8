using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using TorchSharp;

namespace SanityChecks.Compute.Torch;

/// <summary>libtorch and TorchSharp's own native library, as this machine loads them.</summary>
internal static partial class NativeLibtorch
{
    /// <summary>Why they cannot be loaded, as a clause; null where they are.</summary>
    /// <remarks>
    /// To be asked before anything else of TorchSharp. Where TorchSharp itself finds that they do not load, it copies all of libtorch into the program's folder,
    /// prints a page to standard output, and is of no use to the process any more.
    /// </remarks>
    public static string? Fault { get; } = Load();

    private static string? Load()
    {
        // The same names in the same order as TorchSharp's, which then finds both loaded. The second needs the first, which may lie in another folder.
        NativeLibrary.TryLoad("torch_cpu", typeof(torch).Assembly, null, out _);
        try
        {
            NativeLibrary.Load("LibTorchSharp", typeof(torch).Assembly, null);
            return null;
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            return SymbolVersion().Match(error.Message) is { Success: true } version
                ? $"TorchSharp needs {version}, which this system's libraries lack; Debian 13 and Ubuntu 24.04 have it (libstdc++ of GCC 13)"
                : "libtorch cannot be loaded; its package is for another system, or a file of it is missing";
        }
    }

    /// <summary>The version of a symbol that the dynamic loader did not find.</summary>
    [GeneratedRegex(@"(GLIBCXX|CXXABI|GLIBC)_[0-9]+(\.[0-9]+)*")]
    private static partial Regex SymbolVersion();
}
