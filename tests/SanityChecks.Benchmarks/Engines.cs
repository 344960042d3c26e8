using SanityChecks.Compute;
using SanityChecks.Compute.Torch;

namespace SanityChecks.Benchmarks;

/// <summary>The program's engines, ours and libtorch.</summary>
internal static class Engines
{
    public static EngineList All { get; } = new([.. TorchEngines.Entries, .. EngineList.Own.Entries]);

    public static IReadOnlyList<string> Names => All.Names;

    public static IEngine Create(string name, string? libtorch = null) => All.Create(name, new EngineOptions { Libtorch = libtorch });
}
