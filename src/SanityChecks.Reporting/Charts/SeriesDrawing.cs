using System.Globalization;
using System.Xml.Linq;

namespace SanityChecks.Reporting.Charts;

/// <summary>Draws the methods of a chart: intervals, lines that break where no score is defined, and a point per step.</summary>
internal sealed class SeriesDrawing(CorrelationChart chart, ChartFrame frame)
{
    private const double LineWidth = 1.8;
    private const double WidestDodge = 7;

    /// <summary>A line through points, in a method's colour and dashes.</summary>
    public static XElement Stroke(SeriesStyle style, IEnumerable<(double X, double Y)> points, string name) => Svg.Element(
        "polyline",
        [
            ("class", name), ("points", Svg.Points(points)), ("fill", "none"), ("stroke", style.Color), ("stroke-width", LineWidth),
            ("stroke-linejoin", "round"), .. style.Dashes.Length == 0 ? [] : new[] { ("stroke-dasharray", (object)style.Dashes) },
        ]);

    /// <summary>Methods stand side by side where each step has bars, and at the same place where lines connect the steps.</summary>
    public double X(ChartSeries series, int step)
    {
        if (!chart.IsIndependent)
        {
            return frame.X(step);
        }

        int count = chart.Series.Count;
        double dodge = Math.Min(WidestDodge, 0.72 * frame.LayerSpacing / count);
        return frame.X(step) + ((chart.Series.ToList().IndexOf(series) - ((count - 1) / 2.0)) * dodge);
    }

    /// <summary>A method's confidence intervals: a band along connected steps, bars where steps stand alone.</summary>
    public XElement Intervals(ChartSeries series) => Svg.Element(
        "g",
        [("class", "intervals"), ("data-method", series.Method)],
        series.Runs(row => row.CiLow is not null).SelectMany(run => chart.IsIndependent || run.Length == 1
            ? Enumerable.Range(run.First, run.Length).Select(step => Bar(series, step))
            : [Band(series, run.First, run.Length)]));

    /// <summary>A method's line, one piece for each run of defined steps, and its points.</summary>
    public XElement LinesAndPoints(ChartSeries series) => Svg.Element(
        "g",
        [("class", "method"), ("data-method", series.Method)],
        series.Runs(row => row.Mean is not null).Where(run => run.Length > 1).Select(run => Line(series, run.First, run.Length)),
        Enumerable.Range(0, series.Points.Count).Where(step => series.Points[step]?.Mean is not null).Select(step => Point(series, step)));

    private XElement Line(ChartSeries series, int first, int count)
    {
        XElement line = Stroke(series.Style, Enumerable.Range(first, count).Select(step => (X(series, step), Y(series, step))), "mean");
        if (chart.IsIndependent)
        {
            // The line only leads the eye from one step to the next of the same method.
            line.SetAttributeValue("stroke-width", "1");
            line.SetAttributeValue("stroke-opacity", "0.45");
        }

        return line;
    }

    private XElement Point(ChartSeries series, int step)
    {
        SummaryRow row = series.Points[step]!;
        XElement marker = MarkerPath.Draw(series.Style, X(series, step), Y(series, step), hollow: row.Undefined > 0);
        marker.SetAttributeValue("data-step", row.Step.ToString(CultureInfo.InvariantCulture));
        marker.SetAttributeValue("data-mean", row.Mean!.Value.ToString("R", CultureInfo.InvariantCulture));
        marker.Add(Svg.Title(ChartText.Point(chart, series, step)));
        return marker;
    }

    private XElement Bar(ChartSeries series, int step)
    {
        double x = X(series, step);
        return Svg.Element(
            "path",
            [
                ("class", "bar"), ("d", Ends(x, frame.Y(series.Points[step]!.CiLow!.Value), frame.Y(series.Points[step]!.CiHigh!.Value))),
                ("fill", "none"), ("stroke", series.Style.Color), ("stroke-width", 1.4), ("stroke-opacity", 0.8),
            ]);

        static string Ends(double x, double low, double high) =>
            $"M{Svg.Number(x - 2.5)} {Svg.Number(low)}H{Svg.Number(x + 2.5)}M{Svg.Number(x)} {Svg.Number(low)}V{Svg.Number(high)}"
            + $"M{Svg.Number(x - 2.5)} {Svg.Number(high)}H{Svg.Number(x + 2.5)}";
    }

    private XElement Band(ChartSeries series, int first, int count)
    {
        IEnumerable<int> steps = Enumerable.Range(first, count);
        var outline = steps.Select(step => (X(series, step), frame.Y(series.Points[step]!.CiHigh!.Value)))
            .Concat(steps.Reverse().Select(step => (X(series, step), frame.Y(series.Points[step]!.CiLow!.Value))));
        return Svg.Element("polygon", [("class", "band"), ("points", Svg.Points(outline)), ("fill", series.Style.Color), ("fill-opacity", 0.15)]);
    }

    private double Y(ChartSeries series, int step) => frame.Y(series.Points[step]!.Mean!.Value);
}
