using SanityChecks.Experiments;
using SanityChecks.Experiments.Configuration;

namespace SanityChecks.Tests.Experiments.Configuration;

/// <summary>The key <c>metrics</c> with parameters and names.</summary>
public class MetricsConfigTests
{
    private static ExperimentConfig Parse(string metrics) =>
        ExperimentConfig.Parse($"metrics: {metrics}\n", "c.yaml", [], Catalogue.Vocabulary);

    [Theory]
    [InlineData("[spearman, ssim]", "[spearman, ssim]")]
    [InlineData("{name: ssim, window: gaussian, data_range: 1.0}", "[ssim]")]
    [InlineData("[hog, {name: hog, correlation: spearman, as: hog_ranks}]", "[hog, {name: hog, correlation: spearman, as: hog_ranks}]")]
    [InlineData("{name: top_k, k: 2e-1}", "[{name: top_k, k: 0.2}]")]
    [InlineData("{name: ssim, data_range: 2, covariance: sample, as: ssim_paper}", "[{name: ssim, window: gaussian, size: 7, data_range: 2, covariance: sample, dimensions: 2, scale: unit, as: ssim_paper}]")]
    [InlineData("{name: spearman, values: abs, as: magnitudes}", "[{name: spearman, values: abs, as: magnitudes}]")]
    [InlineData("[ssim, {name: ssim, as: again}]", "[ssim, {name: ssim, window: gaussian, size: 7, data_range: 1, covariance: population, dimensions: 2, scale: unit, as: again}]")]
    public void The_resolved_configuration_spells_out_every_parameter_unless_all_are_defaults(string written, string resolved)
    {
        ExperimentConfig config = Parse(written);
        Assert.Equal(resolved, config.ToPairs().Single(pair => pair.Key == "metrics").Value);
        ExperimentConfig again = ExperimentConfig.Parse(config.ToYaml(), "again.yaml", [], Catalogue.Vocabulary);
        Assert.Equal(config, again);
        Assert.Equal(config.Metrics.Select(metric => metric.Id), again.Metrics.Select(metric => metric.Id));
    }

    [Theory]
    [InlineData("[top_k, top_k]", "c.yaml:1: metrics: 'top_k' is listed twice; give one of them another name with as")]
    [InlineData("[spearman, spearman]", "c.yaml:1: metrics: 'spearman' is listed twice")]
    [InlineData("{name: top_k, k: 1.5}", "c.yaml:1: metrics.k: must be a whole number from 1, or a part between 0 and 1, not '1.5'")]
    [InlineData("{name: top_k, k: 0}", "c.yaml:1: metrics.k: must be a whole number from 1, or a part between 0 and 1, not '0'")]
    [InlineData("{name: ssim, data_range: both}", "c.yaml:1: metrics.data_range: must be joint or a number from 1E-09 to 1000000000, not 'both'")]
    [InlineData("{name: ssim, size: 8}", "c.yaml:1: metrics.size: must be one of 7, 3, 5, 9, 11, 13, 15, not '8'")]
    [InlineData("{name: ssim, windows: uniform}", "c.yaml:1: metrics.windows: unknown key, nearest is 'metrics.window'; allowed in metrics: name, window, size, data_range, covariance, dimensions, scale, values, as")]
    [InlineData("{name: pearsn}", "c.yaml:1: metrics: 'pearsn' is not known, nearest is 'pearson'")]
    public void What_is_wrong_is_said_with_what_is_right(string written, string beginning) =>
        Assert.StartsWith(beginning, Assert.Throws<ConfigException>(() => Parse(written)).Message, StringComparison.Ordinal);
}
