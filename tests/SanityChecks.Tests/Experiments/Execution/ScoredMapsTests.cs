using SanityChecks.RunFiles;

namespace SanityChecks.Tests.Experiments.Execution;

/// <summary>What is done to maps before they are scored: resolutions, and what stands where a map is constant.</summary>
public sealed class ScoredMapsTests : IDisposable
{
    private readonly SmallRun small = new();

    [Fact]
    public void Native_rows_are_the_methods_that_have_a_layers_size_and_change_no_other_row()
    {
        string[] methods = ["methods=[grad_cam,layer_cam,gradient]", "images.count=2", "metrics=[spearman,pearson]"];
        small.Run("input", methods);
        small.Run("both", [.. methods, "maps.resolution=[input,native]"]);
        IReadOnlyList<ScoreRow> both = small.Scores("both");
        Assert.Equal(small.Scores("input"), both.Where(row => row.Resolution == "input"));
        ScoreRow[] native = [.. both.Where(row => row.Resolution == "native")];
        Assert.Equal(["grad_cam", "layer_cam"], native.Select(row => row.Method).Distinct());
        Assert.Equal(2 * 4 * 2 * 2, native.Length);
        Assert.All(native.Where(row => row.Step == 0), row => Assert.Equal(1, row.Value));
        Assert.Contains(native, row => row.Value is { } value && row.Step > 0
            && value != both.Single(
                other => other.Resolution == "input"
                    && (other.Image, other.Step, other.Method, other.Metric) == (row.Image, row.Step, row.Method, row.Metric)).Value);
    }

    [Fact]
    public void A_dead_network_scores_zero_with_its_status_only_where_the_protocol_says_so()
    {
        using var dead = new SmallRun(dead: true);
        string[] plain = ["images.count=1", "randomization.layers=[fc8]", "preprocessing=imagenet"];
        dead.Run("omit", plain);
        dead.Run("zero", [.. plain, "protocol=seed_repository", "layer=auto", "metrics=[spearman,ssim]", "randomization.layers=[fc8]",
            "preprocessing=imagenet"]);
        Assert.All(dead.Scores("omit"), row => Assert.Null(row.Value));
        Assert.All(dead.Scores("zero"), row => Assert.Equal(0, row.Value));
        Assert.Equal(dead.Scores("omit").Select(row => row.Status), dead.Scores("zero").Select(row => row.Status));
        Assert.All(dead.Scores("zero"), row => Assert.StartsWith("constant", row.Status, StringComparison.Ordinal));
    }

    public void Dispose() => small.Dispose();
}
