using System.Buffers;
using System.Numerics;
using SanityChecks.Compute;

namespace SanityChecks.Saliency.Similarity;

/// <summary>What the metrics need of one map alone, each computed when first asked for and then kept.</summary>
/// <remarks>
/// An original is compared with dozens of randomized maps, so its half of the work is done once. Use an instance from one
/// thread at a time. A [224, 224] map keeps up to 2.5 MB, in arrays of the pool's that go back to it with <see cref="Dispose"/>. All but the shape, <see cref="IsFinite"/> and
/// <see cref="IsConstant"/> ask for a finite map.
/// </remarks>
public sealed class MapFeatures : IDisposable
{
    private readonly SaliencyMap map;
    private readonly float smallest;
    private readonly float largest;
    private double[]? unit;
    private CenteredRanks? ranks;
    private CenteredRanks? absoluteRanks;
    private GaussianMoments? moments;
    private HogDescriptor? hog;

    /// <summary>Wraps a map, and looks once at its values.</summary>
    /// <param name="map">[H, W]; see <see cref="SaliencyMap.SumChannels"/>.</param>
    /// <exception cref="ArgumentException">The map has channels.</exception>
    public MapFeatures(SaliencyMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (map.Shape.Rank != 2)
        {
            throw new ArgumentException($"Maps are compared as [H, W]; sum the channels of {map.Shape} first.", nameof(map));
        }

        this.map = map;
        (IsFinite, smallest, largest) = Look(map.Values);
        IsConstant = IsFinite && !(smallest < largest);
    }

    /// <summary>[H, W].</summary>
    public Shape Shape => map.Shape;

    /// <summary>Rows.</summary>
    public int Height => map.Height;

    /// <summary>Columns.</summary>
    public int Width => map.Width;

    /// <summary>Whether no value is a NaN or an infinity.</summary>
    public bool IsFinite { get; }

    /// <summary>Whether the map is finite and all its values are equal; -0 equals +0, and a map of at most one pixel is constant.</summary>
    public bool IsConstant { get; }

    /// <summary>The map scaled to [0, 1] by its smallest and largest value, [H, W]; zeros for a constant map.</summary>
    public ReadOnlySpan<double> Unit => (unit ??= ScaleToUnit()).AsSpan(0, map.Values.Length);

    /// <summary>Ranks of the signed values.</summary>
    public CenteredRanks Ranks => ranks ??= CenteredRanks.Of(map.Values);

    /// <summary>Ranks of the magnitudes; the very same where no value is negative.</summary>
    public CenteredRanks AbsoluteRanks => absoluteRanks ??= smallest >= 0 ? Ranks : Ranks.OfMagnitudes();

    /// <summary>Means and variances of <see cref="Unit"/> under a Gaussian window.</summary>
    /// <exception cref="ArgumentException">The map is smaller than the window.</exception>
    public GaussianMoments Moments => moments ??= new GaussianMoments(Unit, Height, Width);

    /// <summary>The histogram of oriented gradients of <see cref="Unit"/>.</summary>
    /// <exception cref="ArgumentException">The map is smaller than a block.</exception>
    public HogDescriptor Hog => hog ??= new HogDescriptor(Unit, Height, Width);

    /// <summary>Gives the arrays back; spans and objects that were handed out must not be used any more.</summary>
    public void Dispose()
    {
        if (unit is not null)
        {
            ArrayPool<double>.Shared.Return(unit);
        }

        if (absoluteRanks != ranks)
        {
            absoluteRanks?.Dispose();
        }

        ranks?.Dispose();
        moments?.Dispose();
        hog?.Dispose();
        (unit, ranks, absoluteRanks, moments, hog) = (null, null, null, null, null);
    }

    /// <summary>Whether all values are finite, and if so the smallest and the largest.</summary>
    private static (bool IsFinite, float Smallest, float Largest) Look(ReadOnlySpan<float> values)
    {
        Vector<float> least = new(float.PositiveInfinity), most = new(float.NegativeInfinity);
        Vector<int> finite = Vector<int>.AllBitsSet;
        int i = 0;
        for (; i + Vector<float>.Count <= values.Length; i += Vector<float>.Count)
        {
            var value = new Vector<float>(values[i..]);
            finite &= Vector.Equals(value - value, Vector<float>.Zero); // infinity less itself is no number
            least = Vector.Min(least, value);
            most = Vector.Max(most, value);
        }

        bool isFinite = finite == Vector<int>.AllBitsSet;
        float smallest = float.PositiveInfinity, largest = float.NegativeInfinity;
        for (int lane = 0; lane < Vector<float>.Count; lane++)
        {
            (smallest, largest) = (Math.Min(smallest, least[lane]), Math.Max(largest, most[lane]));
        }

        foreach (float value in values[i..])
        {
            isFinite &= float.IsFinite(value);
            (smallest, largest) = (Math.Min(smallest, value), Math.Max(largest, value));
        }

        return (isFinite, smallest, largest);
    }

    private double[] ScaleToUnit()
    {
        ReadOnlySpan<float> values = map.Values;
        double[] scaled = ArrayPool<double>.Shared.Rent(values.Length);
        if (IsConstant)
        {
            scaled.AsSpan(0, values.Length).Clear();
            return scaled;
        }

        double range = (double)largest - smallest;
        Vector<double> least = new(smallest), ranges = new(range);
        int i = 0;
        for (; i + Vector<float>.Count <= values.Length; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(values[i..]), out Vector<double> low, out Vector<double> high);
            ((low - least) / ranges).CopyTo(scaled, i);
            ((high - least) / ranges).CopyTo(scaled, i + Vector<double>.Count);
        }

        for (; i < values.Length; i++)
        {
            scaled[i] = ((double)values[i] - smallest) / range;
        }

        return scaled;
    }
}
