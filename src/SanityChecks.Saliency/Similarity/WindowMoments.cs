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
        variances = MapArrays.Values.Rent(count);
        Covariances(values, values, this, this, (start, row) => row.CopyTo(variances.AsSpan(start)));
    }

    /// <summary>Takes the covariances of one row of places.</summary>
    /// <param name="start">Where the row begins among all places.</param>
    /// <param name="covariances">One for each place of the row.</param>
    internal delegate void CovarianceRow(int start, ReadOnlySpan<double> covariances);

    /// <summary>The window.</summary>
    public MovingWindow Window { get; }

    /// <summary>Weighted means, one for each place, rows one after another.</summary>
    public ReadOnlySpan<double> Means => means.AsSpan(0, count);

    /// <summary>Weighted population variances, one for each place.</summary>
    public ReadOnlySpan<double> Variances => variances.AsSpan(0, count);

    /// <summary>Gives the arrays back; the moments must not be used any more.</summary>
    public void Dispose()
    {
        MapArrays.Values.Return(means);
        MapArrays.Values.Return(variances);
        means = variances = [];
    }

    /// <summary>Weighted population covariances of two maps of one shape, one row of places after another.</summary>
    /// <remarks>The same sequence of operations as for the variances: a map's covariance with itself is its variance to the bit. A row of
    /// them stays in the first-level cache, where all of them would be written to memory and read again.</remarks>
    /// <param name="a">A map, [H, W].</param>
    /// <param name="b">Another.</param>
    /// <param name="ofA">The moments of the first.</param>
    /// <param name="ofB">Those of the other, under the same window.</param>
    /// <param name="take">Gets where a row begins among the places, and its covariances.</param>
    internal static void Covariances(
        ReadOnlySpan<double> a, ReadOnlySpan<double> b, WindowMoments ofA, WindowMoments ofB, CovarianceRow take)
    {
        MovingWindow window = ofA.Window;
        int columns = ofA.width - window.Size + 1;
        double[] product = MapArrays.Values.Rent(a.Length), scratch = window.Scratch(ofA.width), covariances = new double[columns];
        int done = 0;
        for (; done + Vector<double>.Count <= a.Length; done += Vector<double>.Count)
        {
            (new Vector<double>(a[done..]) * new Vector<double>(b[done..])).CopyTo(product, done);
        }

        for (; done < a.Length; done++)
        {
            product[done] = a[done] * b[done];
        }

        for (int start = 0; start < ofA.count; start += columns)
        {
            window.FilterRow(product.AsSpan(0, a.Length), ofA.width, start / columns, scratch, covariances);
            Center(covariances, ofA.Means.Slice(start, columns), ofB.Means.Slice(start, columns));
            take(start, covariances);
        }

        MapArrays.Values.Return(product);
    }

    /// <summary>Takes the product of the means from the mean of the products.</summary>
    private static void Center(Span<double> products, ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        int i = 0;
        for (; i + Vector<double>.Count <= products.Length; i += Vector<double>.Count)
        {
            (new Vector<double>(products[i..]) - (new Vector<double>(a[i..]) * new Vector<double>(b[i..]))).CopyTo(products[i..]);
        }

        for (; i < products.Length; i++)
        {
            products[i] -= a[i] * b[i];
        }
    }
}
