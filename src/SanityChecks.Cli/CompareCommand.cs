using System.CommandLine;
using System.Globalization;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Reporting;
using SanityChecks.RunFiles;
using SanityChecks.RunFiles.Statistics;
using Spectre.Console;

namespace SanityChecks.Cli;

/// <summary>Several finished runs in one table and one chart a metric.</summary>
internal static class CompareCommand
{
    public const string Name = "compare";

    private const int WidestTable = 2000;

    public static Command Create()
    {
        var runs = new Argument<string[]>("RUN")
        {
            Description = "Folders of finished runs: other networks, protocols, initializers or seeds.",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string>("--out")
        {
            Description = "Where comparison.csv and the charts go.",
            HelpName = "DIR",
            DefaultValueFactory = _ => "results/comparison",
        };
        var command = new Command(
            Name, "Shows what several runs say of the same methods: areas under the curves, where these collapse, verdicts.") { runs,
            output };
        command.SetAction(parsed => Run(parsed.GetValue(runs)!, parsed.GetValue(output)!));
        return command;
    }

    private static int Run(string[] folders, string output)
    {
        var comparison = new RunComparison(folders);
        ExperimentConfig[] configs =
            [.. folders.Select(folder => ExperimentConfig.Load(new RunFolder(folder).ConfigPath, [], Engines.Vocabulary))];
        for (int i = 1; i < configs.Length; i++)
        {
            foreach (string difference in configs[0].Differences(configs[i]))
            {
                Terminal.Line(
                    $"{difference.Replace(", other ", $" in {comparison.Runs[0]}, ", StringComparison.Ordinal)} in {comparison.Runs[i]}");
            }
        }

        (string metric, string resolution) = comparison.Metrics[0];
        IAnsiConsole console = RunDisplay.ForTables(WidestTable);
        Table table = new Table().Border(RunDisplay.DrawsOnTerminal ? TableBorder.Simple : TableBorder.Ascii2)
            .Title($"area under the curve of {metric} ({resolution}), 95 % interval; where it collapses; verdict");
        table.AddColumn("method");
        foreach (string run in comparison.Runs)
        {
            table.AddColumn(Markup.Escape(run));
        }

        ComparedRow[] rows = [.. comparison.Rows.Where(row => (row.Verdict.Metric, row.Verdict.Resolution) == (metric, resolution))];
        foreach (string title in rows.Select(row => row.Title).Distinct())
        {
            table.AddRow([Markup.Escape(title), .. comparison.Runs.Select(
                run => Markup.Escape(Cell(rows.FirstOrDefault(row => row.Title == title && row.Run == run)?.Verdict)))]);
        }

        console.Write(table);
        Terminal.Line($"files: {string.Join(", ", comparison.Write(output))}");
        return 0;
    }

    private static string Cell(MetricVerdict? verdict)
    {
        if (verdict?.Area.Mean is not { } area)
        {
            return "-";
        }

        string interval = verdict.Area.Low is { } low
            ? string.Create(CultureInfo.InvariantCulture, $" [{low:0.00;-0.00;0.00}, {verdict.Area.High:0.00;-0.00;0.00}]")
            : "";
        string collapse = verdict.CollapseStep is null ? "" : $"; {verdict.CollapseLayer}";
        return string.Create(
            CultureInfo.InvariantCulture, $"{area:0.00;-0.00;0.00}{interval}{collapse}; {OutcomeWords.Of(verdict.Outcome)}");
    }
}
