using System.Text.Json;
using SanityChecks.Compute;
using SanityChecks.Experiments;
using SanityChecks.Experiments.Configuration;
using SanityChecks.RunFiles;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Similarity;
using SanityChecks.Tests.Similarity;

namespace SanityChecks.Tests.Experiments.Configuration;

/// <summary>Each protocol gives the numbers of its system's own definition (make_protocols.py), and is values of other keys.</summary>
public class ProtocolTests
{
    private const int Height = 64, Width = 80;

    public static TheoryData<string> Names => [.. Protocol.All.Select(protocol => protocol.Name)];

    private static ExperimentConfig Parse(string yaml, params string[] overrides) =>
        ExperimentConfig.Parse(yaml, "c.yaml", [.. overrides], Catalogue.Vocabulary);

    private static string Value(ExperimentConfig config, string key) => config.ToPairs().Single(pair => pair.Key == key).Value;

    [Theory, MemberData(nameof(Names))]
    public void Its_scores_are_those_of_its_system(string name)
    {
        ExperimentConfig config = Parse($"protocol: {name}");
        using JsonDocument reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(
            SharedFolder.RepositoryRoot, "tests", "SanityChecks.Tests", "Similarity", "protocols.json")));
        foreach (JsonElement row in reference.RootElement.GetProperty(name).EnumerateArray())
        {
            JsonElement scores = row.GetProperty("scores");
            Assert.Equal(scores.EnumerateObject().Select(score => score.Name).Order(), config.Metrics.Select(metric => metric.Id).Order());
            using MapFeatures original = Features(row.GetProperty("original")), randomized = Features(row.GetProperty("randomized"));
            Assert.All(config.Metrics, metric => Assert.Equal(
                scores.GetProperty(metric.Id).GetDouble(), metric.Score(original, randomized).Value!.Value, 1e-9));
        }

        MapFeatures Features(JsonElement kinds) => new(config.Maps.Reduction.Of(new SaliencyMap(
            new Shape(3, Height, Width),
            [.. kinds.EnumerateArray().SelectMany(kind => GeneratedMap.Make(kind.GetString()!, Height, Width).Values.ToArray())])));
    }

    [Theory, MemberData(nameof(Names))]
    public void The_resolved_configuration_has_its_name_and_every_value_and_reads_to_an_equal_one(string name)
    {
        ExperimentConfig config = Parse($"protocol: {name}");
        Assert.Equal(name, Value(config, "protocol"));
        Assert.Equal(config, Parse(config.ToYaml()));
        Assert.Equal(
            config.ToPairs().Skip(2), Parse(config.ToYaml().Replace("undefined: zero\n", "", StringComparison.Ordinal), "protocol=none")
                .ToPairs().Skip(2).Select(pair => pair.Key == "undefined" ? KeyValuePair.Create(pair.Key, Value(config, pair.Key)) : pair));
        Assert.Single(Protocol.NotesOn(config));
    }

    [Fact]
    public void What_the_file_or_an_override_gives_wins_and_is_said()
    {
        ExperimentConfig config = Parse(
            "protocol: seed_repository\nlayer: conv5_3\nmodel: { architecture: vgg16 }", "randomization.layers=all");
        Assert.Equal(
            ("vgg16", "imagenet", "conv5_3", "all", "zero"),
            (config.Model.Architecture, config.Model.Weights, config.GradCamLayer, Value(config, "randomization.layers"),
                Value(config, "undefined")));
        Assert.Equal(
            [
                "not as protocol seed_repository has it: model.architecture: vgg16, there vgg19",
                "not as protocol seed_repository has it: randomization.layers: all, there conv",
                "not as protocol seed_repository has it: layer: conv5_3, there pool5",
            ],
            Protocol.NotesOn(config).Skip(1));
        Assert.Contains("divide the sum over 50 images by 16", Protocol.NotesOn(config).First());
        Assert.Empty(Protocol.NotesOn(Parse("seed: 1")));
    }

    [Fact]
    public void A_protocol_of_the_command_line_wins_over_the_file_and_loses_to_other_overrides_and_leaves_the_network()
    {
        ExperimentConfig config = ExperimentConfig.Parse(
            "{target: label, layer: conv4_3, metrics: [hog], model: {architecture: vgg16}}", "c.yaml",
            ["maps.channels=abs_sum", "protocol=seed_repository"], Catalogue.Vocabulary);
        Assert.Equal(
            ("vgg16", "pool5", "abs_sum", "[conv]"),
            (config.Model.Architecture, config.GradCamLayer, Value(config, "maps.channels"), $"[{Value(config, "randomization.layers")}]"));
        Assert.Equal("[spearman, spearman_abs, ssim, hog]", Value(config, "metrics"));
    }

    [Theory]
    [InlineData("protocol: qantus", "c.yaml:1: protocol: 'qantus' is not known, nearest is 'quantus'; allowed: none, seed_repository, paper")]
    [InlineData("undefined: zero", "c.yaml:1: undefined: zero belongs to protocol: seed_repository")]
    [InlineData("maps: { channels: separate }", "c.yaml:1: maps.channels: separate channels are one vector, but ssim, hog look at rows and columns")]
    [InlineData("maps: { channels: all }", "c.yaml:1: maps.channels: 'all' is not known; allowed: sum, separate, abs_sum, abs_max")]
    [InlineData("maps: { resolution: [native] }", "c.yaml:1: maps.resolution: must contain input")]
    [InlineData("maps: { value: abs }", "c.yaml:1: maps.value: unknown key, nearest is 'maps.values'")]
    public void What_is_wrong_is_said_with_what_is_right(string yaml, string beginning) =>
        Assert.StartsWith(beginning, Assert.Throws<ConfigException>(() => Parse(yaml)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_row_of_a_constant_map_may_hold_a_zero_and_no_other_value()
    {
        string[] cells =
            ["a.png", "", "0", "1", "1", "cascading", "1", "fc8", "1", "grad_cam", "ssim", "input", "original", "0", "constant_randomized"];
        Assert.Equal(0, ScoreRow.Parse(cells).Value);
        cells[13] = "0.5";
        Assert.Throws<FormatException>(() => ScoreRow.Parse(cells));
    }
}
