using SanityChecks.Compute;
using SanityChecks.Compute.Torch;

namespace SanityChecks.Tests;

/// <summary>The program's engines. <c>SANITYCHECKS_LIBTORCH</c> names the libraries of an installed PyTorch for those that need them, as
/// <c>--libtorch</c> does for the program.</summary>
internal static class Engines
{
    public static EngineList All { get; } = new([.. TorchEngines.Entries, .. EngineList.Own.Entries]);

    public static EngineOptions Options { get; } = new()
    {
        Libtorch = Environment.GetEnvironmentVariable("SANITYCHECKS_LIBTORCH") is { Length: > 0 } folder ? folder : null,
    };

    public static IReadOnlyList<string> Names => All.Names;

    public static IReadOnlyList<string> Runnable() => All.Runnable(Options);

    public static bool Knows(string name) => All.Knows(name);

    public static EngineChoice Choose(string name) => All.Choose(name, Options);

    public static IEngine Create(string name) => All.Create(name, Options);
}
