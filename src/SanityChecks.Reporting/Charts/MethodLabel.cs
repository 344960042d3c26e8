using ScottPlot;

namespace SanityChecks.Reporting.Charts;

/// <summary>A method's name beside the end of its line, with its key; a leader joins them where the name had to move.</summary>
/// <param name="Text">The name.</param>
/// <param name="Style">How the method is drawn.</param>
/// <param name="LineEnd">The method's last point; null where it has none.</param>
/// <param name="EndsEarly">Whether the method has no score at the last steps.</param>
/// <param name="Y">The height of the name's middle.</param>
internal sealed record MethodLabel(string Text, SeriesStyle Style, Pixel? LineEnd, bool EndsEarly, float Y)
{
    /// <summary>The smallest distance of two names.</summary>
    public const float Gap = 18;

    /// <summary>From the plot's upper and lower border to the middle of a name.</summary>
    public const float Margin = 4;

    private const float LeaderLength = 20;
    private const float KeyLength = 30;
    private const float KeyGap = 7;

    // From a point to the line that leads away from it.
    private const float PointRoom = 7;

    /// <summary>From the plot's right border to the name.</summary>
    public const float Indent = LeaderLength + KeyLength + KeyGap;

    /// <summary>Places the names of all methods so that none covers another.</summary>
    public static MethodLabel[] Place(CorrelationChart chart, ChartLayout layout)
    {
        double[] ends =
            [.. chart.Series.Select(
                series => series.LastDefined < 0 ? layout.Bottom : layout.Y(series.Points[series.LastDefined]!.Mean!.Value))];
        double[] placed = EndLabels.Place(ends, Gap, layout.Top + Margin, layout.Bottom - Margin);
        return [.. chart.Series.Select((series, i) => new MethodLabel(
            TextMeasure.Shorten(series.DisplayName),
            series.Style,
            series.LastDefined < 0 ? null : new Pixel(layout.X(layout.StepOf(series, series.LastDefined)), ends[i]),
            series.LastDefined < series.Points.Count - 1,
            (float)placed[i]))];
    }

    /// <summary>Draws leader, key and name to the right of the plot.</summary>
    public void Draw(RenderPack pack, float right)
    {
        float key = right + LeaderLength;
        if (LineEnd is Pixel end)
        {
            var border = new Pixel(right + 2, end.Y);
            var leader = new LineStyle(0.8f, ChartInk.Leader);

            // Where the method has no score any more, the way to its name is dotted, lest it look like data.
            var approach = new LineStyle(0.8f, ChartInk.Leader, EndsEarly ? new LinePattern([1, 4], 0, "") : LinePattern.Solid);
            Drawing.DrawLine(pack.Canvas, pack.Paint, new Pixel(end.X + PointRoom, end.Y), border, approach);
            Drawing.DrawLine(pack.Canvas, pack.Paint, border, new Pixel(key - 3, Y), leader);
        }

        Drawing.DrawLine(pack.Canvas, pack.Paint, new Pixel(key, Y), new Pixel(key + KeyLength, Y), Style.Line());
        Style.Point(hollow: false).Render(pack, new Pixel(key + (KeyLength / 2), Y));
        ChartInk.Label(Text, ChartLayout.LabelSize, ChartInk.Dark, Alignment.MiddleLeft)
            .Render(pack.Canvas, new Pixel(right + Indent, Y), pack.Paint);
    }
}
