using ScottPlot;
using ScottPlot.Plottables;

namespace SanityChecks.Reporting.Charts;

/// <summary>Adds the methods of a chart to its plot: intervals, lines that break where no score is defined, and a point per step.</summary>
internal sealed class SeriesDrawing(CorrelationChart chart, ChartLayout layout)
{
    private const double BandOpacity = 0.15;

    // How much of the way to the next step the null's band fills where it leads to none.
    private const double NullWidth = 0.12;

    /// <summary>Adds all methods: every interval lies below every line.</summary>
    public void AddTo(Plot plot)
    {
        foreach (ChartSeries series in chart.Series)
        {
            foreach ((int first, int length) in series.Runs(row => row.CiLow is not null))
            {
                plot.Add.Plottable(!chart.Experiment.Connected || length == 1 ? Bars(series, first, length) : Band(series, first, length));
            }
        }

        foreach (ChartSeries series in chart.Series)
        {
            foreach ((int first, int length) in series.Runs(row => row.Mean is not null).Where(run => run.Length > 1))
            {
                Scatter line = plot.Add.ScatterLine(Enumerable.Range(first, length).Select(step => Mean(series, step)).ToArray());
                line.LegendText = series.DisplayName;

                // Of steps that stand alone the line only leads the eye from one point to the next of the same method.
                line.LineStyle = chart.Experiment.Connected ? series.Style.Line() : series.Style.Line(1, 0.45);
            }

            if (series.CancelsOut && chart.Experiment.Connected)
            {
                AddMagnitudes(plot, series);
            }

            AddPoints(plot, series, hollow: false);
            AddPoints(plot, series, hollow: true);
        }
    }

    /// <summary>Adds what the null gives to each method: its mean as a faint line in the method's color, and its interval in gray where
    /// there are few methods.</summary>
    public void AddNull(Plot plot)
    {
        if (chart.Chance is { Mean: { } chance } row)
        {
            AddChance(plot, row.CiLow ?? chance, chance, row.CiHigh ?? chance);
        }

        foreach (ChartSeries series in chart.Series.Where(series => series.Nulls.Count > 0))
        {
            for (int step = 0; step < chart.Steps.Count; step++)
            {
                if (NullAt(series, step) is { } here)
                {
                    bool onwards = chart.Experiment.Connected && NullAt(series, step + 1) is not null;
                    (double Low, double Mean, double High) there = onwards ? NullAt(series, step + 1)!.Value : here;
                    double left = layout.StepOf(series, step), right = onwards ? layout.StepOf(series, step + 1) : left + NullWidth;
                    if (chart.HasNullBands)
                    {
                        AddGray(plot, [new(left, here.High), new(right, there.High), new(right, there.Low), new(left, here.Low)]);
                    }

                    Scatter line = plot.Add.ScatterLine(new Coordinates[] { new(left, here.Mean), new(right, there.Mean) });
                    line.LegendText = series.DisplayName + " (null)";
                    line.LineStyle = new LineStyle(1, series.Style.Color.WithOpacity(0.6));
                }
            }
        }
    }

    // Chance knows no network: it is the same at every step.
    private void AddChance(Plot plot, double low, double mean, double high)
    {
        double left = -0.5, right = chart.Steps.Count - 0.5;
        AddGray(plot, [new(left, high), new(right, high), new(right, low), new(left, low)]);
        Scatter line = plot.Add.ScatterLine(new Coordinates[] { new(left, mean), new(right, mean) });
        line.LegendText = "chance";
        line.LineStyle = new LineStyle(1, ChartInk.Null);
    }

    private static void AddGray(Plot plot, Coordinates[] corners) => plot.Add.Plottable(new Polygon(corners)
    {
        LegendText = "null",
        FillColor = ChartInk.Null.WithOpacity(0.16),
        LineWidth = 0,
        MarkerShape = MarkerShape.None,
    });

    private static (double Low, double Mean, double High)? NullAt(ChartSeries series, int step) =>
        step < series.Nulls.Count && series.Nulls[step] is { Mean: { } mean } row ? (row.CiLow ?? mean, mean, row.CiHigh ?? mean) : null;

    /// <summary>The mean of the scores' magnitudes.</summary>
    private void AddMagnitudes(Plot plot, ChartSeries series)
    {
        foreach ((int first, int length) in series.Runs(row => row.MeanAbs is not null).Where(run => run.Length > 1))
        {
            Scatter line = plot.Add.ScatterLine(Enumerable.Range(first, length)
                .Select(step => new Coordinates(layout.StepOf(series, step), series.Points[step]!.MeanAbs!.Value)).ToArray());
            line.LegendText = series.DisplayName + " (magnitudes)";
            line.LineStyle = new LineStyle(1.1f, series.Style.Color) { Pattern = LinePattern.Dotted };
        }
    }

    private void AddPoints(Plot plot, ChartSeries series, bool hollow)
    {
        Coordinates[] points = [.. Enumerable.Range(0, series.Points.Count)
            .Where(step => series.Points[step]?.Mean is not null && series.Points[step]!.Undefined > 0 == hollow)
            .Select(step => Mean(series, step))];
        if (points.Length > 0)
        {
            Markers markers = plot.Add.Markers(points);
            markers.LegendText = series.DisplayName;
            markers.MarkerStyle = series.Style.Point(hollow);
        }
    }

    private ErrorBar Bars(ChartSeries series, int first, int length)
    {
        int[] steps = [.. Enumerable.Range(first, length)];
        Coordinates[] means = [.. steps.Select(step => Mean(series, step))];
        return new ErrorBar(
            [.. means.Select(mean => mean.X)],
            [.. means.Select(mean => mean.Y)],
            null,
            null,
            [.. steps.Select((step, i) => series.Points[step]!.CiHigh!.Value - means[i].Y)],
            [.. steps.Select((step, i) => means[i].Y - series.Points[step]!.CiLow!.Value)])
        {
            LegendText = series.DisplayName,
            LineStyle = new LineStyle(1.4f, series.Style.Color.WithOpacity(0.8)),
            CapSize = 2.5f,
        };
    }

    private Polygon Band(ChartSeries series, int first, int length)
    {
        int[] steps = [.. Enumerable.Range(first, length)];
        Coordinates[] upper = [.. steps.Select(step => new Coordinates(layout.StepOf(series, step), series.Points[step]!.CiHigh!.Value))];
        Coordinates[] lower =
            [.. steps.Reverse().Select(step => new Coordinates(layout.StepOf(series, step), series.Points[step]!.CiLow!.Value))];
        return new Polygon([.. upper, .. lower])
        {
            LegendText = series.DisplayName,
            FillColor = series.Style.Color.WithOpacity(BandOpacity),
            LineWidth = 0,
            MarkerShape = MarkerShape.None,
        };
    }

    private Coordinates Mean(ChartSeries series, int step) => new(layout.StepOf(series, step), series.Points[step]!.Mean!.Value);
}
