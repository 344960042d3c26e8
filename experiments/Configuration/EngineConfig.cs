using SanityChecks.Compute;

namespace SanityChecks.Experiments.Configuration;

/// <summary>What computes, section <c>engine</c>; a name alone (<c>engine: cpu</c>) is a section with that name.</summary>
public sealed record EngineConfig
{
    /// <summary>Key <c>name</c>: one of <see cref="Engines.Names"/>; <see cref="Engines.Auto"/> is the fastest that works here. Whether it does is not checked here.</summary>
    public string Name { get; init; } = Engines.Auto;

    /// <summary>Key <c>tf32</c>: whether NVIDIA's cards may round factors to TensorFloat-32.</summary>
    public bool Tf32 { get; init; }

    /// <summary>Makes the engine.</summary>
    /// <exception cref="EngineException">It cannot run here.</exception>
    public EngineChoice Choose() => Engines.Choose(Name, new EngineOptions { AllowTf32 = Tf32 });

    /// <summary>Reads the section.</summary>
    /// <param name="section">The section.</param>
    /// <param name="allowed">The names, for messages; a number may follow one that ends in a device. Empty: any text is taken.</param>
    internal static EngineConfig Read(ConfigSection section, IReadOnlyList<string> allowed)
    {
        var absent = new EngineConfig();
        return new EngineConfig
        {
            Name = section.Name("name", absent.Name, allowed, name => allowed.Count == 0 || Engines.Knows(name)),
            Tf32 = section.Switch("tf32", absent.Tf32),
        };
    }

    /// <summary>The section in a resolved configuration.</summary>
    internal IEnumerable<Setting> Settings() => [new("engine.name", [YamlText.Scalar(Name)], false), new("engine.tf32", [Tf32 ? "true" : "false"], false)];
}
