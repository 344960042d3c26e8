using SanityChecks.Networks.Operations;

namespace SanityChecks.Networks;

/// <summary>A named step of a network.</summary>
/// <param name="Index">Position in <see cref="Network.Layers"/>: every layer comes after those that it reads.</param>
/// <param name="Name">torchvision's module name, as in weight files: <c>features.28</c>.</param>
/// <param name="PaperName">The literature's name, used in results: <c>conv5_3</c>. The same as <paramref name="Name"/> where there is
/// none.</param>
/// <param name="Block">The block that it belongs to: <c>conv5</c>; layers of a block can be randomized together.</param>
/// <param name="Operation">What it computes; null for the input.</param>
/// <param name="Inputs">The layers that it reads.</param>
public sealed record Layer(int Index, string Name, string PaperName, string Block, Operation? Operation, IReadOnlyList<Layer> Inputs)
{
    /// <summary>Whether it has learned tensors, and so can be randomized.</summary>
    public bool HasWeights => Operation is { Parameters.Count: > 0 };

    /// <summary>The full names of its learned tensors: <c>features.28.weight</c>, <c>features.28.bias</c>.</summary>
    public IEnumerable<string> TensorNames => Operation?.Parameters.Select(parameter => $"{Name}.{parameter.Suffix}") ?? [];

    /// <summary>The literature's name.</summary>
    public override string ToString() => PaperName;

    /// <summary>A layer is itself only.</summary>
    public bool Equals(Layer? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => Index;
}
