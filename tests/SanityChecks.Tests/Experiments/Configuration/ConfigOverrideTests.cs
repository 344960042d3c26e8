using SanityChecks.Experiments.Configuration;

namespace SanityChecks.Tests.Experiments.Configuration;

public class ConfigOverrideTests
{
    [Fact]
    public void An_override_takes_any_yaml_value()
    {
        ExperimentConfig config = Known.Parse(
            "images: { count: 5, root: r }\nmethods: [gradient]\n",
            "images.count=20", "methods=[grad_cam,gradient]", "target=tiger shark", "output={maps: npy}", "seed = 9",
            "model.weights=a=b.pth", "strict=true");
        Assert.Equal(20, config.Images.Count);
        Assert.Equal("r", config.Images.Root);
        Assert.Equal(["grad_cam", "gradient"], config.Methods.Select(method => method.Id));
        Assert.Equal("tiger shark", config.Target);
        Assert.Equal(MapFiles.Npy, config.Output.Maps);
        Assert.Equal(9UL, config.Seed);
        Assert.Equal("a=b.pth", config.Model.Weights);
        Assert.True(config.Strict);
    }

    [Fact]
    public void A_later_override_wins() =>
        Assert.Equal(3, Known.Parse("seed: 1", "images={count: 2, batch: 4}", "images.count=3").Images.Count);

    [Fact]
    public void An_override_replaces_a_wrong_value_of_the_file() =>
        Assert.Equal(3, Known.Parse("images: { count: none }", "images.count=3").Images.Count);

    [Fact]
    public void An_override_fills_an_empty_section() => Assert.Equal(3, Known.Parse("seed: 1\nimages:\n", "images.count=3").Images.Count);

    [Theory]
    [InlineData("engine: cpu", "engine.tf32=true", "cpu")]
    [InlineData("seed: 1", "engine.tf32=true", "auto")]
    [InlineData("engine: { name: cpu, tf32: true }", "engine.name=reference", "reference")]
    public void One_key_of_a_section_that_is_written_as_a_name_leaves_the_name(string yaml, string text, string name) =>
        Assert.Equal(new EngineConfig { Name = name, Tf32 = true }, Known.Parse(yaml, text).Engine);

    [Fact]
    public void A_name_alone_replaces_the_whole_section() =>
        Assert.Equal(new EngineConfig { Name = "cpu" }, Known.Parse("engine: { name: reference, tf32: true }", "engine=cpu").Engine);

    [Theory]
    [InlineData("images.count=0", "--set images.count=0: images.count: must be an integer from 1 to 2147483647, not '0'")]
    [InlineData("images.cuont=9", "--set images.cuont=9: images.cuont: unknown key, nearest is 'images.count'; allowed in images: source, root, synset, count, batch, paths, list, solution, annotations")]
    [InlineData("output={map: png}", "--set output={map: png}: output.map: unknown key, nearest is 'output.maps'; allowed in output: maps, maps_for_images")]
    [InlineData("output={maps: png, maps: npy}", "--set output={maps: png, maps: npy}: output.maps: given twice, first at --set output={maps: png, maps: npy}; keep one")]
    [InlineData("metrics=[ssim,ssmi]", "--set metrics=[ssim,ssmi]: metrics: 'ssmi' is not known, nearest is 'ssim'; allowed: spearman, spearman_abs, ssim, hog")]
    [InlineData("metrics=[ssim", "--set metrics=[ssim: metrics: not valid YAML: While parsing a flow sequence, did not find expected ',' or ']'")]
    [InlineData("seed=", "--set seed=: seed: must be an integer from 0 to 18446744073709551615, not empty")]
    [InlineData("seed.x=1", "--set seed.x=1: seed: must be an integer from 0 to 18446744073709551615, not a section")]
    [InlineData("model=vgg19", "--set model=vgg19: model: must be a section of keys, not 'vgg19'")]
    [InlineData("strict", "--set strict: override: must be key=value, such as images.count=20 or methods=[grad_cam,gradient]")]
    [InlineData("=3", "--set =3: override: must be key=value, such as images.count=20 or methods=[grad_cam,gradient]")]
    [InlineData("images..count=3", "--set images..count=3: override: must be key=value, such as images.count=20 or methods=[grad_cam,gradient]")]
    public void A_wrong_override_is_named_as_it_was_typed(string text, string line) => Assert.Equal(line, Known.Problems("seed: 1", text));

    [Fact]
    public void A_key_without_its_section_is_found() => Assert.StartsWith(
        "--set count=20: count: unknown key, nearest is 'images.count'; allowed at the top: experiment",
        Known.Problems("seed: 1", "count=20"));
}
