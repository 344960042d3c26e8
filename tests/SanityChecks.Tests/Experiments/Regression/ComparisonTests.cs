using SanityChecks.Experiments.Regression;
using SanityChecks.RunFiles.Statistics;
using SanityChecks.RunFiles;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Tests.Experiments.Regression;

public class ComparisonTests
{
    private static readonly double Ssim = Tolerances.Default["ssim"];

    /// <summary>Two images, two steps, two methods, two metrics.</summary>
    private static readonly ScoreRow[] Rows =
    [
        .. from image in new[] { "a.png", "b.png" }
           from step in new[] { 0, 1 }
           from method in new[] { "grad_cam", "guided_backprop" }
           from metric in new[] { "spearman", "ssim" }
           select new ScoreRow(
               image, 7, 3, 1.5f, -2.25f, "cascading", step, step == 0 ? "" : "fc8", step, method, metric, "input", ScoreRow.Original,
               step == 0 ? 1 : 0.25, ScoreStatus.Ok),
    ];

    private static Baseline Of(IReadOnlyList<ScoreRow> rows) => new(
        new BaselineFacts
        {
            Version = "1",
            Engine = new EngineRecord("cpu", ""),
            Seed = 1,
            Weights = new FileRecord("w", "0"),
            Images = [],
            Config = new Dictionary<string, string>(),
        },
        rows,
        Summary.Of(rows));

    private static Comparison Compare(IReadOnlyList<ScoreRow> now, Tolerances? tolerances = null) =>
        Comparison.Of(Of(Rows), Of(now), tolerances ?? Tolerances.Default);

    /// <summary>The rows with one replaced: b.png, step 1, guided_backprop, ssim.</summary>
    private static ScoreRow[] With(Func<ScoreRow, ScoreRow> change) => [.. Rows[..^1], change(Rows[^1])];

    private static Drift OnlyScore(IReadOnlyList<ScoreRow> now)
    {
        Comparison comparison = Compare(now);
        Assert.True(comparison.HasDrift);
        Assert.Equal(1, comparison.Scores!.Drifted);
        return Assert.Single(comparison.Scores.Drifts);
    }

    [Fact]
    public void The_same_rows_in_any_order_have_not_drifted()
    {
        Comparison comparison = Compare([.. Rows.Reverse()], Tolerances.Default.With(["spearman=0", "ssim=0"], ["spearman", "ssim"]));
        Assert.False(comparison.HasDrift);
        Assert.Equal((16, 0, 8, 0), (comparison.Scores!.Rows, comparison.Scores.Changed, comparison.Means.Rows, comparison.Means.Changed));
        Assert.Equal(["spearman", "ssim"], comparison.Scores.Largest.Keys);
        Assert.All(
            comparison.Scores.Largest.Values.Concat(comparison.Means.Largest.Values), drift =>
                Assert.Equal((0, 0), (drift.Difference, drift.Ratio)));
    }

    [Fact]
    public void One_score_off_by_two_tolerances_is_named()
    {
        Drift drift = OnlyScore(With(row => row with { Value = 0.25 - (2 * Ssim) }));
        Assert.Equal(new RowPlace("b.png", "cascading", 1, "fc8", 1, "guided_backprop", "ssim", "input", ScoreRow.Original), drift.Row);
        Assert.Equal(("value", "0.2500000"), (drift.Quantity, drift.Baseline));
        Assert.Equal(-2 * Ssim, drift.Difference!.Value, 12);
        Assert.Equal(Ssim, drift.Tolerance);
        Assert.Equal(2, drift.Ratio, 9);
    }

    [Fact]
    public void A_difference_within_tolerance_is_told_and_is_no_drift()
    {
        Comparison comparison = Compare(With(row => row with { Value = 0.25 + (0.9 * Ssim) }));
        Assert.False(comparison.HasDrift);
        Assert.Equal((1, 1), (comparison.Scores!.Changed, comparison.Means.Changed));
        Assert.Equal(("b.png", 1), (comparison.Scores.Largest["ssim"].Row.Image, comparison.Scores.Largest["ssim"].Row.Step));
        Assert.Equal(0, comparison.Scores.Largest["spearman"].Difference);
    }

    [Fact]
    public void A_difference_of_the_tolerance_itself_is_none()
    {
        var tolerances = Tolerances.Default.With(["ssim=0.25"], ["ssim"]);
        Assert.False(Compare(With(row => row with { Value = 0.5 }), tolerances).HasDrift);
        Assert.True(Compare(With(row => row with { Value = Math.BitIncrement(0.5) }), tolerances).HasDrift);
    }

    [Fact]
    public void The_largest_relative_to_its_tolerance_comes_first()
    {
        var tolerances = Tolerances.Default.With(["spearman=0.001", "ssim=0.1"], ["spearman", "ssim"]);
        Comparison comparison = Compare([.. Rows.Select(row => (row.Image, row.Step, row.Method, row.Metric) switch
        {
            ("a.png", 1, "grad_cam", "ssim") => row with { Value = row.Value + 0.2 },
            ("b.png", 1, "grad_cam", "spearman") => row with { Value = row.Value - 0.005 },
            ("b.png", 0, "grad_cam", "spearman") => row with { Value = row.Value - 0.003 },
            ("b.png", 1, "guided_backprop", "spearman") => row with { Value = null, Status = ScoreStatus.ConstantRandomized },
            _ => row,
        })], tolerances);
        Assert.Equal(["status", "value", "value", "value"], comparison.Scores!.Drifts.Select(drift => drift.Quantity));
        Assert.Equal([-0.005, -0.003, 0.2], comparison.Scores.Drifts.Skip(1).Select(drift => Math.Round(drift.Difference!.Value, 9)));
        Assert.Equal("defined", comparison.Means.Drifts[0].Quantity);
        Assert.Equal(("2 of 2", "1 of 2"), (comparison.Means.Drifts[0].Baseline, comparison.Means.Drifts[0].Now));
    }

    [Fact]
    public void A_value_that_became_undefined_is_a_drift_whatever_is_tolerated()
    {
        Drift drift = OnlyScore(With(row => row with { Value = null, Status = ScoreStatus.ConstantBoth }));
        Assert.Equal(
            ("status", "0.2500000", ScoreStatus.ConstantBoth, null, null),
            (drift.Quantity, drift.Baseline, drift.Now, drift.Difference, drift.Tolerance));
        Assert.True(drift.Ratio > 1e300);
    }

    [Fact]
    public void Another_reason_for_an_undefined_value_is_a_drift()
    {
        Baseline Undefined(string status) => Of(With(row => row with { Value = null, Status = status }));
        Comparison comparison = Comparison.Of(
            Undefined(ScoreStatus.ConstantBoth), Undefined(ScoreStatus.NonFiniteRandomized), Tolerances.Default);
        Assert.Equal(
            (ScoreStatus.ConstantBoth, ScoreStatus.NonFiniteRandomized),
            (Assert.Single(comparison.Scores!.Drifts).Baseline, comparison.Scores.Drifts[0].Now));
        Assert.False(Comparison.Of(Undefined(ScoreStatus.ConstantBoth), Undefined(ScoreStatus.ConstantBoth), Tolerances.Default).HasDrift);
    }

    [Fact]
    public void A_value_that_is_no_number_is_a_drift() =>
        Assert.Equal("value", OnlyScore(With(row => row with { Value = double.NaN })).Quantity);

    [Fact]
    public void Another_target_or_label_is_a_drift()
    {
        Assert.Equal(("target", "3", "4"), Words(OnlyScore(With(row => row with { Target = 4 }))));
        Assert.Equal(("label", "7", "none"), Words(OnlyScore(With(row => row with { Label = null }))));

        static (string, string, string) Words(Drift drift) => (drift.Quantity, drift.Baseline, drift.Now);
    }

    [Fact]
    public void A_row_that_is_missing_or_new_is_a_drift()
    {
        Drift missing = OnlyScore(Rows[..^1]);
        Assert.Equal(("row", "0.2500000", "missing", "b.png"), (missing.Quantity, missing.Baseline, missing.Now, missing.Row.Image));
        Drift added = OnlyScore([.. Rows, Rows[^1] with { Draw = 2 }]);
        Assert.Equal(("row", "none", "0.2500000", 2), (added.Quantity, added.Baseline, added.Now, added.Row.Draw!.Value));
    }

    [Fact]
    public void A_layer_of_another_name_is_a_drift()
    {
        Comparison comparison = Compare([.. Rows.Select(row => row.Step == 1 ? row with { Layer = "fc7" } : row)]);
        Assert.Equal(16, comparison.Scores!.Drifts.Count);
        Assert.Equal(24, comparison.Scores.Rows);
        Assert.Equal(8, comparison.Means.Drifts.Count);
    }

    [Fact]
    public void Scores_that_all_move_the_same_way_are_a_drift_of_their_mean()
    {
        Comparison comparison = Compare(
            [.. Rows.Select(row => row.Metric == "ssim" ? row with { Value = row.Value - (0.9 * Ssim) } : row)]);
        Assert.Empty(comparison.Scores!.Drifts);
        Assert.Equal(4, comparison.Means.Drifts.Count);
        Assert.All(comparison.Means.Drifts, drift => Assert.Equal(("mean", "ssim"), (drift.Quantity, drift.Row.Metric)));
        Assert.All(comparison.Means.Drifts, drift => Assert.Equal(0.9 * Math.Sqrt(2), drift.Ratio, 9));
    }

    [Fact]
    public void A_summary_is_compared_with_the_means_of_the_scores()
    {
        Baseline summary = Of(Rows) with { Scores = null };
        Comparison same = Comparison.Of(summary, Of(Rows), Tolerances.Default);
        Assert.Null(same.Scores);
        Assert.False(same.HasDrift);

        Comparison opposite = Comparison.Of(summary, Of([.. Rows.Select(row => (row.Step, row.Image) switch
        {
            (1, "a.png") => row with { Value = row.Value + 0.1 },
            (1, "b.png") => row with { Value = row.Value - 0.1 },
            _ => row,
        })]), Tolerances.Default);
        Assert.Equal(["sd", "sd", "sd", "sd"], opposite.Means.Drifts.Select(drift => drift.Quantity));

        Comparison mean = Comparison.Of(summary, Of(With(row => row with { Value = 0.25 + (3 * Ssim) })), Tolerances.Default);
        Assert.Equal(["mean", "sd"], mean.Means.Drifts.Select(drift => drift.Quantity).Order());
        Drift drift = mean.Means.Drifts.Single(drift => drift.Quantity == "mean");
        Assert.Equal((null, 1, "guided_backprop"), (drift.Row.Image, drift.Row.Step, drift.Row.Method));
        Assert.Equal((1.5 * Ssim, Ssim / Math.Sqrt(2)), (Math.Round(drift.Difference!.Value, 12), drift.Tolerance));
    }
}
