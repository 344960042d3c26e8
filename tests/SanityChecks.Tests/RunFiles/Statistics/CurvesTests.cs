using SanityChecks.RunFiles;
using SanityChecks.RunFiles.Statistics;

namespace SanityChecks.Tests.RunFiles.Statistics;

/// <summary>Areas and collapses of curves that a hand can draw.</summary>
public class CurvesTests
{
    private static readonly string[] Layers = ["", "fc8", "fc7", "fc6", "conv"];

    /// <summary>Rows of one method for two images that score the same, compared with their originals and with the other image.</summary>
    private static IEnumerable<ScoreRow> Rows(double?[] original, double other = 0, int draws = 1) =>
        from image in new[] { "a", "b" }
        from draw in Enumerable.Range(1, draws)
        from step in Enumerable.Range(0, original.Length)
        where step > 0 || draw == 1
        from reference in new[] { ScoreRow.Original, ScoreRow.OtherImage }
        let value = reference == ScoreRow.Original ? original[step] : other
        select new ScoreRow(
            image, null, 0, 1, 1, "cascading", step, Layers[step], step == 0 ? 0 : draw, "grad_cam", "spearman", "input", reference, value,
            value is null ? "constant_randomized" : "ok");

    private static CurveRow Curve(IEnumerable<ScoreRow> rows, bool connected = true, Statistic statistic = Statistic.Signed) =>
        Curves.Of(new ScoreTable(rows), connected).Single(row => row.Statistic == statistic);

    [Fact]
    public void The_area_is_that_of_the_trapezoids_and_of_steps_that_stand_alone_their_mean()
    {
        double?[] curve = [1, 0.8, 0.4, 0.2, 0];
        Assert.Equal((0.5 + 0.8 + 0.4 + 0.2 + 0) / 4, Curve(Rows(curve)).Area!.Value, 1e-12);
        Assert.Equal((0.8 + 0.4 + 0.2 + 0) / 4, Curve(Rows(curve), connected: false).Area!.Value, 1e-12);
        Assert.Null(Curve(Rows(curve), connected: false).CollapseStep);
    }

    [Fact]
    public void Magnitudes_have_an_area_of_their_own() => Assert.Equal(
        (0.5 + 0.5 + 0.5 + 0.5 + 0.25) / 4, Curve(Rows([1, 0.5, -0.5, 0.5, -0.5]), statistic: Statistic.Absolute).Area!.Value, 1e-12);

    /// <summary>An image that lacks a step gives the mean height of the steps that it has; one that lacks more than half gives
    /// none.</summary>
    [Fact]
    public void Steps_without_a_score_leave_the_area_to_the_others()
    {
        CurveRow some = Curve(Rows([1, 0.8, null, 0.2, 0]));
        Assert.Equal((0.5 + 0.8 + 0.2 + 0) / 3, some.Area!.Value, 1e-12);
        Assert.Equal(2, some.N);
        Assert.Equal((0, null), (Curve(Rows([1, null, null, null, 0.5])).N, Curve(Rows([1, null, null, null, 0.5])).Area));
    }

    [Theory]
    [InlineData(new[] { 1, 0.8, 0.4, 0.2, 0 }, 0, 2, "fc7")] // below one half for the first time
    [InlineData(new[] { 1, 0.4, 0.6, 0.2, 0 }, 0, 3, "fc6")] // it rises again, and only then stays
    [InlineData(new[] { 1, 0.9, 0.8, 0.7, 0.6 }, 0, null, "")]
    [InlineData(new[] { 1, 0.9, 0.8, 0.7, 0.6 }, 0.5, 3, "fc6")] // half of the way from 0.5 to 1 is 0.75
    [InlineData(new[] { 1, -1, -1, -1, -1.0 }, 0, 1, "fc8")]
    public void A_curve_collapses_where_it_stays_below_half_of_the_way_from_the_null(
        double[] curve, double other, int? step, string layer)
    {
        CurveRow row = Curve(Rows([.. curve.Select(value => (double?)value)], other));
        Assert.Equal((step, layer), (row.CollapseStep, row.CollapseLayer));

        // Images that agree leave no doubt.
        Assert.Equal((step, step), (row.CollapseLow, row.CollapseHigh));
    }

    /// <summary>One of two images collapses at once and the other never: so do resamples that hold one of them alone, a quarter of
    /// them each.</summary>
    [Fact]
    public void The_interval_of_the_collapse_has_what_the_images_disagree_about()
    {
        ScoreRow[] rows = [.. Rows([1, 0.9, 0.9, 0.9, 0.9]).Select(row =>
            row is { Image: "b", Step: > 0, Reference: ScoreRow.Original } ? row with { Value = 0 } : row)];
        CurveRow row = Curve(rows);
        Assert.Equal((1, 1, null), (row.CollapseStep, row.CollapseLow, row.CollapseHigh));
    }

    [Fact]
    public void Rows_read_back_to_the_last_bit()
    {
        foreach (CurveRow row in Curves.Of(new ScoreTable(Rows([1, 0.9, 0.3, 1 / 3.0, 0], draws: 2)), connected: true))
        {
            Assert.Equal(row, CurveRow.Parse([.. row.Cells]));
        }
    }
}
