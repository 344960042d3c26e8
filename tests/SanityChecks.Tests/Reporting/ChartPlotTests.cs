using SanityChecks.Reporting.Charts;
using SanityChecks.RunFiles;
using ScottPlot;
using ScottPlot.Plottables;

namespace SanityChecks.Tests.Reporting;

public sealed class ChartPlotTests : IDisposable
{
    internal static readonly string[] TwoMethods =
    [
        "0,,grad_cam,50,0,1,1,1", "1,fc8,grad_cam,50,0,0.5,0.4,0.625", "2,conv1_1,grad_cam,50,0,-0.15,-0.21,-0.1",
        "0,,gradient,50,0,1,1,1", "1,fc8,gradient,50,0,0.25,0.2,0.3", "2,conv1_1,gradient,50,0,0.0625,0,0.125",
    ];

    private readonly ChartFolder run = new();

    public void Dispose() => run.Dispose();

    [Fact]
    public void Layers_stand_on_the_axis_in_the_order_of_the_steps_whatever_the_order_of_the_rows()
    {
        string[] layers = ["fc8", "fc7", "fc6", "conv5_3", "conv5_2"];
        string[] rows = ["0,,grad_cam,3,0,1,,", .. layers.Select((layer, i) => $"{i + 1},{layer},grad_cam,3,0,0.5,,")];
        Assert.Equal(["original", .. layers], run.With("cascading", "ssim", [.. rows.Reverse()]).Chart().Plot.Axes.Bottom.Names());
    }

    /// <summary>A picture that is no wider shows them all; as many names as can be read stand on its axis, which says so.</summary>
    [Theory]
    [InlineData(41, 1, "")]
    [InlineData(111, 2, " (every second is named)")]
    [InlineData(1200, 15, " (every 15th is named)")]
    public void More_steps_than_fill_a_page_come_closer_and_some_have_no_name(int steps, int every, string says)
    {
        IEnumerable<string> rows = Enumerable.Range(0, steps + 1).Select(step => $"{step},{(step == 0 ? "" : $"layer{step}")},grad_cam,3,0,0.5,,");
        ChartPlot chart = run.With("cascading", "ssim", [.. rows]).Chart();
        Assert.InRange(chart.Layout.Right - chart.Layout.Left, 1427, 1429);
        Assert.Equal(steps + 1, chart.Points("Grad-CAM", hollow: false).Length);
        IAxis axis = chart.Plot.Axes.Bottom;
        Assert.Equal(
            Enumerable.Range(0, steps + 1).Select(step => step % every > 0 ? "" : step == 0 ? "original" : $"layer{step}"), axis.Names());
        Assert.EndsWith("all to its left" + says, axis.Label.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_bands_and_points_are_at_the_means_and_intervals()
    {
        ChartPlot chart = run.With("cascading", "spearman", TwoMethods).Chart();
        Assert.Equal([(0, 1), (1, 0.5), (2, -0.15)], Assert.Single(chart.Lines("Grad-CAM")));
        Assert.Equal([(0, 1), (1, 0.25), (2, 0.0625)], Assert.Single(chart.Lines("Gradient")));
        Assert.Equal([(0, 1), (1, 0.625), (2, -0.1), (2, -0.21), (1, 0.4), (0, 1)], Assert.Single(chart.Bands("Grad-CAM")));
        Assert.Equal([(0, 1), (1, 0.5), (2, -0.15)], chart.Points("Grad-CAM", hollow: false));
        Assert.Empty(chart.Points("Grad-CAM", hollow: true));
        Assert.Empty(chart.Bars("Grad-CAM"));
    }

    /// <summary>What other images' maps have, and magnitudes where scores cancel each other, are drawn and told; what every score agrees on
    /// is not.</summary>
    [Fact]
    public void The_null_has_a_band_and_scores_that_cancel_each_other_a_line_of_their_magnitudes()
    {
        run.With(
            "bent", "spearman", "0,,grad_cam,9,0,1,1,1", "1,far,grad_cam,9,0,0,-0.2,0.2", "0,,sobel,9,0,1,1,1", "1,far,sobel,9,0,1,1,1");
        string text = File.ReadAllText(run.Summary)
            .Replace("0,0,,-0.2,0.2,,1,,,,,,,,", "0,0,,-0.2,0.2,,1,,,0.7,0.6,0.8,,,", StringComparison.Ordinal)
            .Replace(
                "grad_cam,spearman,224x224,original,9,0,1,,1,1,,1,,,,,,,,", "grad_cam,spearman,224x224,original,9,0,1,,1,1,,1,,,1,1,1,,,",
                StringComparison.Ordinal);
        File.WriteAllText(run.Summary, text);
        run.Of(ChartFolder.MadeUp("bent"));
        ChartPlot without = new(CorrelationChart.Of(new RunFolder(run.Path)).First(), new ChartOptions());
        Assert.Equal([1, 0.7], Heights(without, "Grad-CAM (magnitudes)"));
        Assert.Empty(Heights(without, "Sobel edges (control) (magnitudes)"));
        Assert.DoesNotContain(
            without.Plot.GetPlottables().OfType<Scatter>(), line => line.LegendText.Contains("null", StringComparison.Ordinal));

        File.AppendAllLines(
            run.Summary,
            ["bent,0,,grad_cam,spearman,224x224,other_image,9,0,0.1,,0,0.2,,1,,,,,,,,",
                "bent,1,far,grad_cam,spearman,224x224,other_image,9,0,-0.1,,-0.3,0.1,,1,,,,,,,,"]);
        ChartPlot chart = new(CorrelationChart.Of(new RunFolder(run.Path)).First(), new ChartOptions());
        Assert.Equal([0.1, -0.1, -0.1, -0.1], Heights(chart, "Grad-CAM (null)"));
        Assert.Equal(
            [-0.3, 0.1],
            chart.Plot.GetPlottables().OfType<Polygon>().Last(band => band.LegendText == "null").Coordinates.Select(corner => corner.Y)
                .Distinct().Order());
        Assert.Contains(
            chart.Layout.Header, line => line.Text.Contains("its similarity to the maps of other images", StringComparison.Ordinal));

        static double[] Heights(ChartPlot chart, string line) => [.. chart.Plot.GetPlottables().OfType<Scatter>()
            .Where(one => one.LegendText == line).SelectMany(one => one.Data.GetScatterPoints()).Select(point => point.Y)];
    }

    [Fact]
    public void What_is_measured_of_networks_has_a_chart_of_its_own_and_stands_beside_the_steps_of_the_others()
    {
        run.With("bent", "ssim", "0,,grad_cam,9,0,1,1,1", "1,far,grad_cam,9,0,0.5,0.4,0.6");
        File.AppendAllLines(
            run.Summary,
            ["bent,0,,network,bend,output,original,9,0,0,,0,0,,1,,,,,,,,",
                "bent,1,far,network,bend,output,original,9,0,0.043,,0.03,0.05,,1,,,,,,,,"]);
        run.Of(ChartFolder.MadeUp("bent"), new MeasureRecord
        {
            Name = "bend",
            Title = "bend of the network",
            Axis = "bend",
            Zero = "straight",
            Reading = "Far is far.",
            Note = "bent {value}",
        });
        ChartPlot[] charts = [.. CorrelationChart.Of(new RunFolder(run.Path)).Select(chart => new ChartPlot(chart, new ChartOptions()))];
        Assert.All(charts, chart => chart.Plot.RenderInMemory(chart.Layout.Width, chart.Layout.Height));
        Assert.Equal(["none", "run 1, far of them (bent 0.04)"], charts[0].Plot.Axes.Bottom.Names());
        Assert.Equal(["none", "run 1, far of them"], charts[1].Plot.Axes.Bottom.Names());
        Assert.Equal(
            ["straight  0.00", "0.01", "0.02", "0.03", "0.04", "0.05", "0.06", "0.07", "0.08", "0.09", "0.10"],
            charts[1].Plot.Axes.Left.Names());
        Assert.Equal([(0, 0), (1, 0.043)], Assert.Single(charts[1].Lines("network")));
        Assert.Equal(
            ["Labels shuffled: bend of the network", "Far is far.",
                "Points: mean over images, n = 9 per point; bands: 95 % confidence interval."],
            charts[1].Layout.Header.Select(line => line.Text));
    }

    [Theory]
    [InlineData(10, "ssim")]
    [InlineData(11, "ssim.class_activation ssim.gradients")]
    public void With_more_than_ten_methods_each_family_has_a_chart_with_the_controls(int methods, string files)
    {
        string[] names =
        [
            "sobel", "grad_cam", "gradient", "layer_cam", "smooth_grad", "eigen_cam", "var_grad", "hires_cam", "gradient_shap", "xgrad_cam",
            "input_x_gradient",
        ];
        run.With(
            "cascading", "ssim", [.. names.Take(methods).SelectMany(name => new[] { $"0,,{name},9,0,1,1,1", $"1,fc8,{name},9,0,0.5,," })]);
        Assert.Equal(files.Split(' '), CorrelationCharts.Write(run.Path).Select(Path.GetFileNameWithoutExtension));
        CorrelationChart[] charts = [.. CorrelationChart.Of(new RunFolder(run.Path))];
        string[] all = [.. charts.SelectMany(chart => chart.Series.Select(series => series.DisplayName))];
        Assert.Equal(methods + charts.Length - 1, all.Length);
        Assert.All(charts, chart => Assert.Contains(chart.Series, series => series.DisplayName == "Sobel edges (control)"));
        Assert.Equal(methods, all.Distinct().Count());
        Assert.EndsWith(charts.Length == 1 ? "(SSIM)" : ", class activation maps", ChartText.Title(charts[0]), StringComparison.Ordinal);
    }

    [Fact]
    public void Bands_lie_below_all_lines()
    {
        List<IPlottable> parts = [.. run.With("cascading", "spearman", TwoMethods).Chart().Plot.GetPlottables()];
        Assert.True(parts.FindLastIndex(part => part is Polygon) < parts.FindIndex(part => part is Scatter or Markers));
    }

    [Fact]
    public void Means_beyond_0_and_1_widen_the_axis_and_intervals_only_as_far_as_a_similarity_goes()
    {
        ChartPlot chart = run.With("cascading", "other", "0,,a,9,0,1.4,1.2,1.6", "1,x,a,9,0,-0.7,-0.95,-0.4").Chart();
        string[] labels = chart.Plot.Axes.Left.Names();
        Assert.Contains("1.4", labels);
        Assert.Contains("−0.8", labels);
        AxisLimits limits = chart.Plot.Axes.GetLimits();
        Assert.InRange(limits.Top, 1.4 + 0.05, 1.4 + 0.2);
        Assert.InRange(limits.Bottom, -0.95 - 0.2, -0.95 - 0.05);
        Assert.Equal((-0.5, 1.5), (limits.Left, limits.Right));
        limits = run.With("cascading", "spearman", "0,,a,2,0,1,1,1", "1,x,a,2,0,0.5,-4.8,5.8").Chart().Plot.Axes.GetLimits();
        Assert.InRange(limits.Top, 1, 1.1);
        Assert.InRange(limits.Bottom, -1.1, -1);
    }

    [Fact]
    public void Zero_and_one_are_marked_and_their_meaning_named()
    {
        ChartPlot chart = run.With("cascading", "spearman", TwoMethods).Chart();
        Assert.Equal([0, 1], chart.Plot.GetPlottables<HorizontalLine>().Select(line => line.Position));
        Assert.Equal(["−0.2", "unrelated  0.0", "0.2", "0.4", "0.6", "0.8", "identical  1.0"], chart.Plot.Axes.Left.Names());
        Assert.Equal("Spearman ρ", chart.Plot.Axes.Left.Label.Text);
        Assert.Equal("layers randomized: the one named and all to its left", chart.Plot.Axes.Bottom.Label.Text);
    }

    [Fact]
    public void A_step_without_a_score_breaks_the_line_and_the_band_and_is_told_in_a_note()
    {
        ChartPlot chart = run.With(
            "cascading",
            "spearman",
            "0,,grad_cam,50,0,1,1,1",
            "1,a,grad_cam,48,2,0.5,0.4,0.6",
            "2,b,grad_cam,0,50,,,",
            "3,c,grad_cam,50,0,0.1,0,0.2",
            "4,d,grad_cam,0,50,,,",
            "5,e,grad_cam,50,0,0.2,0.1,0.3",
            "6,f,grad_cam,50,0,0.3,0.2,0.4").Chart();
        Assert.Equal([[(0, 1), (1, 0.5)], [(5, 0.2), (6, 0.3)]], chart.Lines("Grad-CAM"));
        Assert.Equal([(1, 0.5)], chart.Points("Grad-CAM", hollow: true));
        Assert.Equal([(0, 1), (3, 0.1), (5, 0.2), (6, 0.3)], chart.Points("Grad-CAM", hollow: false));
        Assert.Equal(2, chart.Bands("Grad-CAM").Length);
        Assert.Equal([3], chart.Bars("Grad-CAM").Select(bar => bar.Step));
        Assert.Equal(7, chart.Plot.Axes.Bottom.Names().Length);
        string text = Words(chart);
        Assert.Contains("Hollow point: some maps without a score. Gap: none has one.", text);
        Assert.Contains("never counted as 0: Grad-CAM 102 of 350, most at b (50 of 50).", text);
        Assert.Contains("n = 48 to 50 per point", text);
    }

    [Fact]
    public void A_method_that_is_undefined_throughout_keeps_its_name_and_has_no_line()
    {
        ChartPlot chart = run.With("cascading", "hog", "0,,a,0,5,,,", "1,x,a,0,5,,,", "0,,b,5,0,1,,", "1,x,b,5,0,0.5,,").Chart();
        Assert.Empty(chart.Lines("a"));
        Assert.Empty(chart.Points("a", hollow: false).Concat(chart.Points("a", hollow: true)));
        Assert.Null(Assert.Single(chart.Labels, label => label.Text == "a").LineEnd);
    }

    [Fact]
    public void A_method_without_scores_at_the_end_is_named_where_its_line_ends()
    {
        ChartPlot chart = run.With(
            "cascading", "hog", "0,,a,5,0,1,,", "1,x,a,5,0,0.6,,", "2,y,a,0,5,,,", "0,,b,5,0,1,,", "1,x,b,5,0,0.5,,", "2,y,b,5,0,0.3,,")
                .Chart();
        Assert.Equal([true, false], chart.Labels.Select(label => label.EndsEarly));
        Assert.Equal([(float)chart.Layout.X(1), (float)chart.Layout.X(2)], chart.Labels.Select(label => label.LineEnd!.Value.X));
        Assert.Equal([(float)chart.Layout.Y(0.6), (float)chart.Layout.Y(0.3)], chart.Labels.Select(label => label.Y));
    }

    [Fact]
    public void Steps_of_an_independent_run_stand_alone_with_bars_side_by_side_and_faint_lines()
    {
        ChartPlot chart = run.With("independent", "spearman", TwoMethods).Chart();
        Assert.Empty(chart.Bands("Grad-CAM"));
        (double Step, double Low, double High)[] bars = chart.Bars("Gradient");
        Assert.Equal(3, bars.Length);
        Assert.All(bars.Zip([(1.0, 1.0), (0.2, 0.3), (0.0, 0.125)]), pair =>
        {
            Assert.Equal(pair.Second.Item1, pair.First.Low, 1e-9);
            Assert.Equal(pair.Second.Item2, pair.First.High, 1e-9);
        });
        Assert.All(chart.Of<Scatter>("Grad-CAM"), line => Assert.True(line.LineStyle.Color.Opacity < 0.5));
        (double Step, double Value)[] first = Assert.Single(chart.Lines("Grad-CAM"));
        (double Step, double Value)[] second = Assert.Single(chart.Lines("Gradient"));
        double[] sideways = [.. first.Zip(second, (a, b) => b.Step - a.Step)];
        Assert.All(sideways, distance => Assert.Equal(sideways[0], distance, 1e-9));
        Assert.InRange(sideways[0], 0.02, 0.4);
        Assert.Equal([1, 0.5, -0.15], first.Select(point => point.Value));
        Assert.Equal(second.Select(point => point.Step), bars.Select(bar => bar.Step));
    }

    [Fact]
    public void Bars_of_many_methods_keep_a_markers_width_between_them()
    {
        string[] rows =
            [.. from method in Enumerable.Range(0, 12) from step in Enumerable.Range(
                1, 16) select $"{step},x{step},m{method},5,0,0.5," + (step == 2 ? "0.4,0.6" : ",")];
        ChartPlot chart = run.With("independent", "spearman", rows).Chart();
        double[] places = [.. Enumerable.Range(0, 12).Select(method => chart.Layout.X(Assert.Single(chart.Bars($"m{method}")).Step))];
        Assert.All(places.Zip(places.Skip(1)), pair => Assert.True(pair.Second - pair.First > 5));
        Assert.True(places[^1] - places[0] < chart.Layout.X(1) - chart.Layout.X(0));
    }

    [Fact]
    public void Methods_differ_in_color_and_dashes_and_marker_and_their_names_do_not_overlap()
    {
        string[] methods = ["grad_cam", "guided_grad_cam", "guided_backprop", "gradient", "integrated_gradients", "own_method"];
        ChartPlot chart = run.With("cascading", "spearman", [.. methods.SelectMany(method =>
            new[] { $"0,,{method},5,0,1,,", $"1,fc,{method},5,0,0.001,," })]).Chart();
        Assert.Equal(
            ["Grad-CAM", "Guided Grad-CAM", "Guided Backprop", "Gradient", "Integrated Gradients", "own method"],
            chart.Labels.Select(label => label.Text));
        Assert.All(chart.Labels.Zip(chart.Labels.Skip(1)), pair => Assert.True(pair.Second.Y - pair.First.Y >= 17.9));
        Scatter[] lines = [.. chart.Plot.GetPlottables<Scatter>()];
        Assert.Equal(6, lines.Select(line => line.LineStyle.Color).Distinct().Count());
        Assert.Equal(6, lines.Select(line => line.LineStyle.Pattern.Name).Distinct().Count());
        Assert.Equal(
            6, chart.Plot.GetPlottables<Markers>().Select(markers => (markers.MarkerStyle.Shape, markers.MarkerStyle.CustomRenderer))
                .Distinct().Count());
    }

    [Fact]
    public void The_names_of_thirty_methods_have_room_beside_the_plot()
    {
        ChartPlot chart = run.With("cascading", "spearman", [.. Enumerable.Range(0, 30).Select(method => $"0,,m{method},5,0,1,,")]).Chart();
        float[] places = [.. chart.Labels.Select(label => label.Y).Order()];
        Assert.All(places.Zip(places.Skip(1)), pair => Assert.True(pair.Second - pair.First >= 17.9));
        Assert.InRange(places[0], chart.Layout.Top, chart.Layout.Top + 20);
        Assert.True(places[^1] < chart.Layout.Bottom);
    }

    [Fact]
    public void Forty_nine_methods_have_a_color_and_marker_of_their_own()
    {
        Assert.Equal(49, Enumerable.Range(0, 49).Select(SeriesStyle.Of).Select(style => (style.Color, style.Marker)).Distinct().Count());
        Assert.All(Enumerable.Range(0, 49), i => Assert.Equal(SeriesStyle.Of(i % 7).Dashes, SeriesStyle.Of(i).Dashes));
    }

    [Fact]
    public void A_name_stands_at_the_height_of_its_line_and_gives_way_by_half_a_collision()
    {
        ChartPlot chart = run.With("cascading", "spearman", "0,,far,5,0,0.9,,", "0,,upper,5,0,0.4,,", "0,,lower,5,0,0.399,,").Chart();
        Assert.Equal(chart.Layout.Y(0.9), chart.Labels[0].Y, 0.02);
        Assert.Equal(chart.Layout.Y(0.3995) - 9, chart.Labels[1].Y, 0.02);
        Assert.Equal(chart.Layout.Y(0.3995) + 9, chart.Labels[2].Y, 0.02);
    }

    [Fact]
    public void Nothing_leaves_the_picture_however_long_the_names_are()
    {
        string layer = new('W', 60), method = new('M', 60), note = string.Join(' ', Enumerable.Repeat("words", 80));
        ChartPlot chart = run.With("cascading", "spearman", $"0,,{method},5,0,1,,", $"1,{layer},{method},3,2,0.5,,").Chart(new ChartOptions
        {
            Context = note,
        });
        ChartLayout layout = chart.Layout;
        Assert.All(layout.Header.Concat(layout.Footer), line =>
            Assert.True(ChartLayout.Edge + TextMeasure.Width(line.Text, line.Size, line.Semibold) <= layout.Width - ChartLayout.Edge + 1));
        Assert.All(
            layout.StepNames.Select((name, i) => layout.X(i) - (TextMeasure.Width(name, ChartLayout.TickSize) * 0.7071)), end =>
                Assert.True(end > 0));
        Assert.True(layout.Right + MethodLabel.Indent + TextMeasure.Width(chart.Labels[0].Text, ChartLayout.LabelSize) < layout.Width);
        TextLine[] lines = [.. layout.Header, .. layout.Footer];
        Assert.True(layout.Header.Count > 5);
        Assert.All(lines.Zip(lines.Skip(1)), pair => Assert.True(pair.Second.Top >= pair.First.Bottom - 0.01));
        Assert.True(
            layout.Header[^1].Bottom < layout.Top && layout.Footer[0].Top >= layout.Bottom + layout.LayerAxisHeight
                && lines[^1].Bottom < layout.Height);
    }

    [Fact]
    public void What_was_run_and_how_to_read_it_stands_above_the_plot()
    {
        ChartPlot chart = run.With("cascading", "ssim", TwoMethods).Chart(new ChartOptions { Context = "VGG16, 50 images" });
        Assert.Equal("Cascading randomization: structural similarity (SSIM)", chart.Layout.Header[0].Text);
        Assert.Contains("VGG16, 50 images", Words(chart));
        Assert.Contains("falls towards 0 (unrelated maps may score above 0) as layers are randomized", Words(chart));
        Assert.Contains("n = 50 per point; bands: 95 % confidence interval; maps at 224 × 224.", Words(chart));
    }

    private static string Words(ChartPlot chart) =>
        string.Join(" ", chart.Layout.Header.Concat(chart.Layout.Footer).Select(line => line.Text));
}
