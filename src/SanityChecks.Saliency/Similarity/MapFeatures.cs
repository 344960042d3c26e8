using System.Numerics;
using SanityChecks.Compute;

namespace SanityChecks.Saliency.Similarity;

/// <summary>What the metrics need of one map alone, each computed when first asked for and then kept.</summary>
/// <remarks>
/// An original is compared with dozens of randomized maps, so its half of the work is done once. Use an instance from one
/// thread at a time. A [224, 224] map keeps up to 2.5 MB, in arrays of the pool's that go back to it with <see cref="Dispose"/>. All but
/// the shape, <see cref="IsFinite"/> and
/// <see cref="IsConstant"/> ask for a finite map.
/// </remarks>
public sealed class MapFeatures : IDisposable
{
    // A run's maps are in single precision; a file of another program's may be in double, and is then never rounded.
    private readonly SaliencyMap? map;
    private readonly double[]? exact;
    private readonly double smallest;
    private readonly double largest;
    private readonly List<(MapScale Scale, double[] Values)> scaled = [];
    private readonly List<(MapScale Scale, WindowMoments Moments)> moments = [];
    private readonly List<(int K, TopShare Share)> tops = [];
    private CenteredRanks? ranks;
    private CenteredRanks? absoluteRanks;
    private CenteredValues? centered;
    private HogDescriptor? hog;
    private double? entropy;
    private MapFeatures? magnitudes;
    private MapFeatures? positives;

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
        Shape = map.Shape;
        (IsFinite, smallest, largest) = Look(map.Values);
        IsConstant = IsFinite && !(smallest < largest);
    }

    /// <summary>Wraps a map in double precision without copying it, and looks once at its values.</summary>
    /// <param name="shape">[H, W].</param>
    /// <param name="values">Exactly <c>shape.Count</c> values, columns fastest.</param>
    /// <exception cref="ArgumentException">The shape has another rank, or the number of values differs.</exception>
    public MapFeatures(Shape shape, double[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (shape.Rank != 2 || values.Length != shape.Count)
        {
            throw new ArgumentException(
                $"Maps are compared as [H, W] with as many values; given: shape {shape}, {values.Length} values.", nameof(shape));
        }

        exact = values;
        Shape = shape;
        (IsFinite, smallest, largest) = Look<double>(values);
        IsConstant = IsFinite && !(smallest < largest);
    }

    /// <summary>[H, W].</summary>
    public Shape Shape { get; }

    /// <summary>Rows.</summary>
    public int Height => Shape[0];

    /// <summary>Columns.</summary>
    public int Width => Shape[1];

    /// <summary>Whether no value is a NaN or an infinity.</summary>
    public bool IsFinite { get; }

    /// <summary>Whether the map is finite and all its values are equal; -0 equals +0, and a map of at most one pixel is constant.</summary>
    public bool IsConstant { get; }

    /// <summary>The map scaled to [0, 1] by its smallest and largest value, [H, W]; zeros for a constant map.</summary>
    public ReadOnlySpan<double> Unit => Scaled(MapScale.Unit);

    /// <summary>Ranks of the signed values.</summary>
    public CenteredRanks Ranks => ranks ??= exact is null ? CenteredRanks.Of(map!.Values) : CenteredRanks.Of(exact);

    /// <summary>Ranks of the magnitudes; the very same where no value is negative.</summary>
    public CenteredRanks AbsoluteRanks =>
        absoluteRanks ??= smallest >= 0 ? Ranks : exact is null ? Ranks.OfMagnitudes() : CenteredRanks.Of(
            Array.ConvertAll(exact, Math.Abs));

    /// <summary>The values less their mean.</summary>
    public CenteredValues Centered => centered ??= new CenteredValues(Scaled(MapScale.Max));

    /// <summary>The histogram of oriented gradients of <see cref="Unit"/>.</summary>
    /// <exception cref="ArgumentException">The map is smaller than a block.</exception>
    public HogDescriptor Hog => hog ??= new HogDescriptor(Unit, Height, Width);

    /// <summary>The entropy of the histogram of the values, in nats; see <see cref="EntropyRise"/>. The map must not be
    /// constant.</summary>
    public double Entropy => entropy ??= ComputeEntropy();

    /// <summary>The features of the map with other values: this object where no value changes.</summary>
    /// <param name="values">What becomes of them.</param>
    public MapFeatures As(MapValues values) => values switch
    {
        _ when smallest >= 0 => this,
        MapValues.Abs => magnitudes ??= Changed(Math.Abs, Math.Abs),
        MapValues.Positive => positives ??= Changed(value => value < 0 ? 0 : value, value => value < 0 ? 0 : value),
        _ => this,
    };

    /// <summary>The map with its values scaled, [H, W].</summary>
    /// <param name="scale">How.</param>
    public ReadOnlySpan<double> Scaled(MapScale scale)
    {
        foreach ((MapScale kept, double[] values) in scaled)
        {
            if (kept == scale)
            {
                return values.AsSpan(0, Height * Width);
            }
        }

        double[] made = MapArrays.Values.Rent(Height * Width);
        scaled.Add((scale, made));
        Span<double> result = made.AsSpan(0, Height * Width);
        if (scale == MapScale.Unit)
        {
            ScaleToUnit(result);
        }
        else
        {
            CopyTo(result);
            scale.Apply(result, smallest, largest);
        }

        return result;
    }

    /// <summary>Means and variances of the scaled map under a window.</summary>
    /// <param name="scale">How the map is scaled.</param>
    /// <param name="window">The window.</param>
    /// <exception cref="ArgumentException">The map is smaller than the window.</exception>
    public WindowMoments Moments(MapScale scale, MovingWindow window)
    {
        foreach ((MapScale of, WindowMoments kept) in moments)
        {
            if (of == scale && kept.Window == window)
            {
                return kept;
            }
        }

        var made = new WindowMoments(Scaled(scale), Height, Width, window);
        moments.Add((scale, made));
        return made;
    }

    /// <summary>Which values are among the k largest.</summary>
    /// <param name="k">From 1 to the number of pixels.</param>
    internal TopShare Top(int k)
    {
        foreach ((int of, TopShare kept) in tops)
        {
            if (of == k)
            {
                return kept;
            }
        }

        TopShare share = TopShare.Find(Scaled(MapScale.None), k);
        tops.Add((k, share));
        return share;
    }

    /// <summary>Gives the arrays back; spans and objects that were handed out must not be used any more.</summary>
    public void Dispose()
    {
        scaled.ForEach(one => MapArrays.Values.Return(one.Values));
        scaled.Clear();
        moments.ForEach(one => one.Moments.Dispose());
        moments.Clear();
        if (absoluteRanks != ranks)
        {
            absoluteRanks?.Dispose();
        }

        ranks?.Dispose();
        centered?.Dispose();
        hog?.Dispose();
        (ranks, absoluteRanks, centered, hog) = (null, null, null, null);
        magnitudes?.Dispose();
        positives?.Dispose();
        (magnitudes, positives) = (null, null);
    }

    /// <summary>Whether all values are finite, and if so the smallest and the largest.</summary>
    private static (bool IsFinite, double Smallest, double Largest) Look<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Vector<T> least = new(T.PositiveInfinity), most = new(T.NegativeInfinity), infinite = Vector<T>.Zero;
        int i = 0;
        for (; i + Vector<T>.Count <= values.Length; i += Vector<T>.Count)
        {
            var value = new Vector<T>(values[i..]);
            infinite |= ~Vector.Equals(value - value, Vector<T>.Zero); // infinity less itself is no number
            least = Vector.Min(least, value);
            most = Vector.Max(most, value);
        }

        // As integers: all bits set are themselves no number, which no comparison finds.
        bool isFinite = Vector.AsVectorInt64(infinite) == Vector<long>.Zero;
        T smallest = T.PositiveInfinity, largest = T.NegativeInfinity;
        for (int lane = 0; lane < Vector<T>.Count; lane++)
        {
            (smallest, largest) = (T.Min(smallest, least[lane]), T.Max(largest, most[lane]));
        }

        foreach (T value in values[i..])
        {
            isFinite &= T.IsFinite(value);
            (smallest, largest) = (T.Min(smallest, value), T.Max(largest, value));
        }

        return (isFinite, double.CreateChecked(smallest), double.CreateChecked(largest));
    }

    private MapFeatures Changed(Converter<float, float> single, Converter<double, double> both) => exact is null
        ? new MapFeatures(new SaliencyMap(Shape, Array.ConvertAll(map!.Values.ToArray(), single)))
        : new MapFeatures(Shape, Array.ConvertAll(exact, both));

    private double ComputeEntropy()
    {
        // The very smallest and largest numbers of double precision are scaled first.
        bool isOrdinary = double.IsFinite(largest - smallest) && double.IsFinite(100 / (largest - smallest));
        return isOrdinary
            ? EntropyRise.EntropyOf(Scaled(MapScale.None), smallest, largest)
            : EntropyRise.EntropyOf(Unit, 0, 1);
    }

    private void CopyTo(Span<double> values)
    {
        if (exact is not null)
        {
            exact.CopyTo(values);
            return;
        }

        ReadOnlySpan<float> single = map!.Values;
        for (int i = 0; i < single.Length; i++)
        {
            values[i] = single[i];
        }
    }

    private void ScaleToUnit(Span<double> unit)
    {
        if (IsConstant)
        {
            unit.Clear();
            return;
        }

        if (exact is not null)
        {
            ScaleToUnit(exact, unit);
            return;
        }

        ReadOnlySpan<float> values = map!.Values;
        double range = largest - smallest;
        Vector<double> least = new(smallest), ranges = new(range);
        int i = 0;
        for (; i + Vector<float>.Count <= values.Length; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(values[i..]), out Vector<double> low, out Vector<double> high);
            ((low - least) / ranges).CopyTo(unit[i..]);
            ((high - least) / ranges).CopyTo(unit[(i + Vector<double>.Count)..]);
        }

        for (; i < values.Length; i++)
        {
            unit[i] = (values[i] - smallest) / range;
        }
    }

    private void ScaleToUnit(double[] values, Span<double> unit)
    {
        // The range itself may be beyond double precision, that of the halves is not; among the smallest numbers halves would be rounded.
        double half = double.IsFinite(largest - smallest) ? 1 : 0.5, least = smallest * half, range = (largest * half) - least;
        for (int i = 0; i < values.Length; i++)
        {
            unit[i] = ((values[i] * half) - least) / range;
        }
    }
}
