namespace SanityChecks.Compute;

/// <summary>A tensor in managed memory: every weight is one, and every engine accepts it as an operand.</summary>
/// <remarks>
/// An engine that computes elsewhere makes its own copy once per object. Elements are contiguous, the innermost axis fastest.
/// </remarks>
public class HostTensor : Tensor
{
    private readonly float[] array;

    /// <summary>Wraps an array without copying it.</summary>
    /// <param name="shape">The axes.</param>
    /// <param name="values">At least <c>shape.Count</c> values; the caller hands the array over and does not write to it again.</param>
    /// <exception cref="ArgumentException">The array is shorter than the shape.</exception>
    public HostTensor(Shape shape, float[] values)
        : base(shape)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length < shape.Count)
        {
            throw new ArgumentException(
                $"A tensor of shape {shape} needs {shape.Count} values, but {values.Length} were given.", nameof(values));
        }

        array = values;
    }

    /// <summary>The backing array, possibly longer than the shape; kernels capture it where a span cannot go.</summary>
    internal float[] Array => array;

    /// <summary>The same elements under other axes, without a copy.</summary>
    /// <param name="shape">As many elements as this tensor has.</param>
    /// <exception cref="ArgumentException">It has another number of them.</exception>
    public HostTensor Reshaped(Shape shape) => shape.Count == Shape.Count
        ? new HostTensor(shape, array)
        : throw new ArgumentException($"A tensor of shape {Shape} cannot be seen as {shape}.", nameof(shape));

    /// <summary>The elements, innermost axis fastest.</summary>
    public ReadOnlySpan<float> Values => array.AsSpan(0, checked((int)Shape.Count));
}
