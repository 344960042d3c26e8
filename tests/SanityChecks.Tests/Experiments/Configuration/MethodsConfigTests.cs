using SanityChecks.Experiments;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Saliency.Attribution;

namespace SanityChecks.Tests.Experiments.Configuration;

/// <summary>The key <c>methods</c> with parameters and names.</summary>
public class MethodsConfigTests
{
    private static ExperimentConfig Parse(string methods) =>
        ExperimentConfig.Parse($"methods: {methods}\n", "c.yaml", [], Catalogue.Vocabulary);

    private static string Problems(string methods) => Assert.Throws<ConfigException>(() => Parse(methods)).Message;

    [Theory]
    [InlineData("gradient", "[gradient]")]
    [InlineData("[grad_cam, {name: gradient}]", "[grad_cam, gradient]")]
    [InlineData("{name: gradient, as: plain}", "[{name: gradient, as: plain}]")]
    [InlineData("[grad_cam, integrated_gradients]", "[grad_cam, {name: integrated_gradients, steps: 50, baseline: black}]")]
    [InlineData("[{name: smooth_grad, noise: 2e-1, samples: 07, as: smooth}]", "[{name: smooth_grad, samples: 7, noise: 0.2, as: smooth}]")]
    [InlineData("[smooth_grad, {name: smooth_grad, samples: 9, as: few}]", "[{name: smooth_grad, samples: 50, noise: 0.15}, {name: smooth_grad, samples: 9, noise: 0.15, as: few}]")]
    [InlineData("{name: gradient, smooth: 50}", "[{name: gradient, smooth: 50, smooth_noise: 0.1}]")]
    [InlineData("{name: gradient, smooth: 0, smooth_noise: 0.3}", "[gradient]")]
    [InlineData("[{name: smooth_grad, smooth: 9, smooth_noise: 2e-1, as: twice}]", "[{name: smooth_grad, samples: 50, noise: 0.15, smooth: 9, smooth_noise: 0.2, as: twice}]")]
    [InlineData("[{name: grad_cam, relu: true}, {name: grad_cam, relu: false, as: whole}]", "[grad_cam, {name: grad_cam, relu: false, as: whole}]")]
    public void The_resolved_configuration_spells_out_every_parameter_and_reads_to_an_equal_one(string written, string resolved)
    {
        ExperimentConfig config = Parse(written);
        Assert.Equal(resolved, config.ToPairs().Single(pair => pair.Key == "methods").Value);
        ExperimentConfig again = ExperimentConfig.Parse(config.ToYaml(), "again.yaml", [], Catalogue.Vocabulary);
        Assert.Equal(config, again);
        Assert.Equal(config.Methods, again.Methods);
        Assert.Equal(config.ToYaml(), again.ToYaml());
    }

    [Theory]
    [InlineData("all")]
    [InlineData("[all]")]
    [InlineData("{name: all}")]
    public void All_is_every_method_with_its_defaults(string written)
    {
        ExperimentConfig config = Parse(written);
        Assert.Equal(Catalogue.Vocabulary.Methods.Select(method => ConfiguredMethod.Of(method)), config.Methods);
        Assert.Equal(config, ExperimentConfig.Parse(config.ToYaml(), "again.yaml", [], Catalogue.Vocabulary));
        Assert.StartsWith("c.yaml:1: methods: 'all' is not known", Problems("[all, gradient]"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_override_replaces_the_whole_list() => Assert.Equal(
        "[{name: rise, masks: 9, grid: 7, p: 0.5}]",
        ExperimentConfig.Parse("methods: [grad_cam]\n", "c.yaml", ["methods=[{name: rise, masks: 9}]"], Catalogue.Vocabulary).ToPairs()
            .Single(pair => pair.Key == "methods").Value);

    [Theory]
    [InlineData("[smooth_grad, smooth_grad]", "c.yaml:1: methods: 'smooth_grad' is listed twice; give one of them another name with as")]
    [InlineData("[grad_cam, {name: gradient, as: grad_cam}]", "c.yaml:1: methods: 'grad_cam' is listed twice")]
    [InlineData("[{name: smooth_grad, samples: 0}]", "c.yaml:1: methods.samples: must be an integer from 1 to 10000, not '0'")]
    [InlineData("[{name: integrated_gradients, baseline: gray}]", "c.yaml:1: methods.baseline: must be one of black, mean, white, blur, not 'gray'")]
    [InlineData("[{name: smooth_grad, sample: 3}]", "c.yaml:1: methods.sample: unknown key, nearest is 'methods.samples'; allowed in methods: name, samples, noise, as, smooth, smooth_noise")]
    [InlineData("[{name: gradient, steps: 3}]", "c.yaml:1: methods.steps: unknown key; allowed in methods: name, as, smooth, smooth_noise")]
    [InlineData("[{samples: 3}]", "c.yaml:1: methods: an entry has no name")]
    [InlineData("[{name: smoothgrad}]", "c.yaml:1: methods: 'smoothgrad' is not known, nearest is 'smooth_grad'; allowed: grad_cam,")]
    [InlineData("[{name: gradient, as: My maps}]", "c.yaml:1: methods.as: must be a name of up to 40 small letters, digits and underscores that begins with a letter, not 'My maps'")]
    [InlineData("[{name: gradient, as: [a]}]", "c.yaml:1: methods.as: must be a name for results, of small letters, digits and underscores, not a list")]
    [InlineData("[[gradient]]", "c.yaml:1: methods: must be a list of names from: grad_cam,")]
    [InlineData("[]", "c.yaml:1: methods: must be a list of names from: grad_cam,")]
    [InlineData("", "c.yaml:1: methods: must be a list of names from: grad_cam,")]
    public void What_is_wrong_is_said_with_what_is_right(string written, string beginning) =>
        Assert.StartsWith(beginning, Problems(written), StringComparison.Ordinal);
}
