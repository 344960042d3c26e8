using System.Xml.Linq;

namespace SanityChecks.Reporting.Charts;

/// <summary>Draws a chart: frame and axes here, the methods by <see cref="SeriesDrawing"/>.</summary>
internal static class ChartDrawing
{
    public const string Ink = "#222222";
    public const string Faint = "#555555";
    private const string Grid = "#e4e4e4";
    private const string Leader = "#999999";
    private const string Fonts = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif";
    private const double LabelGap = 18;

    /// <summary>The chart as an svg element.</summary>
    /// <param name="chart">The numbers.</param>
    /// <param name="options">The looks.</param>
    /// <param name="id">Prefix of the ids in it, so that several charts can stand in one page.</param>
    public static XElement Draw(CorrelationChart chart, ChartOptions options, string id)
    {
        var frame = new ChartFrame(chart, options);
        var series = new SeriesDrawing(chart, frame);
        return Svg.Element(
            "svg",
            [
                ("viewBox", $"0 0 {Svg.Number(frame.Width)} {Svg.Number(frame.Height)}"), ("width", frame.Width), ("height", frame.Height),
                ("role", "img"), ("aria-labelledby", $"{id}-title {id}-desc"), ("font-family", Fonts),
            ],
            Svg.Element("title", [("id", id + "-title")], ChartText.Title(chart)),
            Svg.Element("desc", [("id", id + "-desc")], Svg.Clean(ChartText.Description(chart))),
            Svg.Element("rect", [("width", "100%"), ("height", "100%"), ("fill", "#ffffff")]),
            frame.Header.Select(line => line.Size == ChartFrame.TitleSize
                ? Svg.Text(line.Text, ChartFrame.Edge, line.Baseline, line.Size, Ink, "start", ("font-weight", "600"))
                : Svg.Text(line.Text, ChartFrame.Edge, line.Baseline, line.Size, Faint)),
            ValueTicks(chart, frame),
            LayerTicks(chart, frame),
            Svg.Element(
                "g",
                [("class", "plot"), ("data-x0", frame.X(0)), ("data-dx", frame.LayerSpacing), ("data-y0", frame.Y(0)), ("data-y1", frame.Y(1))],
                chart.Series.Select(series.Intervals),
                chart.Series.Select(series.LinesAndPoints)),
            Labels(chart, frame, series),
            frame.Footer.Select(line => Svg.Text(line.Text, ChartFrame.Edge, line.Baseline, line.Size, Faint)));
    }

    private static XElement ValueTicks(CorrelationChart chart, ChartFrame frame)
    {
        double middle = (frame.Top + frame.Bottom) / 2;
        double titleX = ChartFrame.Edge + 10;
        return Svg.Element(
            "g",
            [("class", "value-axis")],
            frame.Axis.Ticks().Select(tick => ValueTick(chart, frame, tick.Value, tick.Label)),
            Svg.Text(
                chart.Metric.Axis, titleX, middle, ChartFrame.LabelSize, Ink, "middle", ("transform", $"rotate(-90 {Svg.Number(titleX)} {Svg.Number(middle)})")));
    }

    private static object[] ValueTick(CorrelationChart chart, ChartFrame frame, double value, string label)
    {
        double y = frame.Y(value);
        bool anchor = Math.Abs(value) < 1e-9 || Math.Abs(value - 1) < 1e-9;
        XElement line = Svg.Line(frame.Left, y, frame.Right, y, anchor ? Faint : Grid, anchor ? 1.2 : 1);
        XElement text = Svg.Text(label, frame.Left - 7, y + 4, ChartFrame.TickSize, anchor ? Ink : Faint, "end");
        if (!anchor)
        {
            return [line, text];
        }

        line.SetAttributeValue("class", "reference");
        text.SetAttributeValue("font-weight", "600");
        string meaning = value > 0.5 ? chart.Metric.One : chart.Metric.Zero;
        return [line, text, Svg.Text(meaning, frame.Left - 7, y + 4 + ChartFrame.NoteSize + 2, ChartFrame.NoteSize, Faint, "end")];
    }

    private static XElement LayerTicks(CorrelationChart chart, ChartFrame frame) => Svg.Element(
        "g",
        [("class", "layer-axis")],
        chart.Steps.Select((step, i) => LayerTick(frame, ChartText.Step(step), i)),
        Svg.Text(
            ChartText.LayerAxis(chart), (frame.Left + frame.Right) / 2, frame.AxisTitleBaseline, ChartFrame.LabelSize, Ink, "middle"));

    private static object[] LayerTick(ChartFrame frame, string name, int index)
    {
        double x = frame.X(index);
        double y = frame.Bottom + 15;
        XElement text = Svg.Text(
            TextMeasure.Shorten(name), x + 4, y, ChartFrame.TickSize, Ink, "end", ("transform", $"rotate(-45 {Svg.Number(x + 4)} {Svg.Number(y)})"));
        text.Add(Svg.Title(name));
        return [Svg.Line(x, frame.Bottom, x, frame.Bottom + 4, Faint, 1), text];
    }

    /// <summary>Each method's name beside the end of its line, with its key; a leader joins them where the name had to move.</summary>
    private static XElement Labels(CorrelationChart chart, ChartFrame frame, SeriesDrawing drawing)
    {
        double[] ends = [.. chart.Series.Select(series => series.LastDefined < 0 ? frame.Bottom : frame.Y(series.Points[series.LastDefined]!.Mean!.Value))];
        double[] placed = EndLabels.Place(ends, LabelGap, frame.Top + 4, frame.Bottom - 4);
        return Svg.Element("g", [("class", "labels")], chart.Series.Select((series, i) =>
            Label(frame, series, series.LastDefined < 0 ? null : drawing.X(series, series.LastDefined), ends[i], placed[i])));
    }

    private static object[] Label(ChartFrame frame, ChartSeries series, double? lastX, double end, double y)
    {
        double key = frame.Right + ChartFrame.LeaderLength;
        double text = key + ChartFrame.KeyLength + ChartFrame.KeyGap;
        object[] label =
        [
            SeriesDrawing.Stroke(series.Style, [(key, y), (key + ChartFrame.KeyLength, y)], "key"),
            MarkerPath.Draw(series.Style, key + (ChartFrame.KeyLength / 2), y, hollow: false),
            Svg.Text(TextMeasure.Shorten(series.DisplayName), text, y + 4, ChartFrame.LabelSize, Ink),
        ];
        if (lastX is not double last)
        {
            return label;
        }

        XElement leader = Svg.Element(
            "polyline",
            [("class", "leader"), ("points", Svg.Points([(frame.Right + 2, end), (key - 3, y)])), ("fill", "none"), ("stroke", Leader), ("stroke-width", 0.8)]);
        XElement approach = Svg.Line(last + 7, end, frame.Right + 2, end, Leader, 0.8);
        if (series.LastDefined < series.Points.Count - 1)
        {
            // The method has no score any more: the way to its name is dotted, lest it look like data.
            approach.SetAttributeValue("stroke-dasharray", "1 4");
        }

        return [approach, leader, .. label];
    }
}
