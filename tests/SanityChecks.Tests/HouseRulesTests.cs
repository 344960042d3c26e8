using System.Reflection;
using System.Text.RegularExpressions;
using SanityChecks.Compute;
using SanityChecks.Compute.Torch;
using SanityChecks.Experiments;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Imaging;
using SanityChecks.Reporting;
using SanityChecks.Saliency;
using SanityChecks.Tests.Experiments.Configuration;

namespace SanityChecks.Tests;

/// <summary>What CONTRIBUTING asks of every part: names, arrows between projects, sizes of files.</summary>
public class HouseRulesTests
{
    private const int LongestFile = 400;

    private static readonly string[] SourceFolders = ["src", "experiments", "tests"];

    private static IEnumerable<string> Sources => SourceFolders
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(SharedFolder.RepositoryRoot, folder), "*.cs", SearchOption.AllDirectories))
        .Select(file => Path.GetRelativePath(SharedFolder.RepositoryRoot, file).Replace('\\', '/'));

    public static TheoryData<string> Experiments => [.. Catalogue.Experiments.Select(experiment => experiment.Name)];

    [Theory]
    [MemberData(nameof(Experiments))]
    public void Every_experiment_has_a_configuration_that_runs_it(string experiment) => Assert.Contains(
        Directory.EnumerateFiles(Path.Combine(SharedFolder.RepositoryRoot, "configs"), "*.yaml", SearchOption.AllDirectories),
        file => !ShippedConfigTests.IsTraining(file) && ExperimentConfig.Load(file, [], Catalogue.Vocabulary).Experiment == experiment);

    [Theory]
    [MemberData(nameof(Experiments))]
    public void Every_experiment_asks_a_question_and_is_found_by_its_name(string experiment)
    {
        Experiment found = Catalogue.Find(experiment);
        Assert.Equal(experiment, found.Name);
        Assert.Matches(@"^[A-Z][^?\n]+\?$", found.Question);
        Assert.Equal(found.Name, found.Randomization + "_randomization");
    }

    [Fact]
    public void Names_that_users_type_are_snake_case_and_unique()
    {
        ConfigVocabulary names = Catalogue.Vocabulary;
        IReadOnlyList<string>[] lists = [names.Experiments, names.Architectures, names.NamedWeights, names.Preprocessings, names.Methods, names.Metrics, names.Initializers, Engines.Names];
        Assert.All(lists, list =>
        {
            Assert.NotEmpty(list);
            Assert.Equal(list.Distinct(StringComparer.OrdinalIgnoreCase), list);
            string variant = list == lists[^1] ? "(:[a-z0-9]+)?" : "";
            Assert.All(list, name => Assert.Matches($"^[a-z][a-z0-9]*(_[a-z0-9]+)*{variant}$", name));
        });
    }

    [Theory]
    [InlineData(typeof(Tensor), "")]
    [InlineData(typeof(RgbImage), "")]
    [InlineData(typeof(RunFolderException), "SanityChecks.Imaging")]
    [InlineData(typeof(SaliencyMap), "SanityChecks.Compute SanityChecks.Imaging")]
    [InlineData(typeof(TorchEngines), "SanityChecks.Compute")]
    [InlineData(typeof(Catalogue), "SanityChecks.Compute SanityChecks.Imaging SanityChecks.Reporting SanityChecks.Saliency")]
    public void Projects_reference_only_those_below_them(Type inside, string below) => Assert.Equal(
        below,
        string.Join(' ', inside.Assembly.GetReferencedAssemblies().Select(name => name.Name!).Where(name => name.StartsWith("SanityChecks", StringComparison.Ordinal)).Order()));

    [Fact]
    public void No_source_file_has_two_subjects() =>
        Assert.DoesNotContain(Sources, file => File.ReadLines(Path.Combine(SharedFolder.RepositoryRoot, file)).Count() > LongestFile);

    [Fact]
    public void Vector_instructions_are_used_in_the_fast_engine_alone()
    {
        string[] users = [.. Sources.Where(file => Regex.IsMatch(
            File.ReadAllText(Path.Combine(SharedFolder.RepositoryRoot, file)), @"^\s*(global )?using (static )?(\w+ = )?System\.Runtime\.Intrinsics|\bSystem\.Numerics\.Vector\b", RegexOptions.Multiline))];
        Assert.NotEmpty(users);
        Assert.All(users, file => Assert.StartsWith("src/SanityChecks.Compute/Cpu/", file, StringComparison.Ordinal));
    }

    [Fact]
    public void No_type_is_named_by_what_it_is_not()
    {
        Assembly[] ours = [typeof(Tensor).Assembly, typeof(TorchEngines).Assembly, typeof(RgbImage).Assembly, typeof(SaliencyMap).Assembly, typeof(RunFolderException).Assembly, typeof(Catalogue).Assembly];
        Assert.DoesNotContain(ours.SelectMany(assembly => assembly.GetTypes()), type => Regex.IsMatch(type.Name, "(Manager|Helper|Helpers|Util|Utils|Common|Base|Processor)(`.*)?$"));
    }
}
