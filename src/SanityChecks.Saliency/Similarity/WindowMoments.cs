using System.Buffers;
using System.Numerics;

namespace SanityChecks.Saliency.Similarity;

/// <summary>Mean and variance of a map under a moving window, wherever the window lies inside the map.</summary>
/// <remarks>Weights and sums are double precision. The arrays are the pool's, and go back to it with <see cref="Dispose"/>.</remarks>
public sealed class WindowMoments : IDisposable
{
    private readonly int height;
    private readonly int width;
    private readonly int count;
    private double[] means;
    private double[] variances;

    /// <summary>Computes the moments.</summary>
    /// <param name="values">The map, [H, W].</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="window">The window; in one dimension the map is one vector, row after row.</param>
    /// <exception cref="ArgumentException">The map is smaller than the window.</exception>
    public WindowMoments(ReadOnlySpan<double> values, int height, int width, MovingWindow window)
    {
        ArgumentNullException.ThrowIfNull(window);
        Window = window;
        (this.height, this.width) = window.Lay(height, width);
        means = window.Filter(values, this.height, this.width);
        count = window.Places(this.height, this.width);
        variances = CenteredProduct(values, values, this, this);
    }

    /// <summary>The window.</summary>
    public MovingWindow Window { get; }

    /// <summary>Weighted means, one for each place, rows one after another.</summary>
    public ReadOnlySpan<double> Means => means.AsSpan(0, count);

    /// <summary>Weighted population variances, one for each place.</summary>
    public ReadOnlySpan<double> Variances => variances.AsSpan(0, count);

    /// <summary>Gives the arrays back; the moments must not be used any more.</summary>
    public void Dispose()
    {
        ArrayPool<double>.Shared.Return(means);
        ArrayPool<double>.Shared.Return(variances);
        means = variances = [];
    }

    /// <summary>Weighted population covariances of two maps of one shape, one for each place, in an array of the pool's that may be
    /// longer.</summary>
    /// <remarks>The same sequence of operations as for the variances: a map's covariance with itself is its variance to the bit.</remarks>
    internal static double[] CenteredProduct(ReadOnlySpan<double> a, ReadOnlySpan<double> b, WindowMoments ofA, WindowMoments ofB)
    {
        double[] product = ArrayPool<double>.Shared.Rent(a.Length);
        int done = 0;
        for (; done + Vector<double>.Count <= a.Length; done += Vector<double>.Count)
        {
            (new Vector<double>(a[done..]) * new Vector<double>(b[done..])).CopyTo(product, done);
        }

        for (; done < a.Length; done++)
        {
            product[done] = a[done] * b[done];
        }

        double[] filtered = ofA.Window.Filter(product.AsSpan(0, a.Length), ofA.height, ofA.width);
        ArrayPool<double>.Shared.Return(product);
        ReadOnlySpan<double> meansOfA = ofA.Means, meansOfB = ofB.Means;
        int i = 0;
        for (; i + Vector<double>.Count <= meansOfA.Length; i += Vector<double>.Count)
        {
            (new Vector<double>(filtered, i) - (new Vector<double>(meansOfA[i..]) * new Vector<double>(meansOfB[i..]))).CopyTo(filtered, i);
        }

        for (; i < meansOfA.Length; i++)
        {
            filtered[i] -= meansOfA[i] * meansOfB[i];
        }

        return filtered;
    }
}
