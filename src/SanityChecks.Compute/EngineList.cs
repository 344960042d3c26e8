using SanityChecks.Compute.Cpu;
using SanityChecks.Compute.Reference;

namespace SanityChecks.Compute;

/// <summary>Engines, in the order of preference. A program puts its list together: <see cref="Own"/>, and those of other assemblies before
/// them.</summary>
/// <param name="entries">The engines.</param>
public sealed class EngineList(IEnumerable<EngineEntry> entries)
{
    /// <summary>The name that leaves the choice to the program.</summary>
    public const string Auto = "auto";

    /// <summary>The engines of this assembly, which run everywhere.</summary>
    public static EngineList Own { get; } = new(
    [
        new("cpu", "the fastest without a graphics card", _ => null, (_, options) => new CpuEngine(options.Threads)), // runs everywhere
        // to compare, and to test
        .. InstructionSet.Ordered.Where(set => set.IsSupported)
            .Select(set => new EngineEntry($"cpu:{set.Name}", null, _ => null, (_, options) => new CpuEngine(set, options.Threads))),
        new("reference", null, _ => null, (_, _) => new ReferenceEngine()), // slow by intent: only when asked for by name
    ]);

    /// <summary>The engines, <c>auto</c> excepted.</summary>
    public IReadOnlyList<EngineEntry> Entries { get; } = [.. entries];

    /// <summary>What may stand after <c>--engine</c>; a number may follow some (<c>torch:cuda:1</c>). Whether each runs here is another
    /// question.</summary>
    public IReadOnlyList<string> Names => [Auto, .. Entries.Select(engine => engine.Name)];

    /// <summary>The names of the engines that run on this machine, <c>auto</c> excepted; loads the libraries of each.</summary>
    /// <param name="options">What they may do; the defaults if null.</param>
    public IReadOnlyList<string> Runnable(EngineOptions? options = null) =>
        [.. Entries.Where(engine => engine.Hindrance(options ?? EngineOptions.Default) is null).Select(engine => engine.Name)];

    /// <summary>Whether a name is one that an engine answers to.</summary>
    public bool Knows(string name) => name == Auto || Entries.Any(engine => engine.Answers(name));

    /// <summary>Makes the engine of a name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="options">What it may do; the defaults if null.</param>
    /// <exception cref="EngineException">No engine has that name, or it cannot run here; the message says what to do.</exception>
    public IEngine Create(string name, EngineOptions? options = null) => Choose(name, options).Engine;

    /// <summary>Makes the engine of a name and says why it was taken.</summary>
    /// <inheritdoc cref="Create"/>
    public EngineChoice Choose(string name, EngineOptions? options = null)
    {
        options ??= EngineOptions.Default;
        if (name != Auto)
        {
            EngineEntry entry = Entries.FirstOrDefault(engine => engine.Answers(name))
                ?? throw new EngineException($"There is no engine '{name}'; the engines are {string.Join(", ", Names)}.");
            return new EngineChoice(entry.Create(name, options), "");
        }

        var passedOver = new List<string>();
        foreach (EngineEntry engine in Entries.Where(engine => engine.Reason is not null))
        {
            if (engine.Hindrance(options) is not { } hindrance)
            {
                return new EngineChoice(
                    engine.Create(engine.Name, options),
                    string.Join("; ", passedOver.Prepend($"auto took {engine.Name}: {engine.Reason}")));
            }

            // Nobody wonders why a machine without a card does not use one.
            if (engine.Expected?.Invoke(options) != false)
            {
                passedOver.Add($"not {engine.Name}: {hindrance}");
            }
        }

        throw new EngineException($"No engine runs on this machine: {string.Join("; ", passedOver)}.");
    }
}
