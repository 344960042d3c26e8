using SanityChecks.Compute.Reference;
using SanityChecks.Experiments;
using SanityChecks.Experiments.Regression;

namespace SanityChecks.Tests.Experiments.Regression;

public class EngineDriftTests
{
    [Theory]
    [InlineData(1)]
    [SlowInlineData(2)]
    public void Another_engine_is_within_the_default_tolerances(int images)
    {
        using var small = new SmallRun();
        string[] overrides = ["methods=[grad_cam,guided_backprop]", "metrics=[spearman,spearman_abs,ssim,hog]", $"images.count={images}"];
        small.Run("fast", overrides);
        small.Run("slow", new ReferenceEngine(), null, CancellationToken.None, overrides);
        Comparison comparison = Comparison.Of(
            Baseline.OfRun(small.Of("fast"), Catalogue.Vocabulary), Baseline.OfRun(small.Of("slow"), Catalogue.Vocabulary),
            Tolerances.Default);
        foreach (Drift drift in comparison.Scores!.Largest.Values.Concat(comparison.Means.Largest.Values))
        {
            TestContext.Current.TestOutputHelper!.WriteLine(FormattableString.Invariant($"{drift.Row.Metric} {drift.Quantity}: {drift.Difference:E1} of {drift.Tolerance:G3} ({drift.Row.Method}, step {drift.Row.Step})"));
        }

        Assert.False(comparison.HasDrift);
        Assert.InRange(comparison.Scores.Changed, 1, comparison.Scores.Rows);
    }
}
