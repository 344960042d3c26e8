using System.Globalization;
using System.Runtime.InteropServices;
using TorchSharp;

namespace SanityChecks.Compute.Torch;

/// <summary>libtorch and TorchSharp's own native library, as this machine loads them: once in a process.</summary>
internal static unsafe partial class NativeLibtorch
{
    /// <summary>Set to 1, it lets another version of libtorch be tried: every function that TorchSharp needs must still be there, but
    /// nobody has seen to what they do.</summary>
    private const string AnyVersion = "SANITYCHECKS_LIBTORCH_ANY_VERSION";

    // In the order in which they need each other. LibTorchSharp asks for the first, second and last by name, and so gets these, wherever
    // they lie.
    private static readonly string[] Libraries = ["c10", "torch_cpu", "torch_cuda", "torch"];

    private static readonly Lock Once = new();
    private static readonly Dictionary<LibtorchFolder, string?> Faults = [];
    private static LibtorchFolder? begun;

    /// <summary>The version that is loaded; null before that.</summary>
    public static string? Version { get; private set; }

    /// <summary>Loads libtorch of a folder, the first time it is asked.</summary>
    /// <returns>Why it cannot be loaded, as a clause; null where it is.</returns>
    /// <remarks>
    /// To be asked before anything else of TorchSharp. Where TorchSharp itself finds that they do not load, it copies all of libtorch into
    /// the program's folder, prints a page to standard output, and is of no use to the process any more.
    /// </remarks>
    public static string? Fault(LibtorchFolder folder)
    {
        lock (Once)
        {
            if (!Faults.TryGetValue(folder, out string? fault))
            {
                fault = Load(folder);
                Faults[folder] = fault;
            }

            return fault;
        }
    }

    private static string? Load(LibtorchFolder folder)
    {
        if (!folder.Has("torch_cpu"))
        {
            return Directory.Exists(folder.Path)
                ? $"{folder.FileOf("torch_cpu")} is not there; the folder 'lib' of an installed PyTorch has it"
                : $"there is no folder {folder.Path}";
        }

        // Asked before anything is loaded, since the process is of no use to another folder afterwards.
        string? version = folder.IsRestored ? LibtorchFolder.Needed.ToString() : folder.VersionInFiles();
        if (version is not null && Misfit(folder, version) is { } misfit)
        {
            return misfit;
        }

        if (begun is not null && begun != folder)
        {
            return $"this process has begun to load libtorch of {begun.Path}, and cannot hold another";
        }

        if (LibtorchFolder.Find("LibTorchSharp") is not { } torchSharp)
        {
            return $"TorchSharp has no library for {RuntimeInformation.RuntimeIdentifier}; it has for linux-x64, which means glibc, win-x64, win-arm64 and osx-arm64";
        }

        begun = folder;
        foreach (string name in Libraries.Where(folder.Has))
        {
            string file = folder.FileOf(name);
            try
            {
                nint library = NativeLibrary.Load(file);
                if (name == "torch_cpu" && version is null)
                {
                    version = VersionOf(library);
                    if (Misfit(folder, version) is { } unlike)
                    {
                        return unlike;
                    }
                }
            }
            catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
            {
                return LoaderMessage.Explain(file, error.Message);
            }
        }

        string? fault = LoadWhole(torchSharp);
        Version = fault is null ? version : null;
        return fault;
    }

    private static string? Misfit(LibtorchFolder folder, string? version)
    {
        if (version is not null && LibtorchFolder.Fits(version))
        {
            return null;
        }

        Version needed = LibtorchFolder.Needed;
        return Environment.GetEnvironmentVariable(AnyVersion) == "1"
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{folder.Path} holds libtorch {version ?? "of a version that it does not tell, older than 2.9"}, and TorchSharp {typeof(torch).Assembly.GetName().Version?.ToString(3)} goes with {needed.Major}.{needed.Minor} (pip install torch=={needed})");
    }

    /// <summary>The version that libtorch tells itself, as since 2.9: its numbers are the three highest bytes. Null for an older
    /// one.</summary>
    private static string? VersionOf(nint library)
    {
        if (!NativeLibrary.TryGetExport(library, "aoti_torch_abi_version", out nint function))
        {
            return null;
        }

        ulong packed = ((delegate* unmanaged<ulong>)function)();
        return string.Create(CultureInfo.InvariantCulture, $"{packed >> 56}.{(packed >> 48) & 255}.{(packed >> 40) & 255}");
    }

    /// <summary>Loads TorchSharp's library and finds all its functions now: one that is found missing when it is called ends the
    /// process.</summary>
    private static string? LoadWhole(string file)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                try
                {
                    LastError(); // found now, since to find it would forget what it is to tell
                    if (Open(file, AllNow) == 0)
                    {
                        return LoaderMessage.Explain(file, Marshal.PtrToStringUTF8(LastError()) ?? "");
                    }
                }
                catch (EntryPointNotFoundException)
                {
                    // In a library of its own before glibc 2.34, which is too old for TorchSharp: the loader says so below.
                }
            }

            NativeLibrary.Load(file);
            return null;
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            return LoaderMessage.Explain(file, error.Message);
        }
    }

    private const int AllNow = 2; // RTLD_NOW

    [LibraryImport("libc", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string file, int mode);

    [LibraryImport("libc", EntryPoint = "dlerror")]
    private static partial nint LastError();
}
