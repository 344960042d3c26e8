using System.Diagnostics;
using System.Globalization;
using SanityChecks.Compute;
using SanityChecks.Experiments.Training;
using Spectre.Console;

namespace SanityChecks.Cli;

/// <summary>What a person sees of a training: a progress bar on a terminal, plain lines elsewhere; at the end the accuracy of each
/// class.</summary>
internal sealed class TrainingDisplay
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(10);

    private readonly bool terminal = RunDisplay.DrawsOnTerminal;

    public void Begin(TrainingPlan plan, EngineChoice chosen, string folder)
    {
        long values = plan.Network.Tensors.Sum(tensor => tensor.Shape.Count);
        Terminal.Line(FormattableString.Invariant($"{plan.Network.Architecture}, {values / 1e6:0.00} million parameters, {plan.Training.Classes.Count} classes; training {(plan.Layers.Count == plan.Network.WeightLayers.Count ? "all layers" : string.Join(", ", plan.Layers))}"));
        Terminal.Line(FormattableString.Invariant($"{plan.Steps} steps of {plan.Config.Train.Batch} images, {(plan.Training.Count is long count ? $"of {count}" : "all different")}; {plan.ValidationImages} for validation; {RunDisplay.EngineOf(chosen)}; results in {folder}"));
        RunDisplay.Say(plan.Notes);
    }

    /// <summary>Runs while showing how far it is.</summary>
    public TrainingResult Watch(Func<IProgress<TrainingProgress>, TrainingResult> run) => !terminal
        ? run(new Lines())
        : AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn())
            .Start(context => run(new Bar(context.AddTask("starting"))));

    /// <summary>Says what came of it and where to look.</summary>
    public void End(TrainingResult result)
    {
        TrainingRecord record = result.Record;
        Terminal.Line(FormattableString.Invariant($"{(result.AlreadyComplete ? "This training is complete already; nothing was computed. " : "")}Accuracy {record.Accuracy:0.000} on {record.ValidationImages} validation images (loss {record.Loss:0.0000}), after {record.Images} images in {record.Seconds:0} s."));
        foreach (ClassRecord one in record.Classes)
        {
            Terminal.Line(FormattableString.Invariant($"  {one.Name}: {(one.Accuracy is double accuracy ? accuracy.ToString("0.000", CultureInfo.InvariantCulture) : "no images")} of {one.Images}"));
        }

        Terminal.Line($"weights: {result.Folder.WeightsPath}, described in {result.Folder.RecordPath}");
        Terminal.Line($"log:     {result.Folder.LogPath}");
    }

    private static string Speed(TrainingProgress value, TimeSpan elapsed) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{value.Images / elapsed.TotalSeconds:0.0} images/s, {TimeLeft.Of(elapsed, value.Work, value.TotalWork)}");

    private sealed class Bar(ProgressTask task) : IProgress<TrainingProgress>
    {
        private readonly Stopwatch watch = Stopwatch.StartNew();
        private string row = "";

        public void Report(TrainingProgress value)
        {
            row = value.Row ?? row;
            task.MaxValue = Math.Max(1, value.TotalWork);
            task.Value = value.Work;
            task.Description = string.Create(CultureInfo.InvariantCulture, $"{value.Now}, step {value.Step}/{value.Steps}, {(row.Length > 0 ? row : $"loss {value.Loss:0.000}")}, {Speed(value, watch.Elapsed)}");
        }
    }

    private sealed class Lines : IProgress<TrainingProgress>
    {
        private readonly Stopwatch watch = Stopwatch.StartNew(), sinceLine = Stopwatch.StartNew();

        public void Report(TrainingProgress value)
        {
            if (value.Row is not null && (sinceLine.Elapsed > BetweenLines || value.Row.Contains("validation", StringComparison.Ordinal)))
            {
                sinceLine.Restart();
                Terminal.Line(FormattableString.Invariant($"step {value.Step}/{value.Steps}: {value.Row}; {Speed(value, watch.Elapsed)}"));
            }
        }
    }
}
