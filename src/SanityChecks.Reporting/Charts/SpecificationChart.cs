using System.Globalization;
using SanityChecks.Reporting.Fonts;
using SanityChecks.RunFiles;
using ScottPlot;
using ScottPlot.Plottables;

namespace SanityChecks.Reporting.Charts;

/// <summary>The specification curve of one method: what every specification says, from the lowest to the highest, and below it which
/// choices each one made.</summary>
/// <remarks>After Simonsohn, Simmons and Nelson 2020, "Specification curve analysis", figure 2. From <c>specifications.csv</c> and
/// <c>specification_shares.csv</c> alone, with the methods' titles from the manifest.</remarks>
public sealed class SpecificationChart
{
    private const float PlotHeight = 240;
    private const float RowHeight = 17;
    private const float GroupGap = 7;
    private const double WidestSpacing = 14, NarrowestSpacing = 4, NarrowestPlot = 560, LikelyPlot = 900;

    // Of few draws and images an interval says nothing; where it leaves this range it is drawn to the border.
    private const double Lowest = -1, Highest = 2;

    private readonly SpecificationRow[] rows;
    private readonly string title;
    private readonly string context;
    private readonly List<(string Text, double Y)> headings = [];
    private readonly List<(double X, double Y)> chosen = [];
    private readonly List<(double Position, string Label)> ticks = [];
    private readonly double low;
    private readonly double high;
    private readonly double bottom;
    private readonly float left;
    private readonly float right;
    private readonly float top;
    private readonly TextLine[] header;
    private readonly int width;
    private readonly int height;

    private SpecificationChart(string method, SpecificationRow[] all, IReadOnlyList<ChoiceShareRow> shares, string context)
    {
        rows = [.. all.Where(row => row.Part is not null).OrderBy(row => row.Part)];
        title = string.Create(CultureInfo.InvariantCulture, $"{method}: {all.Length} ways to make the test");
        this.context = context;
        low = Math.Clamp(Math.Floor(10 * rows.Select(row => row.Low ?? row.Part!.Value).DefaultIfEmpty(0).Min()) / 10, Lowest, -0.1);
        high = Math.Clamp(Math.Ceiling(10 * rows.Select(row => row.High ?? row.Part!.Value).DefaultIfEmpty(0).Max()) / 10, 1.05, Highest);
        double unit = (high - low) / PlotHeight, y = low - (GroupGap * unit);
        foreach (ChoiceShareRow share in shares.Where(share => share.Choice != ChoiceShareRow.Together))
        {
            int choice = SpecificationRow.Choices.ToList().IndexOf(share.Choice);
            headings.Add((Heading(share), y - (RowHeight / 2 * unit)));
            y -= RowHeight * unit;
            foreach (string option in all.Select(row => row.Options[choice]).Distinct())
            {
                ticks.Add((y - (RowHeight / 2 * unit), option.Replace('_', ' ')));
                chosen.AddRange(rows.Select((row, x) => (row, x)).Where(one => one.row.Options[choice] == option)
                    .Select(one => ((double)one.x, y - (RowHeight / 2 * unit))));
                y -= RowHeight * unit;
            }

            y -= GroupGap * unit;
        }

        bottom = y;
        double[] values = [.. Enumerable.Range(0, 16).Select(i => Lowest + (0.2 * i)).Where(value => value >= low && value <= high)];
        ticks.AddRange(values.Select(value => (value, Named(value))));
        left = MathF.Ceiling(ChartLayout.Edge + 12 + ticks.Max(tick => TextMeasure.Width(tick.Label, ChartLayout.TickSize)));
        right = left + (float)Math.Max(
            NarrowestPlot, rows.Length * Math.Clamp(LikelyPlot / Math.Max(1, rows.Length), NarrowestSpacing, WidestSpacing));
        width = (int)MathF.Ceiling(right + ChartLayout.Edge);
        ChoiceShareRow? together = shares.FirstOrDefault(share => share.Choice == ChoiceShareRow.Together);
        header = [.. ChartLayout.Lines(
            [(title, ChartLayout.TitleSize), (context, ChartLayout.TextSize),
                ("How similar the maps of randomized networks stay to the originals, on average over all steps: 0 is as other images' maps, 1 the originals. A point for each combination of choices, with its 95 % interval; below it which choices it made.", ChartLayout.TextSize),
                (Rest(together, all.Length - rows.Length), ChartLayout.TextSize)],
            ChartLayout.Edge - 6, width)];
        top = MathF.Ceiling(header[^1].Bottom + 16);
        height = (int)MathF.Ceiling(top + (float)((high - bottom) / unit) + ChartLayout.Edge);
    }

    /// <summary>Draws the curve of each method of a run folder that has specifications.</summary>
    /// <param name="run">The run folder.</param>
    /// <returns>Paths of the SVG files: <c>charts/specifications.METHOD.svg</c>, with the same as PNG beside each.</returns>
    /// <exception cref="RunFileException">A file is missing or malformed; nothing was written.</exception>
    public static IReadOnlyList<string> Write(RunFolder run)
    {
        ArgumentNullException.ThrowIfNull(run);
        OpenSansResolver.Install();
        var rows = CsvFile.Rows(run.SpecificationsPath, SpecificationRow.Columns, SpecificationRow.Parse).Select(one => one.Row).ToList();
        ILookup<string, ChoiceShareRow> shares = CsvFile.Rows(run.SpecificationSharesPath, ChoiceShareRow.Columns, ChoiceShareRow.Parse)
            .Select(one => one.Row).ToLookup(row => row.Method);
        IReadOnlyDictionary<string, MethodRecord> methods = run.ReadMethods();
        string context = run.ReadExperiment().Title;
        WholeFile.MakeFolderIn(run.Path, run.ChartsPath);
        var paths = new List<string>();
        foreach (IGrouping<string, SpecificationRow> method in rows.GroupBy(row => row.Method))
        {
            string path = Path.Combine(run.ChartsPath, CorrelationCharts.FileName($"specifications.{method.Key}") + ".svg");
            new SpecificationChart(
                methods.GetValueOrDefault(method.Key)?.Title ?? method.Key, [.. method], [.. shares[method.Key]], context).Write(path);
            paths.Add(path);
        }

        return paths;
    }

    private void Write(string path)
    {
        Plot plot = Drawn();
        WholeFile.Write(Path.ChangeExtension(path, ".png"), ChartPlot.Png(plot, width, height, CorrelationCharts.PixelScale));
        WholeFile.Write(path, new SvgFinisher("chart-" + Path.GetFileNameWithoutExtension(path)).Finish(
            plot.GetSvgXml(width, height), title, $"{title}. {context}. {string.Join("; ", headings.Select(heading => heading.Text))}.",
            rows.Select((row, x) => (X(x), Y(Shown(row)), Point(row))), new Dictionary<string, string>()));
    }

    private Plot Drawn()
    {
        var plot = new Plot();
        plot.HideLegend();
        plot.Axes.Top.IsVisible = plot.Axes.Right.IsVisible = plot.Axes.Bottom.IsVisible = false;
        plot.Layout.Fixed(new PixelPadding(left, width - right, ChartLayout.Edge, top));
        plot.Axes.SetLimits(-0.5, Math.Max(1, rows.Length) - 0.5, bottom, high);
        ChartPlot.Set(plot.Axes.Left, [.. ticks], "", tickLength: 0);
        plot.Grid.XAxisStyle.IsVisible = false;
        plot.Grid.MajorLineColor = ChartInk.Grid;
        plot.Add.HorizontalLine(0, 1.2f, ChartInk.Faint);
        plot.Add.HorizontalLine(1, 1.2f, ChartInk.Faint);
        SeriesStyle style = SeriesStyle.Of(0);
        for (int x = 0; x < rows.Length; x++)
        {
            if (rows[x] is { Low: { } from, High: { } to })
            {
                Scatter interval = plot.Add.ScatterLine(new Coordinates[] { new(x, Math.Max(from, low)), new(x, Math.Min(to, high)) });
                interval.LineStyle = new LineStyle(1.2f, style.Color.WithOpacity(0.5));
            }
        }

        Add(rows.Select((row, x) => new Coordinates(x, Shown(row))), style.Point(hollow: false));
        Add(chosen.Select(one => new Coordinates(one.X, one.Y)), new MarkerStyle(MarkerShape.FilledSquare, 4.5f, ChartInk.Dark));
        foreach ((string text, double y) in headings)
        {
            Text heading = plot.Add.Text(text, -0.5, y);
            heading.LabelFontSize = ChartLayout.TickSize;
            heading.LabelFontColor = ChartInk.Dark;
            heading.LabelBold = true;
            heading.LabelAlignment = Alignment.MiddleLeft;
            heading.LabelBackgroundColor = Colors.White;
        }

        plot.Axes.AddPanel(new ChartPanel(Edge.Top, pack => ChartPlot.Draw(header, pack)));
        return plot;

        void Add(IEnumerable<Coordinates> points, MarkerStyle marker)
        {
            Markers markers = plot.Add.Markers(points.ToArray());
            markers.MarkerStyle = marker;
        }
    }

    private double Shown(SpecificationRow row) => Math.Clamp(row.Part!.Value, low, high);

    private float X(int specification) => left + ((specification + 0.5f) * (right - left) / rows.Length);

    private float Y(double value) => top + (float)((high - value) / (high - low) * PlotHeight);

    private static string Named(double value) => Math.Abs(value) < 1e-9 ? "as other images'  0"
        : Math.Abs(value - 1) < 1e-9 ? "as the originals  1" : value.ToString("0.0", CultureInfo.InvariantCulture);

    private static string Heading(ChoiceShareRow share) =>
        $"{share.Choice}{(share.Share is { } part ? $": {Percent(part)} of the variance" : "")}";

    private static string Rest(ChoiceShareRow? together, int missing) => string.Join(' ', new[]
    {
        together?.Share is { } rest ? $"What no choice makes alone: {Percent(rest)} of the variance between the points." : "",
        missing > 0 ? string.Create(CultureInfo.InvariantCulture, $"{missing} without a score are left out.") : "",
    }.Where(text => text.Length > 0));

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0} %");

    private static string Point(SpecificationRow row) => string.Create(
        CultureInfo.InvariantCulture,
        $"{string.Join(", ", row.Options)}: {row.Part:0.00}{(row.Low is null ? "" : $" [{row.Low:0.00}, {row.High:0.00}]")} (n = {row.N})");
}
