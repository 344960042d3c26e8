using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace SanityChecks.Compute.Torch;

/// <summary>What NVIDIA's driver says of itself and its cards: libtorch says only whether it can use them.</summary>
/// <remarks>Cards are numbered as CUDA numbers them, after <c>CUDA_VISIBLE_DEVICES</c>.</remarks>
internal sealed unsafe class NvidiaDriver
{
    private const int Success = 0, NoDevice = 100;

    private readonly nint library;
    private readonly int initialised;

    private NvidiaDriver(nint library)
    {
        this.library = library;
        initialised = Call("cuInit", out nint init) ? ((delegate* unmanaged<uint, int>)init)(0) : -1;
    }

    /// <summary>The driver; null where none is installed.</summary>
    public static NvidiaDriver? Installed { get; } =
        NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1", out nint library)
            ? new NvidiaDriver(library)
            : null;

    /// <summary>The newest CUDA that it serves, as in <c>12.8</c>; null where it does not say.</summary>
    public string? Cuda
    {
        get
        {
            int version = 0;
            return Call("cuDriverGetVersion", out nint function) && ((delegate* unmanaged<int*, int>)function)(&version) == Success
                ? string.Create(CultureInfo.InvariantCulture, $"{version / 1000}.{version % 1000 / 10}")
                : null;
        }
    }

    /// <summary>Its own version, as in <c>570.86.15</c>; null where it does not say.</summary>
    public string? Version
    {
        get
        {
            // The library that manages cards knows it; the one that computes does not.
            if (!NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvml.dll" : "libnvidia-ml.so.1", out nint management)
                || !NativeLibrary.TryGetExport(management, "nvmlInit_v2", out nint init)
                || !NativeLibrary.TryGetExport(management, "nvmlSystemGetDriverVersion", out nint version)
                || ((delegate* unmanaged<int>)init)() != Success)
            {
                return null;
            }

            byte* text = stackalloc byte[80];
            return ((delegate* unmanaged<byte*, uint, int>)version)(text, 80) == Success ? Text(text) : null;
        }
    }

    /// <summary>Why no card can be used as far as the driver knows; null where it sees nothing wrong.</summary>
    public string? Fault => initialised switch
    {
        Success => null,
        NoDevice => "the NVIDIA driver finds no card"
            + (Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES") is { } visible ? $" (CUDA_VISIBLE_DEVICES is '{visible}')" : ""),
        _ => string.Create(CultureInfo.InvariantCulture, $"the NVIDIA driver does not start (CUDA error {initialised})"),
    };

    /// <summary>A card's name; null where there is none of that number.</summary>
    public string? CardName(int number)
    {
        int card;
        byte* text = stackalloc byte[256];
        return initialised == Success
            && Call("cuDeviceGet", out nint get) && ((delegate* unmanaged<int*, int, int>)get)(&card, number) == Success
            && Call("cuDeviceGetName", out nint name) && ((delegate* unmanaged<byte*, int, int, int>)name)(text, 256, card) == Success
            ? Text(text)
            : null;
    }

    private static string Text(byte* text) => Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));

    private bool Call(string name, out nint function) => NativeLibrary.TryGetExport(library, name, out function);
}
