using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace SanityChecks.Compute.Torch;

/// <summary>What the system's loader says of a library that it does not load, in words that tell what to do.</summary>
internal static partial class LoaderMessage
{
    /// <summary>The clause for a message.</summary>
    /// <param name="file">The library that was to be loaded.</param>
    /// <param name="said">The loader's message, or .NET's with the loader's in it.</param>
    public static string Explain(string file, string said)
    {
        string name = Path.GetFileName(file);
        if (SymbolVersion().Match(said) is { Success: true } version)
        {
            return $"TorchSharp needs {version}, which this system's libraries lack; Debian 13 and Ubuntu 24.04 have it (libstdc++ of GCC 13)";
        }

        if (MissingLibrary().Match(said) is { Success: true } missing)
        {
            return Missing(missing.Groups[1].Value, name);
        }

        if (MissingSymbol().Match(said) is { Success: true } symbol)
        {
            return $"{name} needs the function {symbol.Groups[1].Value}, which this libtorch lacks: it is not the {LibtorchFolder.Needed} that TorchSharp was built for";
        }

        return OtherSystem().IsMatch(said)
            ? $"{file} is damaged or for another system; libtorch is needed for {RuntimeInformation.RuntimeIdentifier}"
            : $"{name} cannot be loaded: {said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "the system does not say why"}";
    }

    private static string Missing(string library, string neededBy) => library switch
    {
        _ when library.StartsWith("libgomp", StringComparison.Ordinal) =>
            $"{neededBy} needs {library}, which this system lacks; the package libgomp1 of Debian 13 and Ubuntu 24.04 has it",
        _ when library.StartsWith("libstdc++", StringComparison.Ordinal) =>
            $"{neededBy} needs {library}, which this system lacks; the package libstdc++6 of Debian 13 and Ubuntu 24.04 has it",
        _ when library.StartsWith("ld-linux", StringComparison.Ordinal) =>
            $"{neededBy} needs glibc ({library}), which this system lacks; Debian 13 and Ubuntu 24.04 have it",
        _ when CudaLibrary().IsMatch(library) =>
            $"{neededBy} needs {library} of CUDA, which is not beside it; the packages nvidia-* that pip installs with PyTorch have it",
        _ => $"{neededBy} needs {library}, which is neither beside it nor installed; Debian 13 and Ubuntu 24.04 have what libtorch needs",
    };

    /// <summary>The version of a symbol that was not found.</summary>
    [GeneratedRegex(@"(GLIBCXX|CXXABI|GLIBC)_[0-9]+(\.[0-9]+)*")]
    private static partial Regex SymbolVersion();

    // .NET adds what it tried by other names, so the first such line need not be the one that counts: the library itself is there.
    [GeneratedRegex(@"(?:^|\s)([^\s:/]+): cannot open shared object file: No such file")]
    private static partial Regex MissingLibrary();

    [GeneratedRegex(@"undefined symbol: ([^\s,]+)")]
    private static partial Regex MissingSymbol();

    [GeneratedRegex("invalid ELF header|wrong ELF class|file too short|incompatible architecture|not a mach-o|0x8007000B|cannot open shared object file: Exec format", RegexOptions.IgnoreCase)]
    private static partial Regex OtherSystem();

    [GeneratedRegex(@"^lib(cu|nv|nccl|caffe2_nvrtc)")]
    private static partial Regex CudaLibrary();
}
