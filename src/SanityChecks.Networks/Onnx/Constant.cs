using System.Diagnostics.CodeAnalysis;
using SanityChecks.Compute;

namespace SanityChecks.Networks.Onnx;

/// <summary>A tensor whose values are known when the graph is read: an initializer, or what follows from initializers and
/// shapes.</summary>
/// <remarks>Floating-point tensors of every width are 32-bit floats here; integers and truth values are 64-bit integers.</remarks>
internal sealed class Constant
{
    /// <summary>What stands for the number of images among the integers that a Shape operator gives.</summary>
    public const long Batch = long.MinValue;

    /// <summary>Wraps floats.</summary>
    public Constant(HostTensor floats, string? name = null)
    {
        (Shape, Floats, Name) = (floats.Shape, floats, name);
    }

    /// <summary>Wraps integers.</summary>
    public Constant(Shape shape, long[] integers) => (Shape, Integers) = (shape, integers);

    /// <summary>The axes.</summary>
    public Shape Shape { get; }

    /// <summary>The values, where they are floating-point numbers.</summary>
    public HostTensor? Floats { get; }

    /// <summary>The values, where they are integers or truth values.</summary>
    public long[]? Integers { get; }

    /// <summary>The initializer that it is; null for what was computed.</summary>
    public string? Name { get; }

    /// <summary>How many values.</summary>
    public int Count => checked((int)Shape.Count);

    /// <summary>Whether it is floats.</summary>
    [MemberNotNullWhen(true, nameof(Floats))]
    [MemberNotNullWhen(false, nameof(Integers))]
    public bool IsFloat => Floats is not null;

    /// <summary>A row of integers.</summary>
    public static Constant Row(params long[] values) => new(new Shape(values.Length), values);

    /// <summary>The floats.</summary>
    /// <exception cref="UnsupportedNodeException">They are integers.</exception>
    public HostTensor RequireFloats(string what) =>
        Floats ?? throw new UnsupportedNodeException($"its {what} are integers; floating-point numbers are supported");

    /// <summary>The integers.</summary>
    /// <exception cref="UnsupportedNodeException">They are floating-point numbers.</exception>
    public long[] RequireIntegers(string what) =>
        Integers ?? throw new UnsupportedNodeException($"its {what} are floating-point numbers; integers are supported");

    /// <summary>The same values under other axes.</summary>
    /// <exception cref="UnsupportedNodeException">There are another number of them.</exception>
    public Constant Reshaped(Shape shape) => shape.Count != Shape.Count
        ? throw new UnsupportedNodeException($"a constant of shape {Shape} cannot be seen as {shape}")
        : shape == Shape ? this
        : IsFloat ? new Constant(Floats.Reshaped(shape), Name) : new Constant(shape, Integers);
}
