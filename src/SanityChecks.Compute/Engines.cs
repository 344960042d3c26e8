using SanityChecks.Compute.Cpu;
using SanityChecks.Compute.Reference;

namespace SanityChecks.Compute;

/// <summary>The engines, in the order of preference.</summary>
public static class Engines
{
    /// <summary>The name that leaves the choice to the program.</summary>
    public const string Auto = "auto";

    private static readonly EngineEntry[] Ordered =
    [
        .. OptIn(), // whoever builds these in wants them
        new("cpu", "the fastest without a graphics card", () => null, (_, _) => new CpuEngine()), // runs everywhere
        .. InstructionSet.Ordered.Where(set => set.IsSupported).Select(set => new EngineEntry($"cpu:{set.Name}", null, () => null, (_, _) => new CpuEngine(set))), // to compare, and to test
        new("reference", null, () => null, (_, _) => new ReferenceEngine()), // slow by intent: only when asked for by name
    ];

    /// <summary>What may stand after <c>--engine</c>; a number may follow some (<c>torch:cuda:1</c>). Whether each runs here is another question.</summary>
    public static IReadOnlyList<string> Names { get; } = [Auto, .. Ordered.Select(engine => engine.Name)];

    /// <summary>The names of the engines that run on this machine, <c>auto</c> excepted; loads the libraries of each.</summary>
    public static IReadOnlyList<string> Runnable() => [.. Ordered.Where(engine => engine.Hindrance() is null).Select(engine => engine.Name)];

    /// <summary>Whether a name is one that an engine answers to.</summary>
    public static bool Knows(string name) => name == Auto || Ordered.Any(engine => engine.Answers(name));

    /// <summary>Makes the engine of a name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="options">What it may do; the defaults if null.</param>
    /// <exception cref="EngineException">No engine has that name, or it cannot run here; the message says what to do.</exception>
    public static IEngine Create(string name, EngineOptions? options = null) => Choose(name, options).Engine;

    /// <summary>Makes the engine of a name and says why it was taken.</summary>
    /// <inheritdoc cref="Create"/>
    public static EngineChoice Choose(string name, EngineOptions? options = null)
    {
        options ??= EngineOptions.Default;
        if (name != Auto)
        {
            EngineEntry entry = Ordered.FirstOrDefault(engine => engine.Answers(name))
                ?? throw new EngineException($"There is no engine '{name}'; the engines are {string.Join(", ", Names)}.");
            return new EngineChoice(entry.Create(name, options), "");
        }

        var passedOver = new List<string>();
        foreach (EngineEntry engine in Ordered.Where(engine => engine.Reason is not null))
        {
            if (engine.Hindrance() is not { } hindrance)
            {
                return new EngineChoice(engine.Create(engine.Name, options), string.Join("; ", passedOver.Prepend($"auto took {engine.Name}: {engine.Reason}")));
            }

            passedOver.Add($"not {engine.Name}: {hindrance}");
        }

        throw new EngineException($"No engine runs on this machine: {string.Join("; ", passedOver)}.");
    }

    /// <summary>
    /// The engines of the assembly that is built in only when <c>-p:Torch=</c> asks for it. It refers to this one, so this one finds it by name;
    /// without it the same names answer with how to build it in.
    /// </summary>
    private static IReadOnlyList<EngineEntry> OptIn()
    {
        if (Type.GetType("SanityChecks.Compute.Torch.TorchEngines, SanityChecks.Compute.Torch")?.GetProperty("Entries")?.GetValue(null) is IReadOnlyList<EngineEntry> builtIn)
        {
            return builtIn;
        }

        return [.. new[] { ("torch", false), ("torch:cuda", true), ("torch:cpu", false) }.Select(name =>
            new EngineEntry(name.Item1, null, () => NotBuiltIn(name.Item1), (asked, _) => throw new EngineException(NotBuiltIn(asked)), name.Item2))];

        static string NotBuiltIn(string name) =>
            $"The engine '{name}' is not built in. Give -p:Torch={(name == "torch:cpu" ? "cpu" : "cuda")} before the two hyphens: dotnet run -p:Torch={(name == "torch:cpu" ? "cpu" : "cuda")} -- --config FILE --engine {name}";
    }
}
