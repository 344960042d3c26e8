using SanityChecks.Compute.Cpu;
using SanityChecks.Compute.Reference;

namespace SanityChecks.Compute;

/// <summary>The engines, in the order of preference.</summary>
public static class Engines
{
    private static readonly (string Name, Func<IEngine> Create)[] Ordered =
    [
        ("cpu", () => new CpuEngine()), // runs everywhere, and is the fastest without a GPU
        .. InstructionSet.Ordered.Where(set => set.IsSupported).Select(set => ($"cpu:{set.Name}", (Func<IEngine>)(() => new CpuEngine(set)))), // to compare, and to test
        ("reference", () => new ReferenceEngine()), // slow by intent: only when asked for by name
    ];

    /// <summary>What may stand after <c>--engine</c> on this machine; <c>auto</c> takes the first.</summary>
    public static IReadOnlyList<string> Names { get; } = ["auto", .. Ordered.Select(engine => engine.Name)];

    /// <summary>Makes the engine of a name.</summary>
    /// <exception cref="ArgumentException">No engine that runs here has that name; the message lists those that there are.</exception>
    public static IEngine Create(string name)
    {
        foreach ((string candidate, Func<IEngine> create) in Ordered)
        {
            if (name == "auto" || name == candidate)
            {
                return create();
            }
        }

        throw new ArgumentException($"This machine has no engine '{name}'; the engines are {string.Join(", ", Names)}.", nameof(name));
    }
}
