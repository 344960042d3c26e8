using System.CommandLine;
using SanityChecks.Compute;

namespace SanityChecks.Cli;

/// <summary>The options of every command that computes: what does it, and from where.</summary>
internal sealed class EngineOption
{
    /// <summary>The option <c>--engine</c>.</summary>
    public Option<string?> Name { get; } = new("--engine") { Description = $"What computes: {string.Join(", ", Engines.All.Names)}.", HelpName = "NAME" };

    /// <summary>The option <c>--libtorch</c>.</summary>
    public Option<string?> Libtorch { get; } = new("--libtorch") { Description = "The libraries of an installed PyTorch, for the engines torch: what python3 -c \"import torch; print(torch.__path__[0] + '/lib')\" prints.", HelpName = "FOLDER" };

    /// <summary>What they override in a configuration.</summary>
    public string[] Overrides(ParseResult parsed) =>
    [
        .. parsed.GetValue(Name) is { } name ? [$"engine.name={name}"] : Array.Empty<string>(),
        .. parsed.GetValue(Libtorch) is { } folder ? [$"engine.libtorch='{folder.Replace("'", "''", StringComparison.Ordinal)}'"] : Array.Empty<string>(),
    ];

    /// <summary>Makes the engine for a command without a configuration.</summary>
    /// <exception cref="EngineException">It cannot run here.</exception>
    public IEngine Create(ParseResult parsed) =>
        Engines.All.Create(parsed.GetValue(Name) ?? EngineList.Auto, new EngineOptions { Libtorch = parsed.GetValue(Libtorch) });
}
