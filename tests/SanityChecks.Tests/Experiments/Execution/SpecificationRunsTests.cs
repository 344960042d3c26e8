using SanityChecks.Compute.Cpu;
using SanityChecks.Experiments;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Experiments.Execution;
using SanityChecks.RunFiles;

namespace SanityChecks.Tests.Experiments.Execution;

/// <summary>A run with the other defensible ways of making it, and a run with a ceiling.</summary>
public sealed class SpecificationRunsTests : IDisposable
{
    private const string Written = "specifications={maps: [abs], order: [bottom_up], initializer: [permutation], target: [repredicted]}";

    private readonly SmallRun small = new();

    public void Dispose() => small.Dispose();

    private SpecificationRuns Run(params string[] overrides)
    {
        small.Run("run", overrides);
        var runs = new SpecificationRuns(small.Plan(overrides), new RunFolder(small.Of("run")));
        using var engine = new CpuEngine(2);
        foreach ((Specification Networks, Plan Plan) other in runs.Others)
        {
            runs.Run(other, engine, Catalogue.Vocabulary, new Silent(), CancellationToken.None);
        }

        runs.Write();
        return runs;
    }

    [Fact]
    public void All_combinations_are_scored_each_set_of_networks_in_one_run()
    {
        string[] overrides = ["methods=[grad_cam,gradient]", "references=[original,other_image]", Written];
        SpecificationRuns runs = Run(overrides);
        Assert.Equal(7, runs.Others.Count);
        string[] lines = File.ReadAllLines(small.Of("run", "specifications.csv"));

        // Two methods, two metrics with two treatments of maps, two orders, two initializers and two targets.
        Assert.Equal(1 + (2 * 2 * 2 * 2 * 2 * 2), lines.Length);
        Assert.Contains(lines, line => line.StartsWith("gradient,ssim,abs,bottom_up,permutation,repredicted,4,", StringComparison.Ordinal));
        Assert.All(new[] { "grad_cam", "gradient" }, method =>
            Assert.True(File.Exists(small.Of("run", "charts", $"specifications.{method}.svg"))));
        Assert.Contains("charts/specifications.gradient.svg", File.ReadAllText(small.Of("run", "report.html")), StringComparison.Ordinal);

        // The row of another specification is that of an ordinary run with its values.
        small.Run("alone", "methods=[grad_cam,gradient]", "references=[original,other_image]", "randomization.order=bottom_up",
            "randomization.initializer=permutation", "target=repredicted");
        ScoreRow[] within = [.. ScoresFile.Read(small.Of("run", "specifications", "bottom_up-permutation-repredicted", "scores.csv"))];
        Assert.Equal(
            small.AllScores("alone"), within.Where(row => !row.Metric.EndsWith("_of_abs", StringComparison.Ordinal)));

        byte[] before = File.ReadAllBytes(small.Of("run", "specifications.csv"));
        Run(overrides);
        Assert.Equal(before, File.ReadAllBytes(small.Of("run", "specifications.csv")));
    }

    [Fact]
    public void What_needs_the_same_maps_needs_no_run_of_its_own()
    {
        Assert.Empty(Run("methods=[gradient]", "specifications={metrics: [ssim], maps: [positive]}").Others);
        Assert.Equal(["spearman", "ssim", "ssim_of_positive"], small.Scores("run").Select(row => row.Metric).Distinct());
        ScoreRow[] positive = [.. small.Scores("run").Where(row => row.Metric == "ssim_of_positive")];
        small.Run("positive", "methods=[gradient]", "metrics=[ssim]", "maps.values=positive");
        Assert.Equal(small.Scores("positive").Select(row => row.Value), positive.Select(row => row.Value));
    }

    [Fact]
    public void The_maps_of_another_training_are_a_reference_and_no_null()
    {
        string[] overrides = ["methods=[grad_cam,gradient]", "references=[original,other_image]"];
        small.Run("without", overrides);
        string twin = small.Of("twin.safetensors");
        File.Copy(small.WeightsPath, twin);
        small.Run("same", [.. overrides, $"ceiling='{twin}'"]);
        ScoreRow[] same = [.. small.Scores("same")];
        Assert.Equal(small.Scores("without"), same.Where(row => row.Reference != ScoreRow.OtherTraining));

        // A twin with the same weights is the original.
        Assert.Equal(
            same.Where(row => row.Reference == ScoreRow.Original).Select(row => row.Value),
            same.Where(row => row.Reference == ScoreRow.OtherTraining).Select(row => row.Value));
        Assert.Equal(File.ReadAllBytes(small.Of("without", "contrasts.csv")), File.ReadAllBytes(small.Of("same", "contrasts.csv")));

        small.SaveWeights(value => Math.Sign(value) * Math.Sqrt(Math.Abs(value)));
        File.Move(small.WeightsPath, twin, overwrite: true);
        small.SaveWeights(value => value);
        small.Run("other", [.. overrides, $"ceiling='{twin}'"]);
        Assert.All(
            small.Scores("other").Where(row => row is { Reference: ScoreRow.OtherTraining, Step: 0, Method: "gradient" }),
            row => Assert.InRange(row.Value!.Value, -1, 0.99));
        Assert.Contains("Ceiling: a network trained to the same from another seed", File.ReadAllText(small.Of("other", "verdict.json")), StringComparison.Ordinal);
        Assert.Contains("twin.safetensors", File.ReadAllText(small.Of("other", "manifest.json")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("specifications: {order: [sideways]}", "c.yaml:1: specifications.order: 'sideways' is not known")]
    [InlineData("specifications: {metrics: [hug]}", "c.yaml:1: specifications.metrics: 'hug' is not known, nearest is 'hog'")]
    [InlineData("specifications: {map: [abs]}", "c.yaml:1: specifications.map: unknown key, nearest is 'specifications.maps'")]
    [InlineData("specifications: {maps: [abs]}\nmaps: {values: positive}", "c.yaml:1: specifications.maps: needs maps.values: signed")]
    [InlineData("experiment: independent_randomization\nspecifications: {order: [bottom_up]}", "c.yaml:2: specifications.order: has no effect in experiment: independent_randomization")]
    [InlineData("experiment: weight_noise\nspecifications: {initializer: [he_normal]}", "c.yaml:2: specifications.initializer: has no effect")]
    [InlineData("metrics: [entropy_rise]\nspecifications: {metrics: [entropy_rise]}", "c.yaml:2: specifications.metrics: entropy_rise is no similarity")]
    [InlineData("metrics: [{name: ssim, values: abs, as: magnitudes}]\nspecifications: {metrics: [magnitudes]}", "c.yaml:2: specifications.metrics: magnitudes has values of its own")]
    public void What_makes_no_sense_is_said(string yaml, string beginning) => Assert.StartsWith(
        beginning, Assert.Throws<ConfigException>(() => ExperimentConfig.Parse(yaml, "c.yaml", [], Catalogue.Vocabulary)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void The_resolved_configuration_spells_them_out_and_reads_back()
    {
        ExperimentConfig config = small.Config(Written);
        Assert.Equal(["signed", "abs"], config.Specifications.Maps);
        Assert.Equal(["he_normal", "permutation"], config.Specifications.Initializer);
        Assert.Equal(["spearman", "ssim", "spearman_of_abs", "ssim_of_abs"], config.Metrics.Select(metric => metric.Id));
        Assert.Equal(config, ExperimentConfig.Parse(config.ToYaml(), "again.yaml", [], Catalogue.Vocabulary));
    }

    private sealed class Silent : IProgress<RunProgress>
    {
        public void Report(RunProgress value)
        {
        }
    }
}
