using MathNet.Numerics.Distributions;
using SanityChecks.Compute;
using SanityChecks.Experiments;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Experiments.Execution;
using SanityChecks.Experiments.WeightNoise;
using SanityChecks.Networks;
using SanityChecks.RunFiles;
using SanityChecks.Saliency.Randomization;
using SanityChecks.Saliency.Similarity;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.Experiments;

/// <summary>The experiment that disturbs weights: its values by the formula, its rows, and what it measures of the networks.</summary>
public sealed class WeightNoiseTests : IDisposable
{

    private readonly SmallRun small = new();

    public void Dispose() => small.Dispose();

    private static IReadOnlyList<RandomizationStep> Steps(Network network, string layers, params string[] scales)
    {
        ConfiguredExperiment configured = ConfiguredExperiment.Of(
            WeightNoise.Experiment, new Dictionary<string, IReadOnlyList<string>> { ["scales"] = scales });
        return configured.Experiment.Steps(LayerSelection.Select(network, [layers], LayerOrder.TopDown), configured.Values);
    }

    private static string[] Overrides(string batch) =>
        ["experiment={name: weight_noise, scales: [1, 0.25]}", "randomization={draws: 2}", batch];

    private static SimilarityScore Distance(float[] trained, float[] other) =>
        Assert.Single(WeightNoise.Experiment.Measures).Compare(trained, other);

    [Fact]
    public void Every_weight_and_bias_gets_normal_noise_of_its_own_tensors_deviation()
    {
        (Network network, Weights trained) = SmallNetworks.Narrow("vgg16", width: 3);
        Weights disturbed = Assert.Single(Steps(network, "all", "0.5")).Weights(new Randomizer(trained, Initializers.All[0], 9), 2);
        foreach (string name in trained.Names)
        {
            double[] values = [.. trained[name].Values.ToArray().Select(value => (double)value)];
            double deviation = Math.Sqrt(values.Sum(value => Math.Pow(value - values.Average(), 2)) / values.Length);
            var stream = new RandomStream(9, 2, name);
            Assert.All(
                Enumerable.Range(0, values.Length), i =>
                    Assert.Equal(values[i] + (0.5 * deviation * Normal.InvCDF(0, 1, stream.Uniform(i))), disturbed[name].Values[i], 2e-6));
        }
    }

    [Fact]
    public void A_larger_scale_goes_further_the_same_way_and_no_scale_nowhere()
    {
        (Network network, Weights trained) = SmallNetworks.Narrow("vgg16", width: 3);
        Weights[] steps =
            [.. Steps(network, "all", "2", "0", "1").Select(step => step.Weights(new Randomizer(trained, Initializers.All[0], 1), 0))];
        foreach (string name in trained.Names)
        {
            Assert.Equal(trained[name].Values.ToArray(), steps[0][name].Values.ToArray());
            Assert.All(Enumerable.Range(0, (int)trained[name].Shape.Count), i => Assert.Equal(
                2 * (steps[1][name].Values[i] - (double)trained[name].Values[i]),
                steps[2][name].Values[i] - (double)trained[name].Values[i], 2e-6));
        }
    }

    [Fact]
    public void Only_the_chosen_layers_are_disturbed_and_running_statistics_never()
    {
        Network network = GraphSketch.Residual();
        Weights trained = SmallNetworks.Fill(network);
        Weights disturbed = Assert.Single(Steps(network, "bn1", "1")).Weights(new Randomizer(trained, Initializers.All[0], 1), 0);
        Assert.Equal(["bn1.bias", "bn1.weight"], trained.Names.Where(name => !ReferenceEquals(trained[name], disturbed[name])).Order());
    }

    [Theory]
    [InlineData(0, 3f, 4f)]
    [InlineData(1, 0f, 0f)]
    [InlineData(2, -3f, -4f)]
    [InlineData(0.2, 3f, 5f)]
    public void The_distance_of_logits_is_relative_to_their_length(double expected, params float[] other) =>
        Assert.Equal(expected, Distance([3, 4], other).Value!.Value, 1e-15);

    [Fact]
    public void A_distance_that_means_nothing_has_no_value()
    {
        Assert.Equal(new SimilarityScore(null, "constant_original"), Distance([0, 0], [1, 2]));
        Assert.Equal(new SimilarityScore(null, "non_finite_randomized"), Distance([1, 2], [1, float.NaN]));
        Assert.Equal(new SimilarityScore(null, "non_finite_both"), Distance([float.PositiveInfinity, 2], [1, float.NaN]));
    }

    [Fact]
    public void A_run_has_the_distance_of_every_network_beside_its_maps()
    {
        RunResult result = small.Run("noise", Overrides("images.batch=3"));
        IReadOnlyList<ScoreRow> rows =
            [.. small.AllScores("noise").Where(row => row.Metric is "spearman" or "ssim" or "logit_distance")];
        Assert.Equal(["0 ", "1 0.25", "2 1"], rows.Select(row => $"{row.Step} {row.Layer}").Distinct());
        Assert.Equal(4 * 3 * 5, rows.Count);
        ScoreRow[] networks = [.. rows.Where(row => row.Method == ScoreRow.Network)];
        Assert.Equal(4 * 5, networks.Length);
        Assert.All(
            networks, row =>
                Assert.Equal(("logit_distance", "output", "original", "ok"), (row.Metric, row.Resolution, row.Reference, row.Status)));
        Assert.All(networks, row => Assert.Equal(row.Step == 0, row.Value == 0));
        Assert.All(
            networks.GroupBy(row => (row.Image, row.Draw)).Where(one => one.Key.Draw > 0), one =>
                Assert.True(one.First().Value < one.Last().Value));
        Assert.Equal(
            [small.Of("noise", "charts", "logit_distance.svg")],
            result.Charts.Where(chart => chart.Contains("logit", StringComparison.Ordinal)));

        small.Run("one by one", Overrides("images.batch=1"));
        Assert.Equal(small.ScoreBytes("noise"), small.ScoreBytes("one by one"));
        Assert.True(small.Run("noise", Overrides("images.batch=3")).AlreadyComplete);
    }

    [Theory]
    [InlineData("experiment: weight_noise", "{name: weight_noise, scales: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]}")]
    [InlineData("experiment: {name: weight_noise, scales: 1e-1}", "{name: weight_noise, scales: [0.1]}")]
    public void The_resolved_configuration_spells_out_the_scales_and_reads_to_an_equal_one(string yaml, string resolved)
    {
        ExperimentConfig config = ExperimentConfig.Parse(yaml, "c.yaml", [], Catalogue.Vocabulary);
        Assert.Equal(resolved, config.ToPairs().Single(pair => pair.Key == "experiment").Value);
        Assert.Equal(config, ExperimentConfig.Parse(config.ToYaml(), "again.yaml", [], Catalogue.Vocabulary));
        Assert.NotEqual(config, ExperimentConfig.Parse(config.ToYaml(), "again.yaml", ["experiment.scales=[3]"], Catalogue.Vocabulary));
    }

    [Theory]
    [InlineData("experiment: {name: weight_noise, scales: [0.1, 1e-1]}", "c.yaml:1: experiment.scales: must be a list of different numbers from 0 to 1000, not '0.1, 1e-1'")]
    [InlineData("experiment: {name: weight_noise, scales: [-1]}", "c.yaml:1: experiment.scales: must be a list of different numbers from 0 to 1000, not '-1'")]
    [InlineData("experiment: {name: weight_noise, scale: [1]}", "c.yaml:1: experiment.scale: unknown key, nearest is 'experiment.scales'; allowed in experiment: name, scales")]
    [InlineData("experiment: {name: cascading_randomization, scales: [1]}", "c.yaml:1: experiment.scales: unknown key; allowed in experiment: name")]
    [InlineData("{experiment: weight_noise, randomization: {initializer: he_normal}}", "c.yaml:1: randomization.initializer: has no effect in experiment: weight_noise; remove it, or choose another experiment")]
    public void What_is_wrong_is_said_with_what_is_right(string yaml, string message) =>
        Assert.Equal(
            message, Assert.Throws<ConfigException>(() => ExperimentConfig.Parse(yaml, "c.yaml", [], Catalogue.Vocabulary)).Message);
}
