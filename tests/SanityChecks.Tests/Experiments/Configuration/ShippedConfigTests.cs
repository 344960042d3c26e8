using System.Text.RegularExpressions;
using SanityChecks.Experiments;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Experiments.Training;
using SanityChecks.Networks.Architectures;
using SanityChecks.Saliency.Attribution;

namespace SanityChecks.Tests.Experiments.Configuration;

/// <summary>The files under configs/ are what a user starts from.</summary>
public class ShippedConfigTests
{
    public static TheoryData<string> Files => [.. Directory
        .EnumerateFiles(Path.Combine(SharedFolder.RepositoryRoot, "configs"), "*.yaml", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(SharedFolder.RepositoryRoot, file).Replace('\\', '/'))
        .Order(StringComparer.Ordinal)];

    public static TheoryData<string> Experiments => [.. Files.Select(row => row.Data).Where(file => !IsTraining(file))];

    public static TheoryData<string> Trainings => [.. Files.Select(row => row.Data).Where(IsTraining)];

    /// <summary>Whether a file is for the command <c>train</c>.</summary>
    public static bool IsTraining(string file) =>
        Regex.IsMatch(File.ReadAllText(Path.Combine(SharedFolder.RepositoryRoot, file)), "(?m)^train:");

    [Theory]
    [MemberData(nameof(Trainings))]
    public void A_shipped_training_loads(string file)
    {
        TrainingConfig config = TrainingConfig.Load(Path.Combine(SharedFolder.RepositoryRoot, file), [], Catalogue.Vocabulary);
        Assert.Equal(config, TrainingConfig.Parse(config.ToYaml(), "again.yaml", [], Catalogue.Vocabulary));
    }

    [Theory]
    [MemberData(nameof(Experiments))]
    public void A_shipped_configuration_loads(string file)
    {
        ExperimentConfig config = ExperimentConfig.Load(Path.Combine(SharedFolder.RepositoryRoot, file), [], Catalogue.Vocabulary);
        Assert.Equal(config, ExperimentConfig.Parse(config.ToYaml(), "again.yaml", [], Catalogue.Vocabulary));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_shipped_configuration_tells_its_question_its_command_and_each_value(string file)
    {
        string[] lines = File.ReadAllLines(Path.Combine(SharedFolder.RepositoryRoot, file));
        Assert.Matches(@"^# .+\?", lines[0]);
        string command = IsTraining(file) ? $"train --config {file}" : file == "configs/ci.yaml" ? $"verify {file} --against results/reference/ci.csv" : $"--config {file}";
        Assert.Contains($"#   dotnet run -- {command}", lines);
        Assert.All(lines.Where(line => Regex.IsMatch(line, @"^\s*\w+: *[^#\s]")), line => Assert.Matches(@"\S +# \w.+", line));
    }

    [Fact]
    public void The_configuration_of_all_methods_names_every_one_that_its_network_allows() => Assert.Equal(
        AttributionMethods.All.Where(method => method.Obstacle(Vgg.Vgg16()) is null).Select(method => method.Name).Order(),
        ExperimentConfig.Load(Path.Combine(SharedFolder.RepositoryRoot, "configs", "methods.yaml"), [], Catalogue.Vocabulary).Methods
            .Select(method => method.Method.Name).Order());

    [Theory]
    [InlineData("imagenet/cascade", "cascading_randomization", "vgg16", "grad_cam, guided_grad_cam")]
    [InlineData("imagenet/independent", "independent_randomization", "vgg16", "grad_cam, guided_grad_cam")]
    [InlineData("squeezenet/cascade", "cascading_randomization", "squeezenet1_1", "grad_cam, guided_grad_cam, guided_backprop")]
    [InlineData("squeezenet/independent", "independent_randomization", "squeezenet1_1", "grad_cam, guided_grad_cam, guided_backprop")]
    public void The_ImageNet_configurations_differ_from_the_defaults_only_as_their_names_say(
        string name, string experiment, string architecture, string methods)
    {
        string path = Path.Combine(SharedFolder.RepositoryRoot, "configs", name + ".yaml");
        var expected = new ExperimentConfig
        {
            Experiment = Catalogue.Find(experiment),
            Model = new ModelConfig { Architecture = architecture },
            Methods = [.. methods.Split(", ").Select(method => ConfiguredMethod.Of(AttributionMethods.Find(method)))],
        };
        Assert.Empty(expected.Differences(ExperimentConfig.Load(path, [], Catalogue.Vocabulary)));
    }
}
