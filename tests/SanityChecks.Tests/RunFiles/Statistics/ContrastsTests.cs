using SanityChecks.RunFiles;
using SanityChecks.RunFiles.Statistics;

namespace SanityChecks.Tests.RunFiles.Statistics;

public class ContrastsTests
{
    private static ScoreRow Row(string image, string reference, double? value, float logit = 1, int draw = 1) => new(
        image, null, 0, logit, 1, "cascading", 1, "fc8", draw, "grad_cam", "spearman", "input", reference, value,
        value is null ? "constant_randomized" : "ok");

    private static ContrastRow Of(Statistic statistic, params ScoreRow[] rows) =>
        Contrasts.Of(new ScoreTable(rows)).Single(row => row.Statistic == statistic);

    /// <summary>Student's t of the paired differences, as <c>scipy.stats.ttest_rel(...).confidence_interval()</c> has it: images that
    /// score high by both add nothing to its width.</summary>
    [Fact]
    public void The_interval_is_that_of_the_differences()
    {
        (double Original, double Other)[] pairs = [(0.9, 0.5), (0.5, 0.2), (0.1, -0.1), (-0.2, -0.3)];
        ContrastRow row = Of(
            Statistic.Signed,
            [.. pairs.SelectMany(
                (pair, i) => new[] { Row($"{i}", ScoreRow.Original, pair.Original), Row($"{i}", ScoreRow.OtherImage, pair.Other) })]);
        Assert.Equal((ScoreRow.OtherImage, 4), (row.Null, row.N));
        Assert.Equal(0.25, row.Difference!.Value, 1e-12);
        Assert.Equal(0.45542602567608786 - 0.04457397432391208, row.High!.Value - row.Low!.Value, 1e-9);
    }

    [Fact]
    public void Magnitudes_and_signs_are_taken_before_the_difference_and_gaps_of_either_count_for_both()
    {
        ScoreRow[] rows =
        [
            Row("a", ScoreRow.Original, -0.8, logit: -1), Row("a", ScoreRow.OtherImage, 0.2, logit: -1),
            Row("b", ScoreRow.Original, 0.6), Row("b", ScoreRow.OtherImage, -0.4),
            Row("c", ScoreRow.Original, 0.5), Row("c", ScoreRow.OtherImage, null),
        ];
        Assert.Equal((2, 0.0), (Of(Statistic.Signed, rows).N, Math.Round(Of(Statistic.Signed, rows).Difference!.Value, 12)));
        Assert.Equal(((0.8 - 0.2) + (0.6 - 0.4)) / 2, Of(Statistic.Absolute, rows).Difference!.Value, 1e-12);
        Assert.Equal(((0.8 + 0.2) + (0.6 + 0.4)) / 2, Of(Statistic.Aligned, rows).Difference!.Value, 1e-12);
    }

    [Fact]
    public void Every_null_is_held_against_the_original_and_rows_read_back()
    {
        IReadOnlyList<ContrastRow> rows = Contrasts.Of(new ScoreTable(
        [
            Row("a", ScoreRow.Original, 0.5), Row("a", ScoreRow.OtherImage, 0.25), Row("a", "shuffled", 0),
            Row("a", ScoreRow.Itself, 0.1) with { Metric = "zeros" },
        ]));
        Assert.Equal(
            ["other_image 0.25", "other_image 0.25", "other_image 0.25", "shuffled 0.5", "shuffled 0.5", "shuffled 0.5"],
            rows.Select(row => FormattableString.Invariant($"{row.Null} {row.Difference}")));
        Assert.All(rows, row => Assert.Equal(row, ContrastRow.Parse([.. row.Cells])));
        Assert.All(rows, row => Assert.Null(row.Low));
    }
}
