using System.Globalization;
using System.Security.Cryptography;
using System.Xml.Linq;
using SanityChecks.Images;
using SanityChecks.Reporting.Charts;
using SanityChecks.RunFiles;

namespace SanityChecks.Tests.Reporting;

/// <summary>What the two files of a chart hold.</summary>
public sealed class ChartFilesTests : IDisposable
{
    private static readonly Rgb White = new(255, 255, 255);
    private static readonly Rgb Blue = new(0, 0x72, 0xb2);

    private readonly ChartFolder run = new();

    public void Dispose() => run.Dispose();

    [Fact]
    public void The_svg_names_and_describes_itself_and_holds_nothing_but_shapes()
    {
        XElement svg = run.With("cascading", "ssim", ChartPlotTests.TwoMethods).SvgFile(new ChartOptions { Context = "VGG16, 50 images" });
        Assert.Equal("img", svg.Attribute("role")!.Value);
        Assert.Equal("chart-ssim-title chart-ssim-desc", svg.Attribute("aria-labelledby")!.Value);
        Assert.Equal(["title", "desc"], svg.Elements().Take(2).Select(element => element.Name.LocalName));
        Assert.Equal(["chart-ssim-title", "chart-ssim-desc"], svg.Elements().Take(2).Select(element => element.Attribute("id")!.Value));
        Assert.Equal("Cascading randomization: structural similarity (SSIM)", svg.Elements().First().Value);
        string description = svg.Element(ChartFolder.Svg + "desc")!.Value;
        Assert.Contains("VGG16, 50 images. A faithful method falls", description);
        Assert.Contains("Grad-CAM: 1.00 at original, -0.15 at conv1_1, lowest -0.15 at conv1_1.", description);
        Assert.Equal($"0 0 {svg.Attribute("width")!.Value} {svg.Attribute("height")!.Value}", svg.Attribute("viewBox")!.Value);
        string[] allowed = ["svg", "title", "desc", "defs", "clipPath", "rect", "g", "path", "use", "ellipse", "circle"];
        Assert.All(svg.DescendantsAndSelf(), element => Assert.Contains(element.Name.LocalName, allowed));
        Assert.DoesNotContain(
            svg.DescendantsAndSelf().Attributes(), attribute => attribute.Name.LocalName.StartsWith("font", StringComparison.Ordinal));
    }

    [Fact]
    public void Each_character_is_an_outline_that_lies_where_the_text_lies()
    {
        run.With("cascading", "spearman", ChartPlotTests.TwoMethods);
        XElement svg = run.SvgFile();
        ChartPlot chart = run.Chart();
        string drawn = string.Concat(
            [
                .. chart.Layout.Header.Concat(chart.Layout.Footer).Select(line => line.Text), .. chart.Labels.Select(label => label.Text),
                .. chart.Plot.Axes.Bottom.Names(), .. chart.Plot.Axes.Left.Names(), chart.Plot.Axes.Bottom.Label.Text,
                chart.Plot.Axes.Left.Label.Text,
            ]);
        XElement[] uses = [.. svg.Descendants(ChartFolder.Svg + "use")];
        Assert.Equal(drawn.Count(character => character != ' '), uses.Length);
        string[] outlines = [.. svg.Element(ChartFolder.Svg + "defs")!.Elements(ChartFolder.Svg + "path")
            .Where(path => path.Attribute("d")!.Value.Length > 10).Select(path => path.Attribute("id")!.Value)];
        Assert.All(uses, use => Assert.Contains(Target(use), outlines));
        Assert.Equal(outlines.Length, outlines.Distinct().Count());

        // C a s c a d i n g
        XElement[] title = [.. svg.Descendants(ChartFolder.Svg + "g").Select(text => text.Elements(ChartFolder.Svg + "use").ToArray())
            .Single(text => text.Length == "Cascadingrandomization:Spearmanrankcorrelation".Length)];
        Assert.Equal(Target(title[1]), Target(title[4]));
        Assert.NotEqual(Target(title[0]), Target(title[3]));
        double[] places = [.. title.Select(Place)];
        Assert.Equal(ChartLayout.Edge, places[0], 0.1);
        Assert.All(places.Zip(places.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 3, 20));
        Assert.Equal(
            ChartLayout.Edge + TextMeasure.Width(chart.Layout.Header[0].Text[..^1], ChartLayout.TitleSize, semibold: true), places[^1],
            0.5);
    }

    [Fact]
    public void A_pointer_that_rests_on_a_point_is_told_what_it_shows()
    {
        run.With("cascading", "spearman", ChartPlotTests.TwoMethods);
        XElement[] points = [.. run.SvgFile().Elements().Last().Elements(ChartFolder.Svg + "circle")];
        Assert.Equal(6, points.Length);
        Assert.Equal("Grad-CAM, fc8: 0.50 (95 % CI 0.40 to 0.63), n = 50", points[1].Value.Trim());
        ChartLayout layout = run.Chart().Layout;
        Assert.Equal(layout.X(1), Number(points[1], "cx"), 0.01);
        Assert.Equal(layout.Y(0.5), Number(points[1], "cy"), 0.01);
    }

    [Fact]
    public void Names_from_users_are_shortened_and_kept_whole_for_the_pointer()
    {
        string layer = "<script>&" + new string('x', 60) + "\u0001漢end";
        run.With("cascading", "spearman", "0,,a & <b>,5,0,1,,", $"1,{layer},a & <b>,5,0,0.5,,");
        string tick = run.Chart().Plot.Axes.Bottom.Names()[1];
        Assert.Equal(36, tick.Length);
        Assert.StartsWith("<script>&xxx", tick);
        Assert.EndsWith("xxx\uFFFD\uFFFDend", tick);
        XElement svg = run.SvgFile();
        Assert.DoesNotContain(svg.Descendants(), element => element.Name.LocalName is "script" or "b");
        XElement whole = svg.Descendants(ChartFolder.Svg + "title").Single(title => title.Parent!.Elements(ChartFolder.Svg + "use").Any());
        Assert.Equal("<script>&" + new string('x', 60) + "\uFFFD漢end", whole.Value.Trim());
        Assert.Contains("a & <b>: 1.00 at original", svg.Element(ChartFolder.Svg + "desc")!.Value);
    }

    [Fact]
    public void The_png_is_the_same_picture_with_two_pixels_for_one()
    {
        run.With(
            "cascading", "spearman", "0,,a,5,0,1,1,1", "1,x,a,4,1,0.5,0.3,0.7", "2,y,a,5,0,0.5,0.3,0.7", "3,z,a,0,5,,,", "4,w,a,5,0,0.5,,");
        XElement svg = run.SvgFile();
        RgbImage picture = Png();
        ChartLayout layout = run.Chart().Layout;
        Assert.Equal((2 * Number(svg, "width"), 2 * Number(svg, "height")), (picture.Width, picture.Height));
        Assert.Equal(White, At(picture, 0, 0));
        Assert.Equal(Blue, At(picture, layout.X(2), layout.Y(0.5)));
        Assert.Equal(White, At(picture, layout.X(1), layout.Y(0.5)));
        Assert.Equal(Blue, At(picture, layout.X(1.5), layout.Y(0.5)));
        Rgb band = At(picture, layout.X(1.5), layout.Y(0.66));
        Assert.InRange(band.Red, 200, 230);
        Assert.True(band.Blue > band.Red + 20);
        Assert.Equal(White, At(picture, layout.X(1.5), layout.Y(0.75)));
        Assert.Equal(White, At(picture, layout.X(3), layout.Y(0.5)));
        Assert.True(HasInk(picture, layout.Header[0].Top, layout.Header[0].Bottom), "the title");
        Assert.True(HasInk(picture, layout.Footer[^1].Top, layout.Footer[^1].Bottom), "the last note");
        Assert.True(HasInk(picture, layout.Bottom + 8, layout.Bottom + layout.LayerAxisHeight), "the layers");
    }

    [Fact]
    public void The_same_summary_gives_the_same_bytes_and_replaces_the_older_chart()
    {
        string path = Assert.Single(CorrelationCharts.Write(run.With("cascading", "spearman", ChartPlotTests.TwoMethods).Path));
        Dictionary<string, string> first = Contents(run);
        File.WriteAllText(path, "older");
        File.WriteAllText(Path.ChangeExtension(path, ".png"), "older");
        Assert.Equal(path, Assert.Single(CorrelationCharts.Write(run.Path)));
        Assert.Equal(first, Contents(run));
        Assert.Equal(["spearman.png", "spearman.svg"], first.Keys.Order(StringComparer.Ordinal));
        Assert.DoesNotContain((byte)'\r', File.ReadAllBytes(path));
    }

    [Fact]
    public async Task Charts_drawn_at_the_same_time_or_in_another_order_have_the_same_bytes()
    {
        string[] kinds = ["cascading", "independent", "other"];
        ChartFolder[] alone = [.. kinds.Select(kind => new ChartFolder().With(kind, "spearman", ChartPlotTests.TwoMethods))];
        ChartFolder[] together =
            [.. Enumerable.Range(0, 12).Select(i => new ChartFolder().With(kinds[i % 3], "spearman", ChartPlotTests.TwoMethods))];
        try
        {
            Array.ForEach(alone, folder => CorrelationCharts.Write(folder.Path));
            await Task.WhenAll(
                together.Select(folder => Task.Run(() => CorrelationCharts.Write(folder.Path), TestContext.Current.CancellationToken)));
            Assert.All(
                together.Select((folder, i) => (folder, alone[i % 3])), pair => Assert.Equal(Contents(pair.Item2), Contents(pair.folder)));
            Assert.NotEqual(Contents(alone[0]), Contents(alone[1]));
        }
        finally
        {
            Array.ForEach([.. alone, .. together], folder => folder.Dispose());
        }
    }

    [Fact]
    public void A_chart_that_cannot_take_its_place_leaves_nothing_half_written()
    {
        string path = Assert.Single(CorrelationCharts.Write(run.With("cascading", "spearman", ChartPlotTests.TwoMethods).Path));
        File.Delete(path);
        Directory.CreateDirectory(path);
        Assert.ThrowsAny<Exception>(() => CorrelationCharts.Write(run.Path));
        Assert.Equal(
            ["spearman.png", "spearman.svg"],
            Directory.GetFileSystemEntries(Path.Combine(run.Path, "charts")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void There_is_a_pair_of_files_for_each_metric_and_for_each_resolution_where_there_are_several()
    {
        File.WriteAllLines(run.Summary, [ChartFolder.Header, .. from spec in new[]
            {
                "cascading,spearman,224x224", "cascading,spearman,14x14", "cascading,ssim,224x224", "cascading,a/../b,native",
                "cascading,hog,224x224", "cascading,a_.._b,native",
            }
            let cells = spec.Split(',')
            select $"{cells[0]},0,,gradient,{cells[1]},{cells[2]},original,5,0,1,,,,,1,,,,,,,,"]);
        run.Of("cascading");
        string[] names = ["spearman.224x224", "spearman.14x14", "ssim", "a_.._b", "hog", "a_.._b-2"];
        IReadOnlyList<string> written = CorrelationCharts.Write(run.Path);
        Assert.Equal(names.Select(name => Path.Combine(run.Path, "charts", name + ".svg")), written);
        Assert.Equal(
            names.SelectMany(name => new[] { name + ".png", name + ".svg" }).Order(StringComparer.Ordinal),
            Directory.GetFiles(Path.Combine(run.Path, "charts")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_experiment_that_nobody_wrote_gives_a_chart_its_words()
    {
        run.With("shuffled", "spearman", "0,,a,5,0,1,1,1", "1,10 %,a,5,0,0.5,0.3,0.7").Of(ChartFolder.MadeUp("shuffled", connected: false));
        ChartPlot chart = run.Chart();
        Assert.Equal("Labels shuffled: Spearman rank correlation", chart.Layout.Header[0].Text);
        Assert.Equal("An honest method drops to 0 once nothing is left to learn.", chart.Layout.Header[1].Text);
        Assert.Equal("labels shuffled before training", chart.Plot.Axes.Bottom.Label.Text);
        Assert.Equal(["none", "run 1, 10 % of them"], chart.Plot.Axes.Bottom.Names());
        Assert.Empty(chart.Bands("a"));
        Assert.Equal(2, chart.Bars("a").Length);
        XElement svg = run.SvgFile();
        Assert.Equal("Labels shuffled: Spearman rank correlation", svg.Elements().First().Value);
        Assert.Contains(
            "a: 1.00 at none, 0.50 at run 1, 10 % of them", svg.Element(ChartFolder.Svg + "desc")!.Value, StringComparison.Ordinal);
        Assert.Equal(2, run.Of(ChartFolder.MadeUp("shuffled")).Chart().Bands("a")[0].Length / 2);
    }

    [Fact]
    public void Without_words_or_with_those_of_another_experiment_nothing_is_drawn()
    {
        run.With("cascading", "spearman", ChartPlotTests.TwoMethods).Of("independent");
        string message = Assert.Throws<RunFileException>(() => CorrelationCharts.Write(run.Path)).Message;
        Assert.Equal($"{run.Summary}: has rows of the randomization 'cascading', where the run's manifest says 'independent'", message);
        string manifest = Path.Combine(run.Path, Manifest.FileName), text = File.ReadAllText(manifest);
        foreach (string wrong in new[] { "{}",
            text.Replace("\"title\": \"Independent randomization\"", "\"title\": null", StringComparison.Ordinal),
        text.Replace("\"title\"", "\"headline\"", StringComparison.Ordinal) })
        {
            Assert.NotEqual(text, wrong);
            File.WriteAllText(manifest, wrong);
            message = Assert.Throws<RunFileException>(() => CorrelationCharts.Write(run.Path)).Message;
            Assert.StartsWith($"{manifest}: does not say what the experiment is", message, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(Path.Combine(run.Path, "charts")));
    }

    [Fact]
    public void Sizes_that_no_picture_can_have_are_refused()
    {
        run.With("cascading", "spearman", ChartPlotTests.TwoMethods);
        Assert.Throws<ArgumentOutOfRangeException>(() => CorrelationCharts.Write(run.Path, new ChartOptions { PlotHeight = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => CorrelationCharts.Write(run.Path, new ChartOptions { PlotHeight = 1e9 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => CorrelationCharts.Write(run.Path, new ChartOptions { LayerSpacing = double.NaN }));
        Assert.Throws<RunFileException>(() => CorrelationCharts.Write(Path.Combine(run.Path, "nowhere")));
        Assert.False(Directory.Exists(Path.Combine(run.Path, "nowhere")));
        Assert.False(Directory.Exists(Path.Combine(run.Path, "charts")));
    }

    private static Dictionary<string, string> Contents(ChartFolder folder) => Directory.EnumerateFiles(Path.Combine(folder.Path, "charts"))
        .ToDictionary(file => Path.GetFileName(file), file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))));

    private static double Number(XElement element, string attribute) =>
        double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);

    private static string Target(XElement use) => use.Attribute("{http://www.w3.org/1999/xlink}href")!.Value.TrimStart('#');

    /// <summary>Where a character begins, in pixels from where its text is anchored.</summary>
    private static double Place(XElement use) =>
        Number(use, "x") * double.Parse(
            use.Parent!.Attribute("transform")!.Value.Split("scale(")[1].TrimEnd(')'), CultureInfo.InvariantCulture)
            + double.Parse(use.Parent!.Attribute("transform")!.Value.Split("translate(")[1].Split(' ')[0], CultureInfo.InvariantCulture);

    private RgbImage Png() => ImageFile.Load(Path.Combine(run.Path, "charts", "spearman.png"));

    private static Rgb At(RgbImage picture, double x, double y)
    {
        int at = 3 * ((picture.Width * (int)Math.Round(2 * y)) + (int)Math.Round(2 * x));
        return new Rgb(picture.Pixels[at], picture.Pixels[at + 1], picture.Pixels[at + 2]);
    }

    private static bool HasInk(RgbImage picture, double top, double bottom)
    {
        int first = 3 * picture.Width * (int)(2 * top), last = 3 * picture.Width * (int)(2 * bottom);
        return picture.Pixels.AsSpan(first, last - first).ContainsAnyInRange<byte>(0, 0x60);
    }
}
