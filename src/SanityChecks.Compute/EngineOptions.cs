namespace SanityChecks.Compute;

/// <summary>What an engine may do, and what it may use.</summary>
public sealed record EngineOptions
{
    /// <summary>The defaults: nothing that costs accuracy, and nothing from elsewhere.</summary>
    public static EngineOptions Default { get; } = new();

    /// <summary>Whether products may round their factors to the ten bits of TensorFloat-32, which NVIDIA's cards since 2020 multiply
    /// several times faster.</summary>
    public bool AllowTf32 { get; init; }

    /// <summary>The folder of an installed libtorch, such as PyTorch's; null for the one that was restored with the program.</summary>
    public string? Libtorch { get; init; }

    /// <summary>How many threads an engine that computes on processors may use, at least 1; null for one a core. Results do not depend on
    /// it.</summary>
    public int? Threads { get; init; }
}
