using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using SanityChecks.Compute;
using SanityChecks.Compute.Torch;
using SanityChecks.Experiments;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Images;
using SanityChecks.Networks;
using SanityChecks.Reporting.Charts;
using SanityChecks.Training;
using SanityChecks.RunFiles;
using SanityChecks.Saliency;
using SanityChecks.Tests.Experiments.Configuration;

namespace SanityChecks.Tests;

/// <summary>What CONTRIBUTING asks of every part: names, arrows between projects, sizes of files.</summary>
public class HouseRulesTests
{
    private const int LongestFile = 400, LongestLine = 140;

    private static readonly string[] SourceFolders = ["src", "experiments", "tests"];

    private static IEnumerable<string> Sources => SourceFolders
        .SelectMany(
            folder => Directory.EnumerateFiles(Path.Combine(SharedFolder.RepositoryRoot, folder), "*.cs", SearchOption.AllDirectories))
        .Select(file => Path.GetRelativePath(SharedFolder.RepositoryRoot, file).Replace('\\', '/'));

    /// <summary>Files that a download goes on writing, a configuration that may come through a shell's pipe.</summary>
    private static readonly string[] OwnFiles =
    [
        "experiments/Configuration/ConfigFile.cs", "src/SanityChecks.Networks/WeightFiles/PartialDownload.cs",
        "src/SanityChecks.Networks/WeightFiles/WeightDownload.cs",
    ];

    public static TheoryData<string> Experiments => [.. Catalogue.Experiments.Select(experiment => experiment.Name)];

    [Theory]
    [MemberData(nameof(Experiments))]
    public void Every_experiment_has_a_configuration_that_runs_it(string experiment) => Assert.Contains(
        Directory.EnumerateFiles(Path.Combine(SharedFolder.RepositoryRoot, "configs"), "*.yaml", SearchOption.AllDirectories),
        file => !ShippedConfigTests.IsTraining(file)
            && ExperimentConfig.Load(file, [], Catalogue.Vocabulary).Experiment.Experiment.Name == experiment);

    [Theory]
    [MemberData(nameof(Experiments))]
    public void Every_experiment_asks_a_question_and_is_found_by_its_name(string experiment)
    {
        Experiment found = Catalogue.Find(experiment);
        Assert.Equal(experiment, found.Name);
        Assert.Matches(@"^[A-Z][^?\n]+\?$", found.Question);

        // Or it takes layers as another one does.
        Assert.Contains(
            Catalogue.Experiments, way => way.Randomization == found.Randomization
                && new[] { way.Randomization, way.Randomization + "_randomization" }.Contains(way.Name));
    }

    [Fact]
    public void No_file_of_Reporting_names_an_experiment()
    {
        string[] names = [.. Catalogue.Experiments.Select(experiment => experiment.Randomization)];
        Assert.NotEmpty(names);
        Assert.DoesNotContain(
            Sources.Where(file => file.StartsWith("src/SanityChecks.Reporting/", StringComparison.Ordinal)),
            file => names.Any(
                name => File.ReadAllText(Path.Combine(SharedFolder.RepositoryRoot, file))
                    .Contains(name, StringComparison.OrdinalIgnoreCase)));
    }

    [Theory]
    [MemberData(nameof(Experiments))]
    public void Every_experiment_has_words_for_its_charts_and_grids(string experiment)
    {
        ExperimentRecord words = Catalogue.Find(experiment).Words;
        Assert.Matches(@"^[A-Z][^{}\n]+$", words.Title);
        Assert.Matches(@"^[A-Z][^\n]*\{value\}[^\n]*\.$", words.Faithful);
        Assert.Matches(@"^[^{}\n]+$", words.StepAxis);
        Assert.Matches(@"^[A-Z][^{}\n]+\.$", words.GridColumns);
        Assert.Matches(@"^[a-z]{3,12}$", words.StepHeader);
        Assert.All(Catalogue.Find(experiment).Measures.Select(measure => measure.Words), measure =>
        {
            Assert.Matches("^[a-z][a-z0-9]*(_[a-z0-9]+)*$", measure.Name);
            Assert.DoesNotContain(Catalogue.Vocabulary.Metrics, metric => metric.Name == measure.Name);
            Assert.Matches(@"^[A-Z][^{}\n]+\.$", measure.Reading);
            Assert.Contains("{value}", measure.Note, StringComparison.Ordinal);
        });
        Assert.NotEqual(words.StepName(1, "fc8"), words.StepName(2, "fc7"));
        Assert.NotEqual(words.GridStepName(1, "fc8"), words.GridStepName(2, "fc7"));
        Assert.DoesNotContain(words.StepName(1, "fc8"), new[] { words.StepName(0, ""), "" });
    }

    [Fact]
    public void Names_that_users_type_are_snake_case_and_unique()
    {
        ConfigVocabulary names = Catalogue.Vocabulary;
        IReadOnlyList<string>[] lists =
            [[.. names.Experiments.Select(experiment => experiment.Name)], names.References, names.Architectures, names.NamedWeights,
                names.Preprocessings, [.. names.Methods.Select(method => method.Name)], [.. names.Metrics.Select(metric => metric.Name)],
                names.Initializers,
                Engines.Names];
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
    [InlineData(typeof(WholeFile), "")]
    [InlineData(typeof(TorchEngines), "Compute")]
    [InlineData(typeof(RgbImage), "Compute RunFiles")]
    [InlineData(typeof(Network), "Compute RunFiles")]
    [InlineData(typeof(CorrelationCharts), "Images RunFiles")]
    [InlineData(typeof(SaliencyMap), "Compute Images Networks RunFiles")]
    [InlineData(typeof(TrainingStep), "Compute Images Networks RunFiles Saliency")]
    [InlineData(typeof(Catalogue), "Compute Images Networks Reporting RunFiles Saliency Training")]
    public void Projects_reference_only_those_below_them(Type inside, string below) => Assert.Equal(
        below,
        string.Join(
            ' ', inside.Assembly.GetReferencedAssemblies().Select(name => name.Name!)
                .Where(name => name.StartsWith("SanityChecks.", StringComparison.Ordinal)).Select(name => name["SanityChecks.".Length..])
                .Order(StringComparer.Ordinal)));

    [Fact]
    public void No_source_file_has_two_subjects() =>
        Assert.DoesNotContain(Sources, file => File.ReadLines(Path.Combine(SharedFolder.RepositoryRoot, file)).Count() > LongestFile);

    public static TheoryData<string> Documents =>
        ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "results/README.md",
            .. Directory.GetFiles(Path.Combine(SharedFolder.RepositoryRoot, "docs"), "*.md").Select(file => "docs/" + Path.GetFileName(file))];

    /// <summary>A link to a file of the repository, or to a part of the same document.</summary>
    [Theory]
    [MemberData(nameof(Documents))]
    public void A_link_of_a_document_leads_to_something(string document)
    {
        string path = Path.Combine(SharedFolder.RepositoryRoot, document), text = File.ReadAllText(path);
        string[] parts = [.. Regex.Matches(text, "^#+ (.+)$", RegexOptions.Multiline)
            .Select(head => "#" + Regex.Replace(head.Groups[1].Value.ToLowerInvariant(), "[^a-z0-9 -]", "").Replace(' ', '-'))];
        Assert.DoesNotContain(
            Regex.Matches(text, @"\]\(([^)\s]+)\)").Select(link => link.Groups[1].Value)
                .Where(link => !link.StartsWith("http", StringComparison.Ordinal)),
            link => link[0] == '#'
                ? !parts.Contains(link)
                : !Path.Exists(Path.Combine(Path.GetDirectoryName(path)!, link.Split('#')[0])));
    }

    public static TheoryData<string, string, int, string> Walks => [.. Regex
        .Matches(
            File.ReadAllText(Path.Combine(SharedFolder.RepositoryRoot, "CONTRIBUTING.md")),
            @"^\| \[(\S+):\d+\]\((\S+)#L(\d+)\) \| `([^`]+)` \|", RegexOptions.Multiline)
        .Select(
            row => (row.Groups[1].Value, row.Groups[2].Value, int.Parse(row.Groups[3].Value, CultureInfo.InvariantCulture),
                row.Groups[4].Value))];

    [Fact]
    public void The_walks_through_the_code_are_there() => Assert.InRange(Walks.Count, 20, 40);

    [Theory]
    [MemberData(nameof(Walks))]
    public void A_place_of_the_walks_through_the_code_is_where_it_is_said_to_be(string name, string path, int line, string text)
    {
        const int Screen = 40;
        Assert.Equal(name, Path.GetFileName(path));
        IEnumerable<int> found = File.ReadLines(Path.Combine(SharedFolder.RepositoryRoot, path)).Index()
            .Where(one => one.Item.Contains(text, StringComparison.Ordinal)).Select(one => one.Index + 1);
        Assert.Contains(found, at => Math.Abs(at - line) <= Screen);
    }

    [Fact]
    public void Only_texts_are_longer_than_a_line_may_be() => Assert.Empty(Sources.SelectMany(file =>
        File.ReadLines(Path.Combine(SharedFolder.RepositoryRoot, file))
            .Where(line => line.Length > LongestLine && !line.Contains('"', StringComparison.Ordinal)
                && !line.Contains("dotnet run", StringComparison.Ordinal))
            .Select(line => $"{file}: {line}")));

    [Fact]
    public void No_memory_outlives_its_engine_on_a_thread() => Assert.Empty(Users(@"\[ThreadStatic\]"));

    [Fact]
    public void Instructions_of_a_kind_of_processor_are_used_in_the_fast_engine_alone()
    {
        string[] users = [.. Users(@"System\.Runtime\.Intrinsics|\bVector(64|128|256|512)\b")];
        Assert.NotEmpty(users);
        Assert.All(users, file => Assert.StartsWith("src/SanityChecks.Compute/Cpu/", file, StringComparison.Ordinal));
    }

    /// <summary>Random numbers, scores and blurs take several elements at a time, as many as the processor has lanes for; sums over them
    /// are added one after another.</summary>
    [Fact]
    public void Lanes_of_any_width_are_used_where_their_number_changes_no_bit() => Assert.Equal(
        [
            "src/SanityChecks.Compute/RandomStream.cs", "src/SanityChecks.Saliency/Attribution/GaussianBlur.cs",
            "src/SanityChecks.Saliency/Similarity/GaussianWindow.cs", "src/SanityChecks.Saliency/Similarity/HogDescriptor.cs",
            "src/SanityChecks.Saliency/Similarity/MapFeatures.cs", "src/SanityChecks.Saliency/Similarity/Ssim.cs",
            "src/SanityChecks.Saliency/Similarity/WindowMoments.cs",
        ],
        Users(@"\bVector<|\bVector\.(Create|Is|Count)|\bTensorPrimitives\b")
            .Where(file => !file.StartsWith("src/SanityChecks.Compute/Cpu/", StringComparison.Ordinal)));

    [Fact]
    public void Files_are_read_through_one_door_and_written_through_another()
    {
        string[] own = ["src/SanityChecks.RunFiles/", "src/SanityChecks.Compute.Torch/"];
        string[] openers =
            [.. Sources.Where(
                file => !file.StartsWith("tests/", StringComparison.Ordinal)
                    && !own.Any(one => file.StartsWith(one, StringComparison.Ordinal)) && Regex.IsMatch(
            File.ReadAllText(Path.Combine(SharedFolder.RepositoryRoot, file)),
            @"\bFile\.(Open|Read|Create|Write|Append|Move|Replace)|new FileStream|CsvReader\.FromFile|SKCodec\.Create\((path|file)"))];
        Assert.Equal(OwnFiles, openers.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Lines_for_people_pass_through_what_makes_control_characters_visible() => Assert.DoesNotContain(
        Sources,
        file => file.StartsWith("src/", StringComparison.Ordinal) && Path.GetFileName(file) != "Terminal.cs"
            && Regex.IsMatch(
                File.ReadAllText(Path.Combine(SharedFolder.RepositoryRoot, file)),
                @"Console\.(Error\.|Out\.)?Write(Line)?\((?!\)|JsonSerializer\.)"));

    [Fact]
    public void Durations_come_from_a_clock_that_never_goes_back()
    {
        // A run's manifest says when each session began, not how long it took.
        Assert.Equal(
            ["experiments/Execution/ScoringSession.cs"],
            Sources.Where(file => !file.StartsWith("tests/", StringComparison.Ordinal) && Regex.IsMatch(
                File.ReadAllText(Path.Combine(SharedFolder.RepositoryRoot, file)),
                @"DateTime(Offset)?\.(Utc)?Now|TickCount\b|RemainingTimeColumn|ElapsedTimeColumn|GetUtcNow|GetLocalNow")));
    }

    /// <summary>Product files whose code, comments aside, matches a pattern.</summary>
    private static IEnumerable<string> Users(string pattern) => Sources
        .Where(file => !file.StartsWith("tests/", StringComparison.Ordinal)
            && Regex.IsMatch(Regex.Replace(File.ReadAllText(Path.Combine(SharedFolder.RepositoryRoot, file)), "//.*", ""), pattern))
        .Order(StringComparer.Ordinal);

    [Fact]
    public void No_type_is_named_by_what_it_is_not()
    {
        Type[] inside =
        [
            typeof(Tensor), typeof(TorchEngines), typeof(WholeFile), typeof(RgbImage), typeof(Network), typeof(SaliencyMap),
            typeof(TrainingStep), typeof(CorrelationCharts), typeof(Catalogue),
        ];
        Assembly[] ours = Array.ConvertAll(inside, type => type.Assembly);
        Assert.DoesNotContain(
            ours.SelectMany(assembly => assembly.GetTypes()), type =>
                Regex.IsMatch(type.Name, "(Manager|Helper|Helpers|Util|Utils|Common|Base|Processor)(`.*)?$"));
    }
}
