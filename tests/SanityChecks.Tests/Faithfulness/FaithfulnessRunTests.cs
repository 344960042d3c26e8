using System.Text.Json;
using SanityChecks.Compute.Cpu;
using SanityChecks.Experiments;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Experiments.Execution;
using SanityChecks.RunFiles;
using SanityChecks.Saliency.Faithfulness;
using SanityChecks.Tests.Cli;
using SanityChecks.Tests.Experiments;

namespace SanityChecks.Tests.Faithfulness;

/// <summary>Faithfulness in configurations, runs and the command <c>explain</c>.</summary>
public sealed class FaithfulnessRunTests
{
    private static readonly string[] Few =
    [
        "faithfulness=[{name: deletion, steps: 2}, {name: road, percentiles: [2]}]", "methods=[grad_cam, random_map]", "images.count=2",
        "metrics=[spearman]", "randomization.layers=[fc8, conv5_3]", "randomization.draws=2",
    ];

    [Fact]
    public void A_run_has_a_row_for_each_image_method_and_measure_of_the_trained_network_and_no_other_row_changes()
    {
        using var small = new SmallRun();
        var told = new List<RunProgress>();
        small.Run("run", null, told.Add, CancellationToken.None, Few);
        small.Run("without", [.. Few, "faithfulness=[]"]);
        IReadOnlyList<ScoreRow> rows = small.Scores("run");
        ScoreRow[] faithful = [.. rows.Where(row => row.Reference == ScoreRow.Network)];
        Assert.Equal(small.Scores("without"), rows.Except(faithful));
        Assert.Equal(
            small.Plan(Few).Selection.Images.Select(image => image.Id).SelectMany(image => new[] { "grad_cam", "random_map" }.SelectMany(
                method => new[] { "deletion", "road" }.Select(measure => $"{image} 0  0 {method} {measure} input"))),
            faithful.Select(row => $"{row.Image} {row.Step} {row.Layer} {row.Draw} {row.Method} {row.Metric} {row.Resolution}"));
        Assert.All(faithful, row => Assert.True(row.Value is not null and not 0, $"{row}"));
        RowsAreCounted(small, small.AllScores("run"), Few);

        // Of three networks and a draw: 4 measures more in the first, each counted, and the work shown within.
        Assert.Equal(2 * ((2 * 3) + 4), told[^1].Explanations);
        Assert.Equal((told[^1].TotalExplanations, 4), (told[^1].Explanations, told[^1].Images));
        Assert.Contains("deletion of grad_cam, 33 %", told.Select(progress => progress.Now));
        Assert.Contains("road of random_map", told.Select(progress => progress.Now));

        small.Run("one by one", [.. Few, "images.batch=1"]);
        Assert.Equal(small.ScoreBytes("run"), small.ScoreBytes("one by one"));
    }

    [Fact]
    public void With_all_steps_the_maps_of_every_randomized_network_are_tried_on_the_trained_one_and_a_run_goes_on_where_it_stopped()
    {
        using var small = new SmallRun();
        string[] all = [.. Few, "faithfulness_steps=all"];
        small.Run("run", all);
        IReadOnlyList<ScoreRow> rows = small.Scores("run");
        ILookup<(int Draw, int Step), ScoreRow> faithful =
            rows.Where(row => row.Reference == ScoreRow.Network).ToLookup(row => (row.Draw, row.Step));
        Assert.Equal([(0, 0), (1, 1), (1, 2), (2, 1), (2, 2)], faithful.Select(group => group.Key).Order());
        Assert.All(faithful, group => Assert.Equal(2 * 2 * 2, group.Count()));
        RowsAreCounted(small, small.AllScores("run"), all);

        // Random maps are other ones at each step, and the trained network's answer with them; those of the first step are the same rows.
        Assert.Equal(
            5 * 2 * 2,
            rows.Where(row => row.Reference == ScoreRow.Network && row.Method == "random_map").Select(row => row.Value).Distinct().Count());
        small.Run("trained", Few);
        Assert.Equal(
            small.Scores("trained").Where(row => row.Reference == ScoreRow.Network), faithful[(0, 0)]);

        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => small.Run(
            "stopped", new CpuEngine(2), progress => StopAt(progress, "road of grad_cam, 50 %"), stop.Token, [.. all, "images.batch=1"]));
        Assert.NotEqual(rows.Count, small.Scores("stopped").Count);
        small.Run("stopped", [.. all, "images.batch=1"]);
        Assert.Equal(small.ScoreBytes("run"), small.ScoreBytes("stopped"));

        void StopAt(RunProgress progress, string now)
        {
            if (progress.Images == 3 && progress.Now == now)
            {
                stop.Cancel();
            }
        }
    }

    [Fact]
    public void Dead_maps_have_no_faithfulness()
    {
        using var small = new SmallRun(dead: true);
        small.Run("run", [.. Few, "methods=[grad_cam]", "faithfulness_steps=all", "target=3"]);
        Assert.All(small.Scores("run").Where(row => row.Reference == ScoreRow.Network && row.Step == 0), row =>
            Assert.Equal((null, "constant_original"), (row.Value, row.Status)));
        Assert.All(small.Scores("run").Where(row => row.Reference == ScoreRow.Network && row.Step > 0 && row.Value is null), row =>
            Assert.Equal("constant_randomized", row.Status));
    }

    [Theory]
    [InlineData("road", "[{name: road, percentiles: [10, 20, 30, 40, 50, 60, 70, 80, 90], noise: 0.01, output: probability}]")]
    [InlineData("[deletion, {name: deletion, steps: 9, as: few}]", "[{name: deletion, steps: 224}, {name: deletion, steps: 9, as: few}]")]
    [InlineData("[]", "[]")]
    public void The_resolved_configuration_spells_out_every_parameter_and_reads_to_an_equal_one(string written, string resolved)
    {
        ExperimentConfig config = Parse($"faithfulness: {written}");
        Assert.Equal(resolved, config.ToPairs().Single(pair => pair.Key == "faithfulness").Value);
        ExperimentConfig again = ExperimentConfig.Parse(config.ToYaml(), "again.yaml", [], Catalogue.Vocabulary);
        Assert.Equal(config, again);
        Assert.Equal(config.Faithfulness, again.Faithfulness);
    }

    [Theory]
    [InlineData("faithfulness: [deletion, deletion]", "c.yaml:1: faithfulness: 'deletion' is listed twice; give one of them another name with as")]
    [InlineData("faithfulness: [deletin]", "c.yaml:1: faithfulness: 'deletin' is not known, nearest is 'deletion'; allowed: deletion, insertion, pixel_flipping, road")]
    [InlineData("faithfulness: [{steps: 3}]", "c.yaml:1: faithfulness: an entry has no name")]
    [InlineData("faithfulness: [{name: road, percentiles: [10, 101]}]", "c.yaml:1: faithfulness.percentiles: must be a list of different numbers from 0 to 100, not '10, 101'")]
    [InlineData("seed: 2\nfaithfulness: [{name: road, step: 3}]", "c.yaml:2: faithfulness.step: unknown key; allowed in faithfulness: name, percentiles, noise, output, as")]
    [InlineData("faithfulness: [{name: road, as: hog}]", "c.yaml:1: faithfulness.as: 'hog' is the name of a metric")]
    [InlineData("faithfulness: [{name: road, as: My road}]", "c.yaml:1: faithfulness.as: must be a name of up to 40 small letters")]
    [InlineData("faithfulness_steps: all", "c.yaml:1: faithfulness_steps: has no effect without faithfulness; remove it, or name a measure")]
    [InlineData("faithfulness: road\nfaithfulness_steps: every", "c.yaml:2: faithfulness_steps: 'every' is not known; allowed: trained, all")]
    public void What_is_wrong_is_said_with_what_is_right(string written, string beginning) =>
        Assert.StartsWith(beginning, Assert.Throws<ConfigException>(() => Parse(written)).Message, StringComparison.Ordinal);

    [Fact]
    public void Explain_prints_and_writes_the_numbers_of_each_map()
    {
        using var small = new SmallRun();
        string[] arguments =
        [
            "explain", small.ImagePath(0), "--weights", small.WeightsPath, "--out", small.Of("maps"), "--methods", "grad_cam,sobel",
            "--faithfulness", "[{name: deletion, steps: 2}, {name: road, percentiles: [50]}]",
        ];
        (int code, string output, string error) = ProgramCall.Run([.. arguments, "--json"]);
        Assert.Equal((0, ""), (code, error));
        using JsonDocument document = JsonDocument.Parse(output);
        JsonElement faithfulness = document.RootElement[0].GetProperty("faithfulness");
        Assert.Equal(["grad_cam", "sobel"], faithfulness.EnumerateObject().Select(one => one.Name));
        JsonElement sobel = faithfulness.GetProperty("sobel");
        Assert.InRange(sobel.GetProperty("deletion").GetDouble(), 0.001, 1);
        (_, string text, _) = ProgramCall.Run(arguments);
        Assert.Contains(
            FormattableString.Invariant($"  sobel: deletion {sobel.GetProperty("deletion").GetDouble():0.####}, road {sobel.GetProperty("road").GetDouble():0.####}\n"),
            text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_list_of_methods_ends_with_the_measures()
    {
        (int code, string output, _) = ProgramCall.Run("methods");
        Assert.Equal(0, code);
        Assert.All(FaithfulnessMeasures.All, measure =>
        {
            Assert.Contains(
                $"\n{measure.Name}: {measure.Title}: {measure.Description} ({measure.Source}).\n", output, StringComparison.Ordinal);
            Assert.All(
                measure.Parameters, parameter =>
                    Assert.Contains($"\n    {parameter.Name}: {parameter.Help}; ", output, StringComparison.Ordinal));
        });
    }

    private static ExperimentConfig Parse(string yaml) => ExperimentConfig.Parse(yaml + "\n", "c.yaml", [], Catalogue.Vocabulary);

    private static void RowsAreCounted(SmallRun small, IReadOnlyList<ScoreRow> rows, string[] overrides)
    {
        Plan plan = small.Plan(overrides);
        Assert.Equal(rows.Count, plan.Units.Sum(one => plan.RowsOf(one.Unit)));
    }
}
