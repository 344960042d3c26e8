using SanityChecks.Compute;

namespace SanityChecks.Saliency;

/// <summary>How much each place of one image contributes to the target's logit: [H, W], or [3, H, W] in input space.</summary>
/// <remarks>Values are signed and unscaled, as the method defines them; they may be constant or non-finite for a broken network.</remarks>
public sealed class SaliencyMap
{
    private readonly float[] values;

    /// <summary>Wraps values without copying them.</summary>
    /// <param name="shape">[H, W] or [C, H, W].</param>
    /// <param name="values">Exactly <c>shape.Count</c> values, columns fastest.</param>
    /// <exception cref="ArgumentException">The shape has another rank, or the number of values differs.</exception>
    public SaliencyMap(Shape shape, float[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (shape.Rank is not (2 or 3) || values.Length != shape.Count)
        {
            throw new ArgumentException(
                $"A map is [H, W] or [C, H, W] with as many values; given: shape {shape}, {values.Length} values.", nameof(shape));
        }

        Shape = shape;
        this.values = values;
    }

    /// <summary>[H, W] or [C, H, W].</summary>
    public Shape Shape { get; }

    /// <summary>Rows.</summary>
    public int Height => Shape[^2];

    /// <summary>Columns.</summary>
    public int Width => Shape[^1];

    /// <summary>The values, columns fastest.</summary>
    public ReadOnlySpan<float> Values => values;

    /// <summary>The map as [H, W]: itself, or the signed sum over channels, added in channel order in single precision.</summary>
    public SaliencyMap SumChannels()
    {
        if (Shape.Rank == 2)
        {
            return this;
        }

        int plane = Height * Width;
        float[] sum = new float[plane];
        for (int channel = 0; channel < Shape[0]; channel++)
        {
            ReadOnlySpan<float> source = Values.Slice(channel * plane, plane);
            for (int i = 0; i < plane; i++)
            {
                sum[i] += source[i];
            }
        }

        return new SaliencyMap(new Shape(Height, Width), sum);
    }
}
