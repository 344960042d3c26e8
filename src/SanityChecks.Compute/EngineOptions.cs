namespace SanityChecks.Compute;

/// <summary>What an engine may do.</summary>
public sealed record EngineOptions
{
    /// <summary>The defaults: nothing that costs accuracy.</summary>
    public static EngineOptions Default { get; } = new();

    /// <summary>Whether products may round their factors to the ten bits of TensorFloat-32, which NVIDIA's cards since 2020 multiply several times faster.</summary>
    public bool AllowTf32 { get; init; }
}
