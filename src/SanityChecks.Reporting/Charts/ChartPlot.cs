using SanityChecks.Images;
using SanityChecks.Reporting.Fonts;
using ScottPlot;
using SkiaSharp;

namespace SanityChecks.Reporting.Charts;

/// <summary>A chart as ScottPlot draws it.</summary>
internal sealed class ChartPlot
{
    private readonly CorrelationChart chart;
    private readonly ChartOptions options;

    /// <summary>Lays the chart out and fills the plot; nothing is drawn yet.</summary>
    public ChartPlot(CorrelationChart chart, ChartOptions options)
    {
        OpenSansResolver.Install();
        this.chart = chart;
        this.options = options;
        Layout = new ChartLayout(chart, options);
        Labels = MethodLabel.Place(chart, Layout);
        Plot = new Plot();
        Plot.HideLegend();
        Plot.Axes.Top.IsVisible = Plot.Axes.Right.IsVisible = false;
        Plot.Layout.Fixed(new PixelPadding(Layout.Left, Layout.Width - Layout.Right, Layout.Height - Layout.Bottom, Layout.Top));
        Plot.Axes.SetLimits(-0.5, chart.Steps.Count - 0.5, Layout.Axis.Low, Layout.Axis.High);
        var drawing = new SeriesDrawing(chart, Layout);
        drawing.AddNull(Plot);
        SetValueAxis();
        SetLayerAxis();
        drawing.AddTo(Plot);
        Plot.Axes.AddPanel(new ChartPanel(Edge.Right, pack => Array.ForEach(Labels, label => label.Draw(pack, Layout.Right))));
        Plot.Axes.AddPanel(new ChartPanel(Edge.Top, pack => Draw(Layout.Header, pack)));
        Plot.Axes.AddPanel(new ChartPanel(Edge.Bottom, pack => Draw(Layout.Footer, pack)));
    }

    /// <summary>Where everything lies.</summary>
    public ChartLayout Layout { get; }

    /// <summary>The methods' names beside their lines.</summary>
    public MethodLabel[] Labels { get; }

    /// <summary>What is drawn.</summary>
    public Plot Plot { get; }

    /// <summary>The picture as SVG.</summary>
    /// <param name="id">Prefix of the ids in it, so that several charts can stand in one page.</param>
    public byte[] Svg(string id) => new SvgFinisher(id).Finish(
        Plot.GetSvgXml(Layout.Width, Layout.Height), ChartText.Title(chart), ChartText.Description(chart, options.Context), Points(),
        WholeNames());

    /// <summary>The picture as PNG, with so many pixels for each one of the layout.</summary>
    public byte[] Png(int scale) => Png(Plot, Layout.Width, Layout.Height, scale);

    /// <summary>A plot as PNG.</summary>
    /// <param name="plot">The plot.</param>
    /// <param name="width">Its width in CSS pixels.</param>
    /// <param name="height">Its height.</param>
    /// <param name="scale">Pixels for each of them.</param>
    internal static byte[] Png(Plot plot, int width, int height, int scale)
    {
        using var picture = new SKBitmap(new SKImageInfo(width * scale, height * scale, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(picture);
        plot.ScaleFactor = scale;
        plot.Render(canvas, picture.Width, picture.Height);
        plot.ScaleFactor = 1;
        return PngFile.Encode(picture);
    }

    /// <summary>Where the points are, and what each shows.</summary>
    private IEnumerable<(float X, float Y, string Text)> Points() =>
        chart.Series.SelectMany(series => Enumerable.Range(0, series.Points.Count)
        .Where(step => series.Points[step]?.Mean is not null)
        .Select(step => (
            (float)Layout.X(Layout.StepOf(series, step)), (float)Layout.Y(series.Points[step]!.Mean!.Value),
            TextMeasure.Clean(ChartText.Point(chart, series, step)))));

    /// <summary>The names that are drawn shortened, with the whole ones.</summary>
    private Dictionary<string, string> WholeNames()
    {
        var whole = new Dictionary<string, string>();
        foreach (string name in chart.Steps.Select(step => ChartText.Step(chart, step))
            .Concat(chart.Series.Select(series => series.DisplayName)).Select(TextMeasure.Clean))
        {
            string drawn = TextMeasure.Shorten(name);
            if (drawn != name)
            {
                // Several names may look the same when they are short.
                whole[drawn] = whole.TryGetValue(drawn, out string? others) ? others + "\n" + name : name;
            }
        }

        return whole;
    }

    /// <summary>Draws lines of text.</summary>
    internal static void Draw(IEnumerable<TextLine> lines, RenderPack pack)
    {
        foreach (TextLine line in lines)
        {
            line.Draw(pack, ChartLayout.Edge);
        }
    }

    private void SetValueAxis()
    {
        Set(Plot.Axes.Left, [.. Layout.ValueTicks], ChartText.ValueAxis(chart), tickLength: 0);
        Plot.Grid.XAxisStyle.IsVisible = false;
        Plot.Grid.MajorLineColor = ChartInk.Grid;
        foreach ((double value, string _) in Layout.ValueTicks.Where(tick => tick.Value is 0 or 1))
        {
            Plot.Add.HorizontalLine(value, 1.2f, ChartInk.Faint);
        }
    }

    private void SetLayerAxis()
    {
        IXAxis axis = Plot.Axes.Bottom;
        (double, string)[] ticks =
            [.. Layout.StepNames.Select((name, step) => ((double)step, Layout.NamedSteps.Shows(step) ? name : ""))];
        Set(axis, ticks, ChartText.StepAxis(chart, Layout.NamedSteps), tickLength: 4);
        axis.TickLabelStyle.Rotation = -45;
        axis.TickLabelStyle.Alignment = Alignment.MiddleRight;
        axis.TickLabelStyle.OffsetX = 3;
        axis.TickLabelStyle.OffsetY = 5;
        axis.MinimumSize = axis.MaximumSize = Layout.LayerAxisHeight;
    }

    /// <summary>Gives an axis its ticks and its title.</summary>
    internal static void Set(IAxis axis, (double Position, string Label)[] ticks, string title, float tickLength)
    {
        axis.SetTicks([.. ticks.Select(tick => tick.Position)], [.. ticks.Select(tick => tick.Label)]);
        axis.TickLabelStyle.FontSize = ChartLayout.TickSize;
        axis.TickLabelStyle.ForeColor = ChartInk.Dark;
        axis.MajorTickStyle.Length = tickLength;
        axis.MajorTickStyle.Color = ChartInk.Faint;
        axis.MajorTickStyle.AntiAlias = true;
        axis.FrameLineStyle.IsVisible = false;
        axis.Label.Text = title;
        axis.Label.FontSize = ChartLayout.LabelSize;
        axis.Label.ForeColor = ChartInk.Dark;
        axis.Label.Bold = false;
    }
}
