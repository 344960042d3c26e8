using System.Diagnostics;
using System.Globalization;
using SanityChecks.Compute;
using SanityChecks.Experiments.Execution;
using SanityChecks.Networks.WeightFiles;
using SanityChecks.RunFiles;
using SanityChecks.RunFiles.Shards;
using SanityChecks.Saliency.Attribution;
using Spectre.Console;

namespace SanityChecks.Cli;

/// <summary>What a person sees of a run: a progress bar on a terminal, plain lines elsewhere; at the end the table of means.</summary>
internal sealed class RunDisplay : IProgress<DownloadProgress>
{
    private const int NarrowestBar = 40;

    // A table of all methods; it takes no more room than it needs.
    private const int WidestTable = 2000;

    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(5);

    private readonly Stopwatch sinceLine = Stopwatch.StartNew();
    private readonly bool terminal = DrawsOnTerminal;
    private readonly IAnsiConsole console = ForTables(WidestTable);
    private bool downloading;

    /// <summary>Whether a progress bar can be drawn: standard output is a terminal that takes control sequences (TERM=dumb takes none) and
    /// has room for one.</summary>
    public static bool DrawsOnTerminal =>
        !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi && AnsiConsole.Profile.Width >= NarrowestBar;

    /// <summary>Shows how far the download of weights is.</summary>
    public void Report(DownloadProgress value)
    {
        if (!downloading || sinceLine.Elapsed > BetweenLines)
        {
            downloading = true;
            sinceLine.Restart();

            // Not on standard output, which explain --json keeps for its document.
            Terminal.ErrorLine(
                FormattableString.Invariant(
                    $"downloading weights: {value.Done / 1e6:0}{(value.Total is long total ? $" of {total / 1e6:0}" : "")} MB"));
        }
    }

    /// <summary>An engine for people: what it is, and why it was taken where that was left to the program.</summary>
    public static string EngineOf(EngineChoice chosen) =>
        $"engine {chosen.Engine.Name} ({chosen.Engine.Description}{(chosen.Reason.Length > 0 ? $"; {chosen.Reason}" : "")})";

    public void Begin(Plan plan, EngineChoice chosen, string folder)
    {
        Terminal.Line($"{plan.Experiment.Question}");
        Terminal.Line(FormattableString.Invariant($"{plan.Trained.Network.Architecture}, {plan.Selection.Images.Count} images, {plan.Steps.Count} steps, {string.Join(" and ", plan.Methods.Select(method => method.Id))}; {EngineOf(chosen)}; {(plan.Shard is { } shard ? $"shard {shard} with {shard.Units(plan.Selection.Images.Count, plan.Config.Randomization.Draws)} of {plan.Selection.Images.Count * plan.Config.Randomization.Draws} units; " : "")}results in {folder}"));
        Say([.. plan.Trained.Notes, .. plan.Notes]);
        foreach (string warning in plan.Selection.Warnings)
        {
            Terminal.ErrorLine("warning: " + warning);
        }
    }

    /// <summary>Says how a weight file was read.</summary>
    public static void Say(IEnumerable<string> notes)
    {
        foreach (string note in notes)
        {
            // Not on standard output, which explain --json keeps for its document.
            Terminal.ErrorLine(note);
        }
    }

    public void DryRun(Plan plan, IEngine engine, int others)
    {
        int draws = plan.Config.Randomization.Draws;
        Terminal.Line($"synsets: {(plan.Selection.Synsets.Count == 0 ? "none" : string.Join(", ", plan.Selection.Synsets))}");
        Terminal.Line($"images: {string.Join(", ", plan.Selection.Images.Select(image => image.Id))}");
        Terminal.Line($"steps: {string.Join(", ", Enumerable.Range(0, plan.Steps.Count + 1).Select(plan.StepName))}");
        Terminal.Line(FormattableString.Invariant($"{plan.Networks} networks for each image{(draws == 1 ? "" : " and draw")}, {plan.BatchOn(engine)} images at a time; scores.csv will have {plan.Units.Sum(one => (long)plan.RowsOf(one.Unit))} rows.{(others == 0 ? "" : FormattableString.Invariant($" {others} more runs of other specifications."))} Nothing was computed."));
    }

    /// <summary>Runs while showing how far it is.</summary>
    public TResult Watch<TResult>(Func<IProgress<RunProgress>, TResult> run)
    {
        if (!terminal)
        {
            return run(new Lines(this));
        }

        return console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn())
            .Start(context => run(new Bar(context.AddTask("starting"))));
    }

    /// <summary>Says what a shard has done, and what comes next.</summary>
    public void End(Shard shard, ShardResult result)
    {
        SaySkipped(result.Skipped);
        Terminal.Line(result.AlreadyComplete
            ? $"Shard {shard} is complete already; nothing was computed."
            : $"Scored {result.Scored} images now; shard {shard} is complete in {result.Folder}.");
    }

    private static void SaySkipped(IReadOnlyList<SkippedImage> images)
    {
        foreach (SkippedImage skipped in images)
        {
            Terminal.ErrorLine($"skipped: {skipped.Name}: {skipped.Reason}");
        }
    }

    /// <summary>Says what happened, the means of the first metric, and where to look.</summary>
    public void End(Plan plan, RunResult result)
    {
        SaySkipped(result.Skipped);
        Table table = new Table().Border(terminal ? TableBorder.Simple : TableBorder.Ascii2)
            .Title($"mean {plan.Metrics[0].Id} to the original maps");
        table.AddColumn(new TableColumn("step").RightAligned()).AddColumn(plan.Experiment.Words.StepHeader);
        foreach (string name in plan.Methods.Select(method => method.Id).Concat(plan.Experiment.Measures.Select(measure => measure.Name))
            .Append("defined"))
        {
            table.AddColumn(new TableColumn(name).RightAligned());
        }

        if (terminal)
        {
            // Narrow enough for eighty columns with the longest layer names.
            foreach (TableColumn column in table.Columns)
            {
                column.Padding(0, 2);
            }
        }

        foreach (IGrouping<int, SummaryRow> step in result.Statistics.Summary.Where(row => row.Reference == ScoreRow.Original)
            .GroupBy(row => row.Step))
        {
            SummaryRow[] maps =
                [.. plan.Methods.Select(method => step.First(row => row.Method == method.Id && row.Metric == plan.Metrics[0].Id))];
            IEnumerable<SummaryRow> networks = plan.Experiment.Measures.Select(
                measure => step.First(row => row.Method == ScoreRow.Network && row.Metric == measure.Name));
            table.AddRow(
            [
                step.Key.ToString(CultureInfo.InvariantCulture), maps[0].Layer.Length == 0 ? "nothing" : Markup.Escape(maps[0].Layer),
                .. maps.Concat(networks).Select(row => row.Mean?.ToString("0.000", CultureInfo.InvariantCulture) ?? "undefined"),
                string.Join('/', maps.Select(row => row.N).Distinct().Order()) + string.Create(
                    CultureInfo.InvariantCulture, $" of {maps[0].N + maps[0].Undefined}"),
            ]);
        }

        // Squeezed into fewer columns the table would break its numbers; a terminal wraps the lines themselves.
        int width = console.Profile.Width;
        console.Profile.Width = WidestTable;
        console.Write(table);
        console.Profile.Width = width;
        PrintLocalization(plan, result.Statistics.Summary);
        foreach (MethodVerdict verdict in result.Statistics.Verdict.Methods)
        {
            Terminal.Line(verdict.Sentence);
            foreach (string note in verdict.Notes)
            {
                Terminal.Line("  " + note);
            }
        }

        foreach (IGrouping<string, ResponseRow> method in result.Statistics.Responses
            .Where(row => row.Metric == plan.Metrics[0].Id && row.Resolution == "input").GroupBy(row => row.Method))
        {
            Terminal.Line($"{plan.Methods.First(one => one.Id == method.Key).Title}: change of the maps ({plan.Metrics[0].Id}) and {method.First().Measure} correlate by {string.Join(", ", method.Select(row => $"{Interval(row)} over {row.Over}"))} (responses.csv).");
        }

        Terminal.Line(result.AlreadyComplete
            ? $"This run is complete already; nothing was computed. To run it again, delete {result.Folder} or give another folder with --out."
            : $"Scored {result.Scored} images now.");
        Terminal.Line($"scores:  {Path.Combine(result.Folder, "scores.csv")}, {Path.Combine(result.Folder, "summary.csv")}");
        Terminal.Line($"verdict: {Path.Combine(result.Folder, VerdictRecord.FileName)} (its rule and every number)");
        Terminal.Line($"report:  {result.Report} (open it in a browser)");
        Terminal.Line($"charts:  {string.Join(", ", result.Charts)}");
        if (result.Grids.Count > 0)
        {
            Terminal.Line($"maps:    {string.Join(", ", result.Grids)}");
        }
    }

    /// <summary>Says how much each choice between specifications decides.</summary>
    public static void Specifications(Plan plan, IReadOnlyList<ChoiceShareRow> shares)
    {
        foreach (IGrouping<string, ChoiceShareRow> method in shares.GroupBy(share => share.Method))
        {
            string[] parts = [.. method.Where(share => share.Share is not null).Select(share => string.Create(
                CultureInfo.InvariantCulture, $"{(share.Options == 0 ? "choices together" : share.Choice)} {100 * share.Share:0} %"))];
            string title = plan.Methods.First(one => one.Id == method.Key).Title;
            Terminal.Line(parts.Length == 0
                ? $"{title}: the specifications do not differ."
                : FormattableString.Invariant(
                    $"{title}: of what {method.First().N} specifications differ in, {string.Join(", ", parts)} (specifications.csv, charts/specifications.*)."));
        }
    }

    /// <summary>How near the maps are to the object, by the first measure, at every step.</summary>
    private static void PrintLocalization(Plan plan, IReadOnlyList<SummaryRow> summary)
    {
        if (plan.Config.Localization.Count == 0)
        {
            return;
        }

        string measure = plan.Config.Localization[0].Id;
        SummaryRow[] rows = [.. summary.Where(row => row.Reference == ScoreRow.Truth && row.Metric == measure)];
        Terminal.Line($"mean {measure} to the truth (chance {Mean(rows.First(row => row.Method == ScoreRow.Chance))}):");
        foreach (ConfiguredMethod method in plan.Methods)
        {
            SummaryRow[] steps = [.. rows.Where(row => row.Method == method.Id).OrderBy(row => row.Step)];
            Terminal.Line($"  {method.Id}: {string.Join(", ", steps.Select(row => $"{(row.Step == 0 ? "trained" : row.Layer)} {Mean(row)}"))}");
        }

        static string Mean(SummaryRow row) => row.Mean?.ToString("0.00", CultureInfo.InvariantCulture) ?? "undefined";
    }

    /// <summary>The terminal; for files, pipes and terminals that take no control sequences a console without colors.</summary>
    /// <param name="width">Characters of a line where there is no such terminal: enough for the table's longest row.</param>
    public static IAnsiConsole ForTables(int width)
    {
        if (DrawsOnTerminal)
        {
            return AnsiConsole.Console;
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
        });
        console.Profile.Width = width;
        return console;
    }

    private static string Interval(ResponseRow row) => row.Mean is null ? "undefined" : string.Create(
        CultureInfo.InvariantCulture,
        $"{row.Mean:0.00}{(row.Low is null ? "" : string.Create(CultureInfo.InvariantCulture, $" [{row.Low:0.00}, {row.High:0.00}]"))}");

    private static void Warn(RunProgress value)
    {
        if (value.Warning is { } warning)
        {
            Terminal.ErrorLine("warning: " + warning);
        }
    }

    private sealed class Bar(ProgressTask task) : IProgress<RunProgress>
    {
        private readonly Stopwatch watch = Stopwatch.StartNew();

        public void Report(RunProgress value)
        {
            Warn(value);
            task.MaxValue = Math.Max(1, value.TotalExplanations);
            task.Value = value.Explanations;
            task.Description = string.Create(
                CultureInfo.InvariantCulture,
                $"{value.Images}/{value.TotalImages} images, {value.Explanations / watch.Elapsed.TotalSeconds:0.0} explanations/s, {TimeLeft.Of(watch.Elapsed, value.Explanations, value.TotalExplanations)}, {Markup.Escape(value.Now)}");
        }
    }

    private sealed class Lines(RunDisplay display) : IProgress<RunProgress>
    {
        private readonly Stopwatch watch = Stopwatch.StartNew();

        public void Report(RunProgress value)
        {
            Warn(value);
            if (display.sinceLine.Elapsed < BetweenLines && value.Explanations < value.TotalExplanations)
            {
                return;
            }

            display.sinceLine.Restart();
            Terminal.Line(FormattableString.Invariant($"{value.Images}/{value.TotalImages} images, {100.0 * value.Explanations / Math.Max(1, value.TotalExplanations):0} %, {value.Explanations / watch.Elapsed.TotalSeconds:0.0} explanations/s, {TimeLeft.Of(watch.Elapsed, value.Explanations, value.TotalExplanations)} ({value.Now})"));
        }
    }
}
