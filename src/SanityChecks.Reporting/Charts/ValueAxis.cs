using SanityChecks.RunFiles;

namespace SanityChecks.Reporting.Charts;

/// <summary>The y axis: a range that holds 0, 1 and every mean, and where its ticks are.</summary>
/// <param name="Low">The value at the bottom of the plot.</param>
/// <param name="High">The value at its top.</param>
/// <param name="Step">The distance of two ticks; 0 is one of them.</param>
internal sealed record ValueAxis(double Low, double High, double Step)
{
    // Room for half a marker beyond 0 and 1.
    private const double Margin = 0.04;

    // What a similarity can be. Of a few images an interval by Student's t reaches far beyond, and would press all lines into a corner.
    private const double Smallest = -1, Largest = 1;

    /// <summary>The axis of a chart: every mean lies on it, and of the intervals what a similarity can be; the rest is cut off at the
    /// border. Measures of networks have no such limits.</summary>
    public static ValueAxis Of(CorrelationChart chart)
    {
        double low = 0;
        double high = chart.IsOfNetworks ? 0.1 : 1;
        (double smallest, double largest) = chart.IsOfNetworks ? (double.NegativeInfinity, double.PositiveInfinity)
            : chart.IsOfTruth ? (0, 1)
            : (Smallest, Largest);
        foreach (SummaryRow row in chart.Series.SelectMany(series => series.Points).OfType<SummaryRow>())
        {
            low = Math.Min(low, Math.Min(row.Mean ?? low, Math.Max(row.CiLow ?? low, smallest)));
            high = Math.Max(high, Math.Max(row.Mean ?? high, Math.Min(row.CiHigh ?? high, largest)));
        }

        foreach (SummaryRow row in chart.Series.SelectMany(series => series.Nulls).OfType<SummaryRow>())
        {
            low = Math.Min(low, row.CiLow is { } end ? Math.Max(end, smallest) : row.Mean ?? low);
        }

        double margin = Margin * (high - low);
        return new ValueAxis(low - margin, high + margin, TickStep(high - low, chart.IsOfNetworks ? 0.001 : 0.1));
    }

    /// <summary>The ticks, from the lowest, with as many decimals as the step has.</summary>
    public IEnumerable<(double Value, string Label)> Ticks()
    {
        string format = Step >= 1 ? "0" : Step >= 0.1 ? "0.0" : Step >= 0.01 ? "0.00" : "0.000";
        for (double index = Math.Ceiling(Low / Step); index * Step <= High; index++)
        {
            double value = (index * Step) + 0.0; // no negative zero
            yield return (value, value.ToString(format, System.Globalization.CultureInfo.InvariantCulture).Replace('-', '−'));
        }
    }

    /// <summary>The smallest of 2, 5, 10, 20, 50 ... times the smallest decade that gives at most 12 ticks.</summary>
    private static double TickStep(double range, double smallest)
    {
        double[] mantissas = [2, 5, 10];
        for (double decade = smallest; ; decade *= 10)
        {
            foreach (double mantissa in mantissas)
            {
                if (range <= mantissa * decade * 12 || decade > 1e300)
                {
                    return mantissa * decade;
                }
            }
        }
    }
}
