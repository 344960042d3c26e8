namespace SanityChecks.Reporting.Charts;

/// <summary>Where everything of a chart lies, in SVG units from the upper left corner.</summary>
/// <remarks>
/// Step i (from 0) is at X(i) = X(0) + i * LayerSpacing; a value v at Y(v) = Y(0) - v * (Y(0) - Y(1)). Both scales are
/// linear and are written on the plot's group as data-x0, data-dx, data-y0 and data-y1.
/// </remarks>
internal sealed class ChartFrame
{
    public const double TickSize = 11;
    public const double LabelSize = 12;
    public const double TitleSize = 17;
    public const double TextSize = 12.5;
    public const double NoteSize = 11;
    public const double LineHeight = 1.4;
    public const double Edge = 18;

    /// <summary>From the plot's right border to the label's key, for the leader line; the key's length; from there to the name.</summary>
    public const double LeaderLength = 20;
    public const double KeyLength = 30;
    public const double KeyGap = 7;

    private const double NarrowestPlot = 400;
    private const double AxisTitleWidth = 22;

    // Bars of several methods stand side by side at a step; this keeps a marker's width between them.
    private const double RoomPerBar = 8;
    private const double Sin45 = 0.7071;
    private readonly double spacing;

    public ChartFrame(CorrelationChart chart, ChartOptions options)
    {
        Axis = ValueAxis.Of(chart);
        string[] names = [.. chart.Steps.Select(tick => TextMeasure.Shorten(ChartText.Step(tick)))];
        double step = chart.IsIndependent ? Math.Max(options.LayerSpacing, RoomPerBar * chart.Series.Count) : options.LayerSpacing;
        double plotWidth = Math.Max(NarrowestPlot, names.Length * step);
        spacing = plotWidth / names.Length;

        double words = Math.Max(TextMeasure.Width(chart.Metric.One, NoteSize), TextMeasure.Width(chart.Metric.Zero, NoteSize));
        double slanted = names.Select((name, i) => (TextMeasure.Width(name, TickSize) * Sin45) - ((i + 0.5) * spacing)).Max();
        Left = Edge + Math.Max(AxisTitleWidth + words + 10, slanted);
        Right = Left + plotWidth;
        double labels = chart.Series.Max(series => TextMeasure.Width(TextMeasure.Shorten(series.DisplayName), LabelSize));
        Width = Math.Ceiling(Right + LeaderLength + KeyLength + KeyGap + labels + Edge);

        Header = [.. HeaderLines(chart, options)];
        Top = Header[^1].Baseline + 24;
        Bottom = Top + options.PlotHeight;
        AxisTitleBaseline = Bottom + 16 + (names.Max(name => TextMeasure.Width(name, TickSize)) * Sin45) + 16;
        Footer = [.. FooterLines(chart)];
        Height = Math.Ceiling((Footer.Count > 0 ? Footer[^1].Baseline : AxisTitleBaseline) + Edge);
    }

    public ValueAxis Axis { get; }

    public double Width { get; }

    public double Height { get; }

    /// <summary>The plot area's borders.</summary>
    public double Left { get; }

    public double Right { get; }

    public double Top { get; }

    public double Bottom { get; }

    public double AxisTitleBaseline { get; }

    /// <summary>The lines above the plot; the first ones, in the title's size, are the title.</summary>
    public IReadOnlyList<(string Text, double Size, double Baseline)> Header { get; }

    /// <summary>The lines below the x axis.</summary>
    public IReadOnlyList<(string Text, double Size, double Baseline)> Footer { get; }

    /// <summary>The distance of two steps.</summary>
    public double LayerSpacing => spacing;

    /// <summary>Where a step is; fractions lie between steps.</summary>
    public double X(double step) => Left + ((step + 0.5) * spacing);

    /// <summary>Where a value is.</summary>
    public double Y(double value) => Bottom - ((value - Axis.Low) / (Axis.High - Axis.Low) * (Bottom - Top));

    private IEnumerable<(string Text, double Size, double Baseline)> HeaderLines(CorrelationChart chart, ChartOptions options)
    {
        (string? Text, double Size)[] parts =
        [
            (ChartText.Title(chart), TitleSize), (options.Context, TextSize), (ChartText.Reading(chart), TextSize), (ChartText.Measure(chart), TextSize),
        ];
        return Lines(parts, Edge - 6);
    }

    private IEnumerable<(string Text, double Size, double Baseline)> FooterLines(CorrelationChart chart) =>
        Lines(ChartText.Footnotes(chart).Select(note => ((string?)note, NoteSize)), AxisTitleBaseline + 12);

    private IEnumerable<(string Text, double Size, double Baseline)> Lines(IEnumerable<(string? Text, double Size)> parts, double baseline)
    {
        foreach ((string? text, double size) in parts)
        {
            foreach (string line in string.IsNullOrEmpty(text) ? [] : TextMeasure.Wrap(text.Trim(), size, Width - (2 * Edge)))
            {
                baseline += size * LineHeight;
                yield return (line, size, baseline);
            }
        }
    }
}
