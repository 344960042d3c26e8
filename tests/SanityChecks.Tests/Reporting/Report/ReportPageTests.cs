using System.Globalization;
using Microsoft.Playwright;
using SanityChecks.Images;
using SanityChecks.RunFiles;

namespace SanityChecks.Tests.Reporting.Report;

/// <summary>The page in a real browser, from its file.</summary>
public sealed class ReportPageTests(Browser browser) : IClassFixture<Browser>
{
    private const int Side = 32;

    [Fact]
    public async Task The_page_asks_for_nothing_and_complains_of_nothing()
    {
        using var run = new ReportFolder { Images = ["</script><script>alert(1)</script>", "<img src=x onerror=alert(2)>.png"] };
        await using OpenPage open = await Open(run);
        Assert.Equal(2, await open.Page.Locator("#map-image option").CountAsync());
        Assert.Equal(run.Images[1], await open.Page.Locator("#map-image option").Nth(1).TextContentAsync());
        await open.Page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
        await open.Page.PdfAsync();
        Assert.Equal(2, await open.Page.Locator("#printed-charts svg[role=img]").CountAsync());
        Assert.Empty(open.Faults);
    }

    [Fact]
    public async Task The_slider_goes_through_the_steps_by_keys_and_shows_each_map_with_its_scores()
    {
        using var run = new ReportFolder();
        await using OpenPage open = await Open(run);
        ILocator slider = open.Page.Locator("#map-step");
        byte[] first = await open.PixelsAsync("map-now"), original = await open.PixelsAsync("map-original");
        await slider.FocusAsync();
        await slider.PressAsync("ArrowRight");
        await Expect(open, "#map-now-name", "step 2: run 2, conv5_3 of them");
        Assert.NotEqual(first, await open.PixelsAsync("map-now"));
        Assert.Equal(original, await open.PixelsAsync("map-original"));
        Assert.Equal("2, run 2, conv5_3 of them", await slider.GetAttributeAsync("aria-valuetext"));
        ScoreRow score = ScoresFile.Read(run.Of("scores.csv")).Single(row =>
            row is { Image: "a.png", Method: "grad_cam", Metric: "spearman", Step: 2, Reference: "original" });
        Assert.Contains(
            score.Value!.Value.ToString("0.000", CultureInfo.InvariantCulture),
            await open.Page.Locator("#map-scores").TextContentAsync(), StringComparison.Ordinal);
        await slider.PressAsync("End");
        await Expect(open, "#map-scores", "undefined: constant randomized");
        await open.Page.SelectOptionAsync("#map-method", "1");
        await Expect(open, "#map-source", "method guided_backprop, step 3");
        Assert.Empty(open.Faults);
    }

    /// <summary>The picture is the stored map, enlarged bilinearly by the loops of the engine reference, in the colors of the color
    /// map.</summary>
    [Fact]
    public async Task A_map_has_the_colors_of_its_values_on_the_common_scale_and_on_its_own()
    {
        using var run = new ReportFolder();
        await using OpenPage open = await Open(run);
        await open.Page.Locator("#map-step").PressAsync("ArrowRight");
        await Expect(open, "#map-now-name", "step 2");
        CompactMap map = ReportFolder.Waves(0, "grad_cam", 2);
        float[] values = [.. map.Unpack().Select(value => value / 127f * map.Scale)];
        float[] large = new float[Side * Side];
        SanityChecks.Compute.Reference.BilinearResize.Forward(values, 4, 4, large, Side, Side);
        Same(large, 1, await open.PixelsAsync("map-now"));
        byte[] common = await open.PixelsAsync("map-now");
        await open.Page.CheckAsync("input[value=own]");
        await Expect(open, "#map-bar-high", "own largest");
        Assert.NotEqual(common, await open.PixelsAsync("map-now"));
        Same(large, map.Scale, await open.PixelsAsync("map-now"));

        static void Same(float[] values, float end, byte[] pixels)
        {
            RgbImage expected = ColorMap.Viridis.Apply([.. values.Select(value => value / end)], Side, Side);
            Assert.Equal(4 * Side * Side, pixels.Length);
            for (int i = 0; i < 3 * Side * Side; i++)
            {
                // Neighboring colors differ by up to four, where a value lies at their border.
                Assert.InRange(pixels[(i / 3 * 4) + (i % 3)] - expected.Pixels[i], -4, 4);
            }
        }
    }

    [Fact]
    public async Task A_method_that_is_switched_off_has_no_line_in_any_metric()
    {
        using var run = new ReportFolder();
        await using OpenPage open = await Open(run);
        ILocator lines = open.Page.Locator("#chart .series"), button = open.Page.Locator("#legend button").First;
        Assert.Equal(2, await lines.CountAsync());
        await button.ClickAsync();
        Assert.Equal("false", await button.GetAttributeAsync("aria-pressed"));
        Assert.Equal(["guided_backprop"], await lines.EvaluateAllAsync<string[]>("all => all.map(one => one.dataset.method)"));
        await open.Page.SelectOptionAsync("#chart-metric", "1");
        Assert.Equal(1, await lines.CountAsync());
        await open.Page.Locator("#legend button").First.ClickAsync();
        Assert.Equal(2, await lines.CountAsync());
        Assert.Empty(open.Faults);
    }

    [Fact]
    public async Task Pointer_and_arrow_keys_read_the_points_of_a_chart()
    {
        using var run = new ReportFolder();
        await using OpenPage open = await Open(run);
        SummaryRow row = SummaryFile.Read(run.Of("summary.csv")).Single(one =>
            one is { Method: "grad_cam", Metric: "spearman", Step: 1, Reference: "original" });
        string expected = FormattableString.Invariant($"Grad-CAM, run 1, fc8 of them: {row.Mean:0.000} [{row.CiLow:0.000}, {row.CiHigh:0.000}], n = 3; maps of other images: ");
        await open.Page.Locator("#chart").FocusAsync();
        await open.Page.Keyboard.PressAsync("ArrowRight");
        await open.Page.Keyboard.PressAsync("ArrowRight");
        await Expect(open, "#chart-point", expected);
        await open.Page.Keyboard.PressAsync("ArrowDown");
        await Expect(open, "#chart-point", "Guided Backprop, run 1, fc8 of them: ");
        LocatorBoundingBoxResult box = (await open.Page.Locator("#chart .series[data-method=grad_cam] .mark").Nth(1).BoundingBoxAsync())!;
        await open.Page.Mouse.MoveAsync(box.X + 4, box.Y + 4);
        await Expect(open, "#chart-point", expected);
    }

    [Fact]
    public async Task Tables_sort_by_any_column_both_ways_and_what_has_no_number_stays_last()
    {
        using var run = new ReportFolder();
        await using OpenPage open = await Open(run);
        ILocator head = open.Page.Locator("#scores-table th button").Last;
        double?[] none = [null];
        double?[] values = [.. ScoresFile.Read(run.Of("scores.csv")).Where(row =>
            row is { Method: "grad_cam", Metric: "spearman", Step: 3, Reference: "original" } && row.Value is not null)
            .Select(row => (double?)Math.Round(row.Value!.Value, 4)).Order()];
        await head.ClickAsync();
        Assert.Equal(values.Concat(none), await Column());
        await head.ClickAsync();
        Assert.Equal(values.Reverse().Concat(none), await Column());
        Assert.Equal("descending", await open.Page.Locator("#scores-table th").Nth(3).GetAttributeAsync("aria-sort"));
        await open.Page.Locator("#verdict summary").First.ClickAsync();
        await open.Page.Locator("#verdict th button", new PageLocatorOptions { HasTextString = "similarity to the original" }).ClickAsync();
        Assert.Equal(
            VerdictRecord.Read(run.Path)!.Methods.SelectMany(method => method.Metrics).OrderBy(metric => metric.Original.Mean)
                .Select(metric => metric.Metric),
            await open.Page.Locator("#verdict tbody tr td:nth-child(2)").AllTextContentsAsync());

        async Task<double?[]> Column() => [.. (await open.Page.Locator("#scores-table tbody td:last-child")
            .EvaluateAllAsync<string[]>("all => all.map(one => one.dataset.value)"))
            .Select(text => text.Length == 0 ? (double?)null : Math.Round(double.Parse(text, CultureInfo.InvariantCulture), 4))];
    }

    [Fact]
    public async Task Classes_have_their_names_beside_maps_and_scores_and_a_number_where_none_is_known()
    {
        using var run = new ReportFolder { Classes = [new(0, "tench"), new(2, "<b>shark</b>")], Target = place => place == 1 ? 2 : place };
        await using OpenPage open = await Open(run);
        await Expect(open, "#map-target", "explained as tench, its class");
        await open.Page.SelectOptionAsync("#map-image", "1");
        await Expect(open, "#map-target", "explained as <b>shark</b>; its class is class 1");
        await open.Page.Locator("#scores-table th button", new PageLocatorOptions { HasTextString = "explained class" }).ClickAsync();
        Assert.Equal(["<b>shark</b> 2", "<b>shark</b> 2", "tench 0"], await open.Page.Locator("#scores-table tbody td:nth-child(3)").AllTextContentsAsync());
        Assert.Contains("class 1", await open.Page.Locator("#scores-table tbody td:nth-child(2)").AllTextContentsAsync());
        Assert.Empty(open.Faults);
    }

    [Theory]
    [InlineData(1280, false)]
    [InlineData(390, true)]
    public async Task Nothing_reaches_beyond_the_window_and_every_control_has_a_name(int width, bool dark)
    {
        using var run = new ReportFolder { Methods = ["grad_cam", "guided_backprop", new string('m', 70)], Images = [new string('n', 90), "b.png"] };
        await using OpenPage open = await Open(run, width, dark);
        Assert.Equal(width, await open.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
        Assert.Empty(await open.Page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll("select, input, button, canvas, img, [role=region], [role=group], [role=img]")]
              .filter(one => !(one.labels?.length || one.getAttribute("aria-label") || one.alt || one.textContent.trim())).map(one => one.outerHTML)
            """));
        Assert.Empty(await open.Page.EvaluateAsync<string[]>(Contrast));
    }

    /// <summary>Texts whose contrast with their ground is below 4.5 : 1 (WCAG 2.2, 1.4.3, AA).</summary>
    private const string Contrast =
        """
        () => {
          const channels = text => text.match(/[\d.]+/g).map(Number);
          const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
            .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
          const ground = one => { for (; one; one = one.parentElement) {
            const color = channels(getComputedStyle(one).backgroundColor);
            if (color.length === 3 || color[3] === 1) return color; } return [255, 255, 255]; };
          return [...document.querySelectorAll("body *")].filter(one => !one.closest("script, style, noscript, title, desc")
            && [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim())).map(one => {
            const style = getComputedStyle(one), drawn = one instanceof SVGElement;
            const ink = light(channels(drawn ? style.fill : style.color)), paper = light(ground(one));
            return [(Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05), one.outerHTML.slice(0, 90)];
          }).filter(([ratio]) => ratio < 4.5).map(([ratio, one]) => `${ratio.toFixed(2)} ${one}`);
        }
        """;

    private async Task<OpenPage> Open(ReportFolder run, int width = 1280, bool dark = false)
    {
        run.Write().WithSpecifications().WithMaps(Side, ReportFolder.Waves).Page();
        OpenPage open = await browser.OpenAsync(run.PagePath, width, dark);
        await Expect(open, "#map-now-name", "step 1");
        return open;
    }

    /// <summary>Waits until a text is there: maps are unpacked beside the page.</summary>
    private static Task Expect(OpenPage open, string place, string text) =>
        Assertions.Expect(open.Page.Locator(place)).ToContainTextAsync(text);
}
