using System.Globalization;
using System.Xml.Linq;
using SanityChecks.Reporting;
using SanityChecks.Reporting.Charts;

namespace SanityChecks.Tests.Reporting;

public sealed class CorrelationChartsTests : IDisposable
{
    private static readonly string[] TwoMethods =
    [
        "0,,grad_cam,50,0,1,1,1", "1,fc8,grad_cam,50,0,0.5,0.4,0.625", "2,conv1_1,grad_cam,50,0,-0.15,-0.21,-0.1",
        "0,,gradient,50,0,1,1,1", "1,fc8,gradient,50,0,0.25,0.2,0.3", "2,conv1_1,gradient,50,0,0.0625,0,0.125",
    ];

    private readonly RunFolder run = new();

    public void Dispose() => run.Dispose();

    [Fact]
    public void Layers_stand_on_the_axis_in_the_order_of_the_steps_whatever_the_order_of_the_rows()
    {
        string[] layers = ["fc8", "fc7", "fc6", "conv5_3", "conv5_2"];
        string[] rows = ["0,,grad_cam,3,0,1,,", .. layers.Select((layer, i) => $"{i + 1},{layer},grad_cam,3,0,0.5,,")];
        Assert.Equal(["original", .. layers], run.With("cascading", "ssim", [.. rows.Reverse()]).Chart().LayerTicks());
    }

    [Fact]
    public void Lines_and_bands_are_at_the_means_and_intervals_by_the_scale_written_on_the_plot()
    {
        XElement chart = run.With("cascading", "spearman", TwoMethods).Chart();
        AssertClose([(0, 1), (1, 0.5), (2, -0.15)], chart.Data(Assert.Single(chart.Method("grad_cam").OfClass("mean"))));
        AssertClose([(0, 1), (1, 0.25), (2, 0.0625)], chart.Data(Assert.Single(chart.Method("gradient").OfClass("mean"))));
        AssertClose(
            [(0, 1), (1, 0.625), (2, -0.1), (2, -0.21), (1, 0.4), (0, 1)],
            chart.Data(Assert.Single(chart.Method("grad_cam", "intervals").OfClass("band"))));
        Assert.Equal(["0", "1", "2"], chart.Method("grad_cam").OfClass("marker").Select(marker => marker.Attribute("data-step")!.Value));
        Assert.Equal("Grad-CAM, fc8: 0.50 (95 % CI 0.40 to 0.63), n = 50", chart.Method("grad_cam").OfClass("marker").ElementAt(1).Value.Trim());
    }

    [Fact]
    public void Values_beyond_0_and_1_widen_the_axis_and_nothing_leaves_the_plot()
    {
        XElement chart = run.With("cascading", "other", "0,,a,9,0,1.31,1.2,1.4", "1,x,a,9,0,-0.7,-0.95,-0.4").Chart();
        string[] labels = [.. chart.OfClass("value-axis").Single().Elements(RunFolder.Svg + "text").Select(text => text.Value)];
        Assert.Contains("1.4", labels);
        Assert.Contains("−0.8", labels);
        double top = chart.OfClass("value-axis").Single().Elements(RunFolder.Svg + "line").Min(line => line.Number("y1"));
        double bottom = chart.OfClass("layer-axis").Single().Elements(RunFolder.Svg + "line").First().Number("y1");
        XElement plot = chart.OfClass("plot").Single();
        double unit = plot.Number("data-y0") - plot.Number("data-y1");
        Assert.Equal(top, plot.Number("data-y0") - (1.4 * unit), 0.02);
        Assert.True(plot.Number("data-y0") + (0.95 * unit) < bottom);
    }

    [Fact]
    public void Zero_and_one_are_marked_and_their_meaning_named()
    {
        XElement chart = run.With("cascading", "spearman", TwoMethods).Chart();
        XElement plot = chart.OfClass("plot").Single();
        double[] marked = [.. chart.OfClass("reference").Select(line => line.Number("y1"))];
        Assert.Equal([plot.Number("data-y0"), plot.Number("data-y1")], marked);
        string[] words = [.. chart.OfClass("value-axis").Single().Elements(RunFolder.Svg + "text").Select(text => text.Value)];
        Assert.Equal(["−0.2", "0.0", "unrelated", "0.2", "0.4", "0.6", "0.8", "1.0", "identical", "Spearman ρ"], words);
    }

    [Fact]
    public void A_step_without_a_score_breaks_the_line_and_the_band_and_is_told_in_a_note()
    {
        XElement chart = run.With(
            "cascading",
            "spearman",
            "0,,grad_cam,50,0,1,1,1",
            "1,a,grad_cam,48,2,0.5,0.4,0.6",
            "2,b,grad_cam,0,50,,,",
            "3,c,grad_cam,50,0,0.1,0,0.2",
            "4,d,grad_cam,0,50,,,",
            "5,e,grad_cam,50,0,0.2,0.1,0.3",
            "6,f,grad_cam,50,0,0.3,0.2,0.4").Chart();
        XElement[] lines = [.. chart.Method("grad_cam").OfClass("mean")];
        Assert.Equal(2, lines.Length);
        AssertClose([(0, 1), (1, 0.5)], chart.Data(lines[0]));
        AssertClose([(5, 0.2), (6, 0.3)], chart.Data(lines[1]));
        Assert.Equal(5, chart.Method("grad_cam").OfClass("marker").Count());
        Assert.Equal(2, chart.Method("grad_cam", "intervals").OfClass("band").Count());
        Assert.Single(chart.Method("grad_cam", "intervals").OfClass("bar"));
        Assert.Equal(7, chart.LayerTicks().Length);
        string text = Words(chart);
        Assert.Contains("Hollow point: some maps without a score. Gap: none has one.", text);
        Assert.Contains("never counted as 0: Grad-CAM 102 of 350, most at b (50 of 50).", text);
        Assert.Contains("n = 48 to 50 per point", text);
        Assert.Equal(
            ["#0072b2", "#ffffff", "#0072b2", "#0072b2", "#0072b2"],
            chart.Method("grad_cam").OfClass("marker").Select(marker => marker.Attribute("fill")!.Value));
    }

    [Fact]
    public void A_method_that_is_undefined_throughout_keeps_its_name_and_has_no_line()
    {
        XElement chart = run.With("cascading", "hog", "0,,a,0,5,,,", "1,x,a,0,5,,,", "0,,b,5,0,1,,", "1,x,b,5,0,0.5,,").Chart();
        Assert.Empty(chart.Method("a").Elements());
        Assert.Contains("a", chart.OfClass("labels").Single().Elements(RunFolder.Svg + "text").Select(text => text.Value));
        Assert.Contains("a: undefined throughout.", chart.Element(RunFolder.Svg + "desc")!.Value);
    }

    [Fact]
    public void Steps_of_an_independent_run_stand_alone_with_bars_side_by_side_and_faint_lines()
    {
        XElement chart = run.With("independent", "spearman", TwoMethods).Chart();
        Assert.Empty(chart.OfClass("band"));
        Assert.Equal(3, chart.Method("gradient", "intervals").OfClass("bar").Count());
        XElement first = Assert.Single(chart.Method("grad_cam").OfClass("mean"));
        XElement second = Assert.Single(chart.Method("gradient").OfClass("mean"));
        Assert.True(first.Number("stroke-opacity") < 0.5);
        double[] sideways = [.. chart.Data(first).Zip(chart.Data(second), (a, b) => b.Step - a.Step)];
        Assert.All(sideways, distance => Assert.Equal(sideways[0], distance, 1e-3));
        Assert.InRange(sideways[0], 0.02, 0.4);
        Assert.All(chart.Data(first).Zip([1, 0.5, -0.15]), pair => Assert.Equal(pair.Second, pair.First.Value, 1e-3));
    }

    [Fact]
    public void Methods_differ_in_colour_and_dashes_and_marker_and_their_names_do_not_overlap()
    {
        string[] methods = ["grad_cam", "guided_grad_cam", "guided_backprop", "gradient", "integrated_gradients", "own_method"];
        XElement chart = run.With("cascading", "spearman", [.. methods.SelectMany(method =>
            new[] { $"0,,{method},5,0,1,,", $"1,fc,{method},5,0,0.001,," })]).Chart();
        XElement labels = chart.OfClass("labels").Single();
        Assert.Equal(
            ["Grad-CAM", "Guided Grad-CAM", "Guided Backprop", "Gradient", "Integrated Gradients", "own method"],
            labels.Elements(RunFolder.Svg + "text").Select(text => text.Value));
        double[] baselines = [.. labels.Elements(RunFolder.Svg + "text").Select(text => text.Number("y"))];
        Assert.All(baselines.Zip(baselines.Skip(1)), pair => Assert.True(pair.Second - pair.First >= 17.9));
        XElement[] keys = [.. chart.OfClass("key")];
        Assert.Equal(6, keys.Select(key => key.Attribute("stroke")!.Value).Distinct().Count());
        Assert.Equal(6, keys.Select(key => (string?)key.Attribute("stroke-dasharray")).Distinct().Count());
    }

    [Fact]
    public void A_name_stands_at_the_height_of_its_line_and_gives_way_by_half_a_collision()
    {
        XElement chart = run.With("cascading", "spearman", "0,,far,5,0,0.9,,", "0,,upper,5,0,0.4,,", "0,,lower,5,0,0.399,,").Chart();
        XElement plot = chart.OfClass("plot").Single();
        double unit = plot.Number("data-y0") - plot.Number("data-y1");
        double[] keys = [.. chart.OfClass("key").Select(key => double.Parse(key.Attribute("points")!.Value.Split(',')[^1], CultureInfo.InvariantCulture))];
        Assert.Equal(plot.Number("data-y0") - (0.9 * unit), keys[0], 0.02);
        Assert.Equal(plot.Number("data-y0") - (0.3995 * unit) - 9, keys[1], 0.02);
        Assert.Equal(plot.Number("data-y0") - (0.3995 * unit) + 9, keys[2], 0.02);
    }

    [Fact]
    public void Names_from_users_are_escaped_shortened_and_kept_whole_in_the_tooltip()
    {
        string layer = "<script>&\"" + new string('x', 60) + "\u0001end";
        XElement chart = run.With("cascading", "spearman", "0,,a & <b>,5,0,1,,", $"1,{layer.Replace("\"", "", StringComparison.Ordinal)},a & <b>,5,0,0.5,,").Chart();
        Assert.DoesNotContain(chart.Descendants(), element => element.Name.LocalName is "script" or "b");
        Assert.Equal("a & <b>", chart.OfClass("method").Single().Attribute("data-method")!.Value);
        string tick = chart.LayerTicks()[1];
        Assert.Equal(36, tick.Length);
        Assert.StartsWith("<script>&xxx", tick);
        Assert.EndsWith("xxx\uFFFDend", tick);
        Assert.Contains(new string('x', 60), chart.OfClass("layer-axis").Single().Value);
    }

    [Fact]
    public void The_picture_names_and_describes_itself_and_holds_nothing_but_shapes_and_text()
    {
        XElement chart = run.With("cascading", "ssim", TwoMethods).Chart(new ChartOptions { Context = "VGG16, 50 images" });
        Assert.Equal("img", chart.Attribute("role")!.Value);
        Assert.Equal("chart-ssim-title chart-ssim-desc", chart.Attribute("aria-labelledby")!.Value);
        Assert.Equal("Cascading randomization: structural similarity (SSIM)", chart.Elements().First().Value);
        string description = chart.Element(RunFolder.Svg + "desc")!.Value;
        Assert.Contains("Grad-CAM: 1.00 at original, -0.15 at conv1_1, lowest -0.15 at conv1_1.", description);
        Assert.Equal($"0 0 {chart.Attribute("width")!.Value} {chart.Attribute("height")!.Value}", chart.Attribute("viewBox")!.Value);
        Assert.Contains("VGG16, 50 images", Words(chart));
        Assert.Contains("falls towards 0 (unrelated maps may score above 0) as layers are randomized", Words(chart));
        Assert.Contains("n = 50 per point; bands: 95 % confidence interval; maps at 224 × 224.", Words(chart));
        string[] allowed = ["svg", "title", "desc", "rect", "g", "line", "polyline", "polygon", "path", "text"];
        Assert.All(chart.DescendantsAndSelf(), element => Assert.Contains(element.Name.LocalName, allowed));
    }

    [Fact]
    public void The_same_summary_gives_the_same_bytes_and_replaces_the_older_chart()
    {
        string path = Assert.Single(CorrelationCharts.Write(run.With("cascading", "spearman", TwoMethods).Path));
        byte[] first = File.ReadAllBytes(path);
        File.WriteAllText(path, "older");
        Assert.Equal(path, Assert.Single(CorrelationCharts.Write(run.Path)));
        Assert.Equal(first, File.ReadAllBytes(path));
        Assert.Equal(["spearman.svg"], Directory.GetFileSystemEntries(Path.Combine(run.Path, "charts")).Select(Path.GetFileName));
        Assert.DoesNotContain((byte)'\r', first);
    }

    [Fact]
    public void There_is_a_file_for_each_metric_and_for_each_resolution_and_randomization_where_there_are_several()
    {
        File.WriteAllLines(run.Summary, [RunFolder.Header, .. from spec in new[]
            {
                "cascading,spearman,224x224", "cascading,spearman,14x14", "cascading,ssim,224x224", "cascading,a/../b,native",
                "cascading,hog,224x224", "independent,hog,224x224", "cascading,a_.._b,native",
            }
            let cells = spec.Split(',')
            select $"{cells[0]},0,,gradient,{cells[1]},{cells[2]},5,0,1,,,,"]);
        Assert.Equal(
            ["spearman.224x224", "spearman.14x14", "ssim", "a_.._b", "hog.cascading", "hog.independent", "a_.._b-2"],
            CorrelationCharts.Write(run.Path).Select(path => Path.GetFileNameWithoutExtension(path)));
        Assert.Equal(7, Directory.GetFiles(Path.Combine(run.Path, "charts")).Length);
    }

    [Fact]
    public void Sizes_that_are_not_positive_are_refused()
    {
        run.With("cascading", "spearman", TwoMethods);
        Assert.Throws<ArgumentOutOfRangeException>(() => CorrelationCharts.Write(run.Path, new ChartOptions { PlotHeight = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => CorrelationCharts.Write(run.Path, new ChartOptions { LayerSpacing = double.NaN }));
        Assert.Throws<RunFolderException>(() => CorrelationCharts.Write(Path.Combine(run.Path, "nowhere")));
        Assert.False(Directory.Exists(Path.Combine(run.Path, "nowhere")));
    }

    private static string Words(XElement chart) => string.Join(" ", chart.Elements(RunFolder.Svg + "text").Select(text => text.Value));

    private static void AssertClose((double Step, double Value)[] expected, (double Step, double Value)[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair =>
        {
            Assert.Equal(pair.First.Step, pair.Second.Step, 1e-3);
            Assert.Equal(pair.First.Value, pair.Second.Value, 1e-3);
        });
    }
}
