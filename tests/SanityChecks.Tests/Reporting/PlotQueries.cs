using SanityChecks.Reporting.Charts;
using ScottPlot;
using ScottPlot.Plottables;

namespace SanityChecks.Tests.Reporting;

/// <summary>Asks a chart what it shows, in steps and values.</summary>
internal static class PlotQueries
{
    /// <summary>A method's lines, from left to right.</summary>
    public static (double Step, double Value)[][] Lines(this ChartPlot chart, string name) =>
        [.. chart.Of<Scatter>(name).Select(line => Pairs(line.Data.GetScatterPoints()))];

    /// <summary>A method's points, filled or hollow.</summary>
    public static (double Step, double Value)[] Points(this ChartPlot chart, string name, bool hollow) =>
        [.. chart.Of<Markers>(name).Where(markers => markers.MarkerStyle.FillColor == Colors.White == hollow)
            .SelectMany(markers => Pairs(markers.Data.GetScatterPoints()))];

    /// <summary>A method's bands, each around from the left end of its upper side.</summary>
    public static (double Step, double Value)[][] Bands(this ChartPlot chart, string name) =>
        [.. chart.Of<Polygon>(name).Select(band => Pairs(band.Coordinates))];

    /// <summary>A method's bars, by their ends.</summary>
    public static (double Step, double Low, double High)[] Bars(this ChartPlot chart, string name) =>
        [.. chart.Of<ErrorBar>(name).SelectMany(bars =>
        bars.Xs.Select((x, i) => (x, bars.Ys[i] - bars.YErrorNegative![i], bars.Ys[i] + bars.YErrorPositive![i])))];

    /// <summary>The names on an axis, from its beginning.</summary>
    public static string[] Names(this IAxis axis) =>
        [.. axis.TickGenerator.Ticks.OrderBy(tick => tick.Position).Select(tick => tick.Label)];

    /// <summary>What is added to the plot for a method.</summary>
    public static IEnumerable<T> Of<T>(this ChartPlot chart, string name)
        where T : IPlottable, IHasLegendText => chart.Plot.GetPlottables<T>().Where(part => part.LegendText == name);

    private static (double Step, double Value)[] Pairs(IEnumerable<Coordinates> points) => [.. points.Select(point => (point.X, point.Y))];
}
