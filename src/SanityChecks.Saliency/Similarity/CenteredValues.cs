namespace SanityChecks.Saliency.Similarity;

/// <summary>A map's values divided by their largest magnitude, less their mean.</summary>
/// <remarks>The array is the pool's, and goes back to it with <see cref="Dispose"/>.</remarks>
public sealed class CenteredValues : IDisposable
{
    private readonly int count;
    private double[] centered;

    /// <summary>Centers values.</summary>
    /// <param name="scaled">Values from -1 to 1, so that no square is beyond double precision.</param>
    public CenteredValues(ReadOnlySpan<double> scaled)
    {
        count = scaled.Length;
        centered = MapArrays.Values.Rent(count);
        double sum = 0;
        foreach (double value in scaled)
        {
            sum += value;
        }

        double mean = sum / count;
        for (int i = 0; i < count; i++)
        {
            centered[i] = scaled[i] - mean;
        }

        SumOfSquares = Dot(this);
    }

    /// <summary>The sum of the squared values.</summary>
    public double SumOfSquares { get; }

    /// <summary>Gives the array back; the values must not be used any more.</summary>
    public void Dispose()
    {
        MapArrays.Values.Return(centered);
        centered = [];
    }

    /// <summary>The sum of products with the values of another map of the same size.</summary>
    internal double Dot(CenteredValues other)
    {
        ReadOnlySpan<double> a = centered.AsSpan(0, count), b = other.centered.AsSpan(0, count);
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
