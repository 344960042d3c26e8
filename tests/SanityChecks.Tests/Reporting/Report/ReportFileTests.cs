using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using SanityChecks.Compute;
using SanityChecks.Experiments;
using SanityChecks.Reporting;
using SanityChecks.RunFiles;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Tests.Cli;

namespace SanityChecks.Tests.Reporting.Report;

/// <summary>What the page holds; how it behaves is seen in a browser (<see cref="ReportPageTests"/>).</summary>
public partial class ReportFileTests
{
    private const string Hostile = "</script><script>alert(1)</script><!-- {{data}} ' \" & =1.png";

    [Fact]
    public void The_page_has_the_question_the_verdict_and_every_number_of_it()
    {
        using var run = new ReportFolder().Write();
        string text = Text(run.Page());
        var verdict = VerdictRecord.Read(run.Path)!;
        Assert.Contains(run.Experiment.Question, text, StringComparison.Ordinal);
        Assert.All(verdict.Methods, method => Assert.Contains(Regex.Replace(method.Sentence, "\\s+", " "), text, StringComparison.Ordinal));
        Assert.Contains("n = 2, 1 undefined; 1 draw: no interval over draws", text, StringComparison.Ordinal);
        Assert.Contains("3 images, 2 methods, 3 steps, 1 draw of random weights", text, StringComparison.Ordinal);
        Assert.Contains("0.1.0, commit abc", text, StringComparison.Ordinal);
        Assert.Contains("w.safetensors, sha256 77", text, StringComparison.Ordinal);
        Assert.Contains("experiment: shuffled_labels", text, StringComparison.Ordinal);
        Assert.Contains("output.maps: png", text, StringComparison.Ordinal);
        Assert.Contains("dead: 0 everywhere", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_ways_to_make_the_test_are_drawn_and_counted_where_the_run_tried_some()
    {
        using var run = new ReportFolder().Write();
        Assert.DoesNotContain("specifications", run.Page(), StringComparison.Ordinal);
        string page = run.WithSpecifications().Page();
        Assert.Contains("<a href=\"#specifications\">Other ways</a>", page, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(page, "<figure class=\"curve\""));
        Assert.Contains("Grad-CAM: 4 ways to make the test", page, StringComparison.Ordinal);
        Assert.Contains("ssim, signed, bottom_up, he_normal, predicted: 0.30 [0.25, 0.36] (n = 3)", page, StringComparison.Ordinal);

        // The order is .25 from the mean of all, the metric .05: 25 parts of 26 and 1.
        Assert.Matches("Grad-CAM</th><td>order</td>.*>96.200<", page);
        Assert.Matches("Grad-CAM</th><td>metric</td>.*>3.800<", page);
        string[] ids = [.. Regex.Matches(page, " id=\"([^\"]+)\"").Select(match => match.Groups[1].Value)];
        Assert.Equal(ids.Distinct(), ids);
        Assert.All(
            Regex.Matches(page, "(?:xlink:href=\"#|url\\(#)([^\")]+)").Select(match => match.Groups[1].Value),
            used => Assert.Contains(used, ids));
        File.WriteAllText(run.Of("charts", "specifications.grad_cam.svg"), "<svg");
        Assert.Contains("cannot be read as a chart", Assert.Throws<RunFileException>(run.Page).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Charts_and_tables_have_the_numbers_of_the_files()
    {
        using var run = new ReportFolder().Write();
        JsonElement data = Data(run.Page());
        IReadOnlyList<SummaryRow> summary = SummaryFile.Read(run.Of("summary.csv"));
        JsonElement[] charts = [.. data.GetProperty("charts").EnumerateArray()];
        Assert.Equal(["spearman", "ssim"], charts.Select(chart => chart.GetProperty("metric").GetString()));
        foreach (JsonElement series in charts[1].GetProperty("series").EnumerateArray())
        {
            SummaryRow[] rows = [.. summary.Where(row =>
                row.Metric == "ssim" && row.Method == series.GetProperty("method").GetString() && row.Reference == "original")];
            Assert.Equal(rows.Length, series.GetProperty("points").GetArrayLength());
            Assert.All(rows.Zip(series.GetProperty("points").EnumerateArray()), one =>
            {
                Assert.Equal(one.First.Mean!.Value, one.Second[0].GetDouble(), 1e-5);
                Assert.Equal(one.First.CiLow!.Value, one.Second[1].GetDouble(), 1e-5);
                Assert.Equal((one.First.N, one.First.Undefined), (one.Second[3].GetInt32(), one.Second[4].GetInt32()));
            });
        }

        ScoreRow score = ScoresFile.Read(run.Of("scores.csv")).Single(row =>
            row is { Image: "b.png", Method: "guided_backprop", Metric: "ssim", Step: 2, Reference: "original" });
        int at = (((((1 * 2) + 1) * 2) + 1) * 4) + 2; // [image, method, measure, step]
        Assert.Equal(score.Value!.Value, data.GetProperty("scores").GetProperty("values")[at].GetDouble(), 1e-5);
        Assert.Equal("constant_randomized", data.GetProperty("scores").GetProperty("values")[3].GetString());
    }

    [Fact]
    public void No_name_ends_the_element_that_holds_it()
    {
        using var run = new ReportFolder
        {
            Images = [Hostile, "b.png"],
            Methods = ["grad_cam", "x</script>"],
            Layers = ["<img src=x onerror=alert(2)>"],
            Configuration = "a: </pre></script><script>alert(3)</script>\n",
        }.Write().WithMaps(8, ReportFolder.Waves);
        string page = run.Page();
        Assert.Equal(page.Split("<script").Length, page.Split("</script>").Length);
        Assert.Equal(1 + 4, page.Split("<script").Length); // the data, two images' maps, the scripts
        Assert.All(new[] { "<script>alert", "<img src=x", "</pre></script>", "' \" &" }, raw => Assert.DoesNotContain(raw, page, StringComparison.Ordinal));
        Assert.Equal(Hostile, Data(page).GetProperty("images")[0].GetProperty("name").GetString());
    }

    [Fact]
    public void The_same_files_give_the_same_bytes_wherever_they_lie()
    {
        using var run = new ReportFolder().Write().WithMaps(8, ReportFolder.Waves);
        using var other = new ReportFolder().Write().WithMaps(8, ReportFolder.Waves);
        string page = run.Page();
        Assert.Equal(page, run.Page());
        Assert.Equal(page, other.Page());
    }

    [Theory]
    [InlineData("summary.csv", "no such file")]
    [InlineData("health.csv", "no such file")]
    [InlineData("verdict.json", "a finished run has one")]
    public void A_missing_file_is_named_and_nothing_is_written(string file, string reason)
    {
        using var run = new ReportFolder().Write();
        File.Delete(run.Of(file));
        var error = Assert.Throws<RunFileException>(() => RunReport.Write(run.Path));
        Assert.StartsWith(run.Of(file), error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(run.PagePath));
    }

    [Fact]
    public void The_command_writes_the_page_of_a_finished_run_and_of_no_other()
    {
        using var run = new ReportFolder().Write();
        (int code, string output, _) = ProgramCall.Run("report", run.Path);
        Assert.Equal((0, $"report: {run.PagePath}\n"), (code, output));
        string page = File.ReadAllText(run.PagePath);
        Assert.Equal(page, run.Page());
        File.Delete(run.PagePath);
        (Manifest.Read(run.Path)! with { Complete = false }).Write(run.Path);
        Assert.Equal(
            (2, "", $"{run.Path}: the run is not finished, or an earlier version wrote it; the command that began it goes on with it.\n"),
            ProgramCall.Run("report", run.Path));
        Assert.Equal((2, "", $"{run.Of("nowhere")}: holds no run (no config.yaml).\n"), ProgramCall.Run("report", run.Of("nowhere")));
        Assert.False(File.Exists(run.PagePath));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_experiment_has_a_page(string name)
    {
        Experiment experiment = Catalogue.Experiments.Single(one => one.Name == name);
        MeasureRecord[] measures = [.. experiment.Measures.Select(measure => measure.Words)];
        using var run = new ReportFolder { Experiment = experiment.Words, Measures = measures }.Write();
        JsonElement[] charts = [.. Data(run.Page()).GetProperty("charts").EnumerateArray()];
        Assert.Equal([.. run.Metrics, .. measures.Select(measure => measure.Name)], charts.Select(chart => chart.GetProperty("metric").GetString()));
        Assert.All(charts, chart => Assert.Equal(experiment.Words.Connected, chart.GetProperty("connected").GetBoolean()));
    }

    public static TheoryData<string> Names => [.. Catalogue.Experiments.Select(experiment => experiment.Name)];

    [Theory]
    [InlineData(1)]
    [InlineData(12)]
    [InlineData(18)]
    public void Any_number_of_methods_and_forty_steps_have_a_page(int methods)
    {
        using var run = new ReportFolder
        {
            Methods = [.. AttributionMethods.All.Select(method => method.Name).Take(methods)],
            Layers = [.. Enumerable.Range(1, 40).Select(i => $"block{i}.conv")],
            Images = ["a.png", "b.png"],
        }.Write();
        JsonElement[] charts = [.. Data(run.Page()).GetProperty("charts").EnumerateArray()];
        Assert.Equal(
            AttributionMethods.All.Take(methods).Select(method => method.Name).Order(),
            charts.Where(chart => chart.GetProperty("metric").GetString() == "ssim").SelectMany(chart => chart.GetProperty("series").EnumerateArray())
                .Select(series => series.GetProperty("method").GetString()!).Distinct().Order());
        Assert.All(charts, chart => Assert.Equal(41, chart.GetProperty("steps").GetArrayLength()));
    }

    [Fact]
    public void Runs_without_nulls_with_native_maps_and_with_faithfulness_have_a_page()
    {
        using var run = new ReportFolder
        {
            References = ["original"],
            Resolutions = ["input", "native"],
            Faithfulness = ["deletion"],
        }.Write();
        JsonElement data = Data(run.Page());
        Assert.All(data.GetProperty("charts").EnumerateArray(), chart => Assert.False(chart.TryGetProperty("null", out _)));
        Assert.Equal(4, data.GetProperty("charts").GetArrayLength());
        Assert.Equal(
            [
                "spearman (input)", "ssim (input)", "zeros (input), of each map alone", "neighbors (input), of each map alone",
                "spearman (native)", "ssim (native)", "zeros (native), of each map alone", "neighbors (native), of each map alone",
                "deletion, of the map tried on the trained network", "logit_entropy, of the networks", "top1_agreement, of the networks",
                "activation_scale, of the networks",
            ],
            data.GetProperty("summary").EnumerateArray().Select(one => one.GetProperty("name").GetString()));
    }

    /// <summary>Noise is what compresses worst: no real run of this size has a larger page.</summary>
    [Fact]
    public void Fifty_images_thirty_three_networks_and_two_methods_stay_below_thirty_megabytes()
    {
        using var run = new ReportFolder
        {
            Images = [.. Enumerable.Range(0, 50).Select(i => $"{i:00}.png")],
            Layers = [.. Enumerable.Range(1, 32).Select(i => $"layer {i}")],
        }.Write();
        var stream = new RandomStream(7, 0, "noise");
        float[] values = [.. Enumerable.Range(0, 224 * 224).Select(i => (float)((2 * stream.Uniform(i)) - 1))];
        CompactMap pixels = CompactMap.Of("", 0, true, (224, 224), 1, values), cells = CompactMap.Of("", 0, false, (14, 14), 1, values.AsSpan(0, 196));
        run.WithMaps(224, (_, method, step) => (method == "grad_cam" ? cells : pixels) with { Method = method, Step = step });
        string page = run.Page();
        Assert.InRange(page.Length, 10_000_000, 30_000_000);
        Assert.Contains("of each square of", Text(page), StringComparison.Ordinal);
        JsonElement[] maps = [.. Element(page, "maps-49").EnumerateArray()];
        Assert.Equal(66, maps.Length);
        Assert.All(maps.Where(map => map.GetProperty("method").GetString() == "grad_cam"), map => Assert.Equal(14, map.GetProperty("height").GetInt32()));
        Assert.All(maps.Where(map => map.GetProperty("method").GetString() != "grad_cam"), map => Assert.InRange(map.GetProperty("height").GetInt32(), 56, 112));
    }

    [Fact]
    public void A_run_of_an_earlier_version_is_told_that_its_maps_have_no_values()
    {
        using var run = new ReportFolder().Write();
        Directory.CreateDirectory(run.Of("maps", "a"));
        Assert.Contains("were not kept by the version that wrote them", Text(run.Page()), StringComparison.Ordinal);
    }

    private static JsonElement Data(string page) => Element(page, "data");

    private static JsonElement Element(string page, string id)
    {
        string json = Regex.Match(page, $"id=\"{id}\">(.*?)</script>", RegexOptions.Singleline).Groups[1].Value;
        return JsonDocument.Parse(json).RootElement;
    }

    /// <summary>What a reader without scripts sees.</summary>
    private static string Text(string page) =>
        Spaces().Replace(WebUtility.HtmlDecode(Tags().Replace(Regex.Replace(page, "<(script|style).*?</\\1>", "", RegexOptions.Singleline), "")), " ");

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
