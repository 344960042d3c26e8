namespace SanityChecks.Saliency.Similarity;

/// <summary>How a map's values are scaled before places of two maps are compared.</summary>
public enum MapScale
{
    /// <summary>The smallest becomes 0 and the largest 1; a constant map becomes zeros.</summary>
    Unit,

    /// <summary>The smallest becomes 0 and the 99th percentile 1, and what is larger is cut; zero where the smallest value is that
    /// percentile, 1 above it.</summary>
    Percentile,

    /// <summary>Values stay as they are.</summary>
    None,

    /// <summary>Divided by the largest magnitude; a map of zeros stays.</summary>
    Max,

    /// <summary>Divided by the root of the mean square; a map of zeros stays.</summary>
    SecondMoment,
}

/// <summary>Scaling by what all values of a map have in common.</summary>
internal static class MapScales
{
    private const double Percent = 99;

    /// <summary>Scales values in place; <see cref="MapScale.Unit"/> is the map's own, and not done here.</summary>
    /// <param name="scale">How.</param>
    /// <param name="values">Finite values.</param>
    /// <param name="smallest">The smallest of them.</param>
    /// <param name="largest">The largest.</param>
    public static void Apply(this MapScale scale, Span<double> values, double smallest, double largest)
    {
        double magnitude = Math.Max(Math.Abs(smallest), Math.Abs(largest));
        if (scale == MapScale.None || magnitude == 0)
        {
            return;
        }

        if (scale == MapScale.Percentile)
        {
            CutAt(values, smallest, PercentileOf(values));
            return;
        }

        double squares = 0;
        foreach (ref double value in values)
        {
            value /= magnitude;
            squares += value * value;
        }

        if (scale == MapScale.SecondMoment)
        {
            double root = Math.Sqrt(squares / values.Length);
            foreach (ref double value in values)
            {
                value /= root;
            }
        }
    }

    private static void CutAt(Span<double> values, double smallest, double cut)
    {
        foreach (ref double value in values)
        {
            value = value >= cut && cut > smallest ? 1 : cut > smallest ? (value - smallest) / (cut - smallest) : value > smallest ? 1 : 0;
        }
    }

    /// <summary>As <c>numpy.percentile</c>: between two values by a straight line.</summary>
    private static double PercentileOf(ReadOnlySpan<double> values)
    {
        double[] sorted = MapArrays.Values.Rent(values.Length);
        values.CopyTo(sorted);
        sorted.AsSpan(0, values.Length).Sort();
        double at = Percent / 100 * (values.Length - 1);
        int below = (int)at, above = Math.Min(below + 1, values.Length - 1);
        double percentile = sorted[below] + ((sorted[above] - sorted[below]) * (at - below));
        MapArrays.Values.Return(sorted);
        return percentile;
    }
}
