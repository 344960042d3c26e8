using SanityChecks.RunFiles.Statistics;
using SanityChecks.RunFiles;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.RunFiles.Statistics;

/// <summary>Deviations and intervals were computed with NumPy (std with ddof=1) and SciPy (stats.t.interval over stats.sem).</summary>
public class SummaryTests
{
    private const double Rounding = 1e-9; // MathNet's inverse of Student's t, compared with SciPy's

    private static ScoreRow Row(string image, double? value, int step = 1, int draw = 1, string metric = "ssim") =>
        new(image, null, 0, 1, 1, "cascading", step, step == 0 ? "" : "fc8", draw, "grad_cam", metric, "input", ScoreRow.Original, value,
            value is null ? "constant_both" : "ok");

    private static void Equal(double expected, double? actual) => Assert.Equal(expected, Assert.NotNull(actual), Rounding);

    [Fact]
    public void Mean_deviation_interval_and_median_are_those_of_SciPy()
    {
        SummaryRow summary = Assert.Single(Summary.Of([Row("a", 0.5), Row("b", -0.25), Row("c", 0.125), Row("d", 0.75)]));
        Assert.Equal((4, 0), (summary.N, summary.Undefined));
        Equal(0.28125, summary.Mean);
        Equal(0.4375, summary.Sd);
        Equal(0.3125, summary.Median);
        Equal(0.9774101292809325 + 0.4149101292809325, summary.CiHigh - summary.CiLow);
    }

    /// <summary>Half of the scores turn their sign with the logit's: what is left of them is a map that follows the logit.</summary>
    [Fact]
    public void Magnitudes_and_scores_that_follow_the_logits_sign_have_means_of_their_own()
    {
        ScoreRow[] rows = [Row("a", 0.5), Row("b", -0.5) with { Logit = -2 }, Row("c", -0.2) with { Logit = -1, OriginalLogit = -1 }];
        SummaryRow summary = Assert.Single(Summary.Of(rows));
        Equal(-0.2 / 3, summary.Mean);
        Equal(1.2 / 3, summary.MeanAbs);
        Equal(0.8 / 3, summary.MeanAligned);
    }

    [Fact]
    public void What_is_no_similarity_has_no_magnitude()
    {
        foreach (ScoreRow row in new[] { Row("a", 0.5) with { Method = ScoreRow.Network },
            Row("a", 0.5) with { Reference = ScoreRow.Itself } })
        {
            SummaryRow summary = Assert.Single(Summary.Of([row, row with { Image = "b" }]));
            Assert.Equal((0.5, null, null), (summary.Mean, summary.MeanAbs, summary.MeanAligned));
        }
    }

    [Fact]
    public void Undefined_scores_are_counted_and_stay_out_of_every_number()
    {
        SummaryRow summary = Assert.Single(Summary.Of([Row("a", 0.1), Row("b", null), Row("c", 0.3), Row("d", null), Row("e", null)]));
        Assert.Equal((2, 3), (summary.N, summary.Undefined));
        Equal(0.2, summary.Mean);
        Equal(0.1414213562373095, summary.Sd);
        Equal(1.4706204736432094 + 1.0706204736432094, summary.CiHigh - summary.CiLow);
    }

    [Fact]
    public void Cells_of_numbers_that_do_not_exist_are_empty()
    {
        string[] lines = SummaryFile.Text(Summary.Of([Row("a", null), Row("b", null), Row("a", 0.5, step: 2), Row("b", null, step: 2)]))
            .Split("\r\n");
        string[] expected =
        [
            string.Join(',', SummaryRow.Columns),
            "cascading,1,fc8,grad_cam,ssim,input,original,0,2,,,,,,0,,,,,,,,",
            "cascading,2,fc8,grad_cam,ssim,input,original,1,1,0.5,,,,0.5,1,,,0.5,,,0.5,,",
            "",
        ];
        Assert.Equal(expected, lines);
    }

    [Fact]
    public void One_image_has_an_interval_over_its_draws_and_none_with_one_draw()
    {
        SummaryRow summary = Assert.Single(Summary.Of([Row("a", 0.1), Row("a", 0.3, draw: 2)]));
        Equal(0.1414213562373095, summary.Sd);
        Equal(0.1414213562373095, summary.SdDraw);
        Assert.Null(summary.SdImage);
        Assert.Equal(-1.0706204736432094, summary.CiLow!.Value, Rounding);
        Assert.Equal(1.4706204736432094, summary.CiHigh!.Value, Rounding);
        Assert.Null(Assert.Single(Summary.Of([Row("a", 0.1)])).CiLow);
    }

    [Fact]
    public void There_is_a_row_for_each_step_and_metric_in_the_order_of_the_steps()
    {
        IEnumerable<ScoreRow> rows = new[] { "a", "b" }.SelectMany(
            image => new[] { 0, 1, 2, 10 }.SelectMany(step => new[] { "ssim", "hog" }.Select(metric =>
            Row(image, step, step, metric: metric))));
        Assert.Equal(
            ["0 ssim 0", "0 hog 0", "1 ssim 1", "1 hog 1", "2 ssim 2", "2 hog 2", "10 ssim 10", "10 hog 10"],
            Summary.Of(rows).Select(row => FormattableString.Invariant($"{row.Step} {row.Metric} {row.Mean}")));
    }

    [Fact]
    public void The_reader_of_reports_takes_the_file()
    {
        using var folder = new TemporaryFolder();
        folder.Write("summary.csv", SummaryFile.Text(Summary.Of([Row("a", 1, 0, 0), Row("b", 1, 0, 0), Row("a", 0.1), Row("b", null)])));
        IReadOnlyList<SummaryRow> read = SummaryFile.Read(folder.Of("summary.csv"));
        Assert.Equal([0, 1], read.Select(row => row.Step));
        Assert.Equal([1, 0.1], read.Select(row => row.Mean!.Value));
        Assert.Equal([0, 1], read.Select(row => row.Undefined));
    }
}
