using System.CommandLine;
using SanityChecks.Experiments.Configuration;

namespace SanityChecks.Cli;

/// <summary>The options of every command that computes: what does it, and from where.</summary>
internal sealed class EngineOption
{
    /// <summary>The option <c>--engine</c>.</summary>
    public Option<string?> Name { get; } = new("--engine")
    {
        Description = $"What computes: {string.Join(", ", Engines.All.Names)}.",
        HelpName = "NAME",
    };

    /// <summary>The option <c>--libtorch</c>.</summary>
    public Option<string?> Libtorch { get; } = new("--libtorch")
    {
        Description = "The libraries of an installed PyTorch, for the engines torch: what python3 -c \"import torch; print(torch.__path__[0] + '/lib')\" prints.",
        HelpName = "FOLDER",
    };

    /// <summary>What they override in a configuration.</summary>
    public GivenValue[] Overrides(ParseResult parsed) =>
    [
        .. parsed.GetValue(Name) is { } name ? [GivenValue.Text("engine.name", name, Name.Name)] : Array.Empty<GivenValue>(),
        .. parsed.GetValue(Libtorch) is { } folder
            ? [GivenValue.Text("engine.libtorch", folder, Libtorch.Name)]
            : Array.Empty<GivenValue>(),
    ];
}
