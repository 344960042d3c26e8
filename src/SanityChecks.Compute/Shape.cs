using System.Globalization;

namespace SanityChecks.Compute;

/// <summary>The sizes of a tensor's axes, outermost first; images and activations are [N, C, H, W].</summary>
/// <remarks>A value: two shapes are equal when their axes are. The empty shape is a scalar with one element.</remarks>
public readonly struct Shape : IEquatable<Shape>
{
    private readonly int[]? axes;

    /// <summary>Makes a shape from its axes.</summary>
    /// <param name="axes">Sizes, outermost first, each at least 0; copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">An axis is negative.</exception>
    public Shape(params ReadOnlySpan<int> axes)
    {
        foreach (int axis in axes)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(axis, nameof(axes));
        }

        this.axes = axes.ToArray();
    }

    /// <summary>The sizes, outermost first.</summary>
    public ReadOnlySpan<int> Axes => axes;

    /// <summary>The number of axes.</summary>
    public int Rank => axes?.Length ?? 0;

    /// <summary>The size of one axis.</summary>
    /// <param name="axis">0 is the outermost axis; <c>^1</c> the innermost.</param>
    public int this[Index axis] => Axes[axis];

    /// <summary>The number of elements: the product of the axes.</summary>
    /// <exception cref="OverflowException">The product exceeds <see cref="long.MaxValue"/>.</exception>
    public long Count
    {
        get
        {
            long count = 1;
            foreach (int axis in Axes)
            {
                count = checked(count * axis);
            }

            return count;
        }
    }

    /// <summary>Whether both shapes have the same axes.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Whether the shapes differ in an axis.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(Shape other) => Axes.SequenceEqual(other.Axes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (int axis in Axes)
        {
            hash.Add(axis);
        }

        return hash.ToHashCode();
    }

    /// <summary>The axes in brackets, as in <c>[64, 3, 3, 3]</c>.</summary>
    public override string ToString() =>
        "[" + string.Join(", ", Axes.ToArray().Select(axis => axis.ToString(CultureInfo.InvariantCulture))) + "]";
}
