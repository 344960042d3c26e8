using SanityChecks.Compute;

namespace SanityChecks.Experiments.Configuration;

/// <summary>What computes, section <c>engine</c>; a name alone (<c>engine: cpu</c>) is a section with that name.</summary>
public sealed record EngineConfig
{
    /// <summary>Key <c>name</c>: one of <see cref="EngineList.Names"/>; <see cref="EngineList.Auto"/> is the fastest that works here.
    /// Whether it does is not checked here.</summary>
    public string Name { get; init; } = EngineList.Auto;

    /// <summary>Key <c>tf32</c>: whether NVIDIA's cards may round factors to TensorFloat-32.</summary>
    public bool Tf32 { get; init; }

    /// <summary>Key <c>libtorch</c>: the folder of an installed libtorch for TorchSharp's engines; null for the one that was restored with
    /// the program.</summary>
    public string? Libtorch { get; init; }

    /// <summary>Makes the engine.</summary>
    /// <param name="engines">The program's.</param>
    /// <param name="threads">How many it may use on processors; null for one a core.</param>
    /// <exception cref="EngineException">It cannot run here.</exception>
    public EngineChoice Choose(EngineList engines, int? threads = null)
    {
        ArgumentNullException.ThrowIfNull(engines);
        return engines.Choose(Name, new EngineOptions { AllowTf32 = Tf32, Libtorch = Libtorch, Threads = threads });
    }

    /// <summary>Reads the section.</summary>
    /// <param name="section">The section.</param>
    /// <param name="engines">Those whose names are allowed; null: any text is taken.</param>
    internal static EngineConfig Read(ConfigSection section, EngineList? engines)
    {
        var absent = new EngineConfig();
        return new EngineConfig
        {
            Name = section.Name("name", absent.Name, engines?.Names ?? [], name => engines?.Knows(name) != false),
            Tf32 = section.Switch("tf32", absent.Tf32),
            Libtorch = section.OptionalText("libtorch", "must be the folder of an installed libtorch, or null"),
        };
    }

    /// <summary>The section in a resolved configuration.</summary>
    internal IEnumerable<Setting> Settings() =>
    [
        new("engine.name", [YamlText.Scalar(Name)], false),
        new("engine.tf32", [Tf32 ? "true" : "false"], false),
        new("engine.libtorch", [Libtorch is null ? "null" : YamlText.Scalar(Libtorch)], false),
    ];
}
