using System.CommandLine;
using SanityChecks.Compute;

namespace SanityChecks.Cli;

/// <summary>The option <c>--engine</c> of every command that computes.</summary>
internal static class EngineOption
{
    /// <summary>The option; null where it is not given.</summary>
    public static Option<string?> Create() => new("--engine") { Description = $"What computes: {string.Join(", ", Engines.Names)}.", HelpName = "NAME" };

    /// <summary>What it overrides in a configuration.</summary>
    public static string[] Overrides(string? name) => name is null ? [] : [$"engine.name={name}"];
}
