namespace SanityChecks.Reporting.Charts;

/// <summary>Where everything of a chart lies, in pixels (of an SVG: CSS pixels) from the upper left corner.</summary>
/// <remarks>Step i (from 0) is at X(i), a value v at Y(v), both linear; the plot holds everything that is drawn.</remarks>
internal sealed class ChartLayout
{
    public const float TickSize = 11;
    public const float LabelSize = 12;
    public const float TitleSize = 17;
    public const float TextSize = 12.5f;
    public const float NoteSize = 11;

    /// <summary>From the border of the picture to what it holds.</summary>
    public const float Edge = 18;

    // Room for the value axis besides its labels: the slanted title and air.
    private const float ValueTitleRoom = 32;
    private const float NarrowestPlot = 400;
    private const float Sin45 = 0.7071f;

    // As many as fill a wide page; more of them come closer, since a chart that has to be moved about is not seen at a glance.
    private const int MostSpacedSteps = 41;

    // Between two slanted names.
    private const double NameRoom = 17;

    // Bars of several methods stand side by side at a step; this keeps a marker's width between them.
    private const double RoomPerBar = 8;
    private const double WidestDodge = 7;

    private readonly CorrelationChart chart;
    private readonly double spacing;

    public ChartLayout(CorrelationChart chart, ChartOptions options)
    {
        this.chart = chart;
        Axis = ValueAxis.Of(chart);
        StepNames = [.. chart.Steps.Select(step => TextMeasure.Shorten(ChartText.Step(chart, step)))];
        ValueTicks = [.. Axis.Ticks().Select(tick => (tick.Value, Named(tick.Value, tick.Label)))];

        spacing = chart.Experiment.Connected ? options.LayerSpacing : Math.Max(options.LayerSpacing, RoomPerBar * chart.Series.Count);
        float plotWidth = (float)Math.Max(NarrowestPlot, Math.Min(StepNames.Count, MostSpacedSteps + 1) * spacing);
        spacing = plotWidth / StepNames.Count;
        NamedSteps = Thinning.To(StepNames.Count, Math.Max(1, (int)(plotWidth / NameRoom)));

        float[] slanted = [.. StepNames.Select(name => (TextMeasure.Width(name, TickSize) + 8) * Sin45)];
        float values = ValueTitleRoom + ValueTicks.Max(tick => TextMeasure.Width(tick.Label, TickSize));
        Left = MathF.Ceiling(Edge + Math.Max(values, slanted.Select((length, i) => length - (float)((i + 0.5) * spacing)).Max()));
        Right = Left + plotWidth;
        float labels = chart.Series.Max(series => TextMeasure.Width(TextMeasure.Shorten(series.DisplayName), LabelSize));
        Width = (int)MathF.Ceiling(Right + MethodLabel.Indent + labels + Edge);

        Header = [.. Lines(
            [(ChartText.Title(chart), TitleSize), (options.Context, TextSize), (ChartText.Reading(chart), TextSize),
                (chart.Verdict, TextSize), (ChartText.Measure(chart), TextSize), (ChartText.Signs(chart), TextSize)],
            Edge - 6, Width)];
        Top = MathF.Ceiling(Header[^1].Bottom + 20);
        Bottom = Top + Math.Max((float)options.PlotHeight, (chart.Series.Count * MethodLabel.Gap) + (2 * MethodLabel.Margin));
        LayerAxisHeight = MathF.Ceiling(slanted.Max() + 40);
        Footer = [.. Lines(ChartText.Footnotes(chart).Select(note => ((string?)note, NoteSize)), Bottom + LayerAxisHeight + 8, Width)];
        Height = (int)MathF.Ceiling((Footer.Count > 0 ? Footer[^1].Bottom : Bottom + LayerAxisHeight) + Edge - 4);
    }

    /// <summary>The range of values.</summary>
    public ValueAxis Axis { get; }

    /// <summary>The ticks of the value axis; 0 and 1 say what they mean.</summary>
    public IReadOnlyList<(double Value, string Label)> ValueTicks { get; }

    /// <summary>The names on the layer axis.</summary>
    public IReadOnlyList<string> StepNames { get; }

    /// <summary>Which of them are written.</summary>
    public Thinning NamedSteps { get; }

    /// <summary>The picture's size.</summary>
    public int Width { get; }

    /// <summary>The picture's height.</summary>
    public int Height { get; }

    /// <summary>The plot's borders.</summary>
    public float Left { get; }

    public float Right { get; }

    public float Top { get; }

    public float Bottom { get; }

    /// <summary>Height of the layer axis with its title, below the plot.</summary>
    public float LayerAxisHeight { get; }

    /// <summary>The lines above the plot.</summary>
    public IReadOnlyList<TextLine> Header { get; }

    /// <summary>The lines below the layer axis.</summary>
    public IReadOnlyList<TextLine> Footer { get; }

    /// <summary>Where a step is; fractions lie between steps.</summary>
    public double X(double step) => Left + ((step + 0.5) * spacing);

    /// <summary>Where a value is.</summary>
    public double Y(double value) => Bottom - ((value - Axis.Low) / (Axis.High - Axis.Low) * (Bottom - Top));

    /// <summary>A method's place at a step, in steps: side by side where each step has bars, the same for all where lines connect the
    /// steps.</summary>
    public double StepOf(ChartSeries series, int step)
    {
        if (chart.Experiment.Connected)
        {
            return step;
        }

        int count = chart.Series.Count;
        double dodge = Math.Min(WidestDodge, 0.72 * spacing / count) / spacing;
        return step + ((chart.Series.ToList().IndexOf(series) - ((count - 1) / 2.0)) * dodge);
    }

    private string Named(double value, string label) =>
        Math.Abs(value) < 1e-9 ? $"{chart.Metric.Zero}  {label}"
        : Math.Abs(value - 1) < 1e-9 && chart.Metric.One.Length > 0 ? $"{chart.Metric.One}  {label}"
        : label;

    /// <summary>Texts one below another, wrapped.</summary>
    /// <param name="parts">The texts and their sizes; empty ones take no room.</param>
    /// <param name="top">Where the first begins.</param>
    /// <param name="width">The picture's width.</param>
    internal static IEnumerable<TextLine> Lines(IEnumerable<(string? Text, float Size)> parts, float top, float width)
    {
        foreach ((string? text, float size) in parts)
        {
            bool title = size == TitleSize;
            foreach (string line in string.IsNullOrWhiteSpace(text) ? [] : TextMeasure.Wrap(text.Trim(), size, title, width - (2 * Edge)))
            {
                yield return new TextLine(line, size, title, top);
                top += size * TextLine.Spacing;
            }
        }
    }
}
