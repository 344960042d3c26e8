using System.CommandLine;
using SanityChecks.Compute;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Experiments.Training;
using SanityChecks.RunFiles;

namespace SanityChecks.Cli;

/// <summary>Trains a network, from random weights or from trained ones, as a configuration says.</summary>
internal static class TrainCommand
{
    public const string Name = "train";

    public static Command Create(Interruption interruption)
    {
        var config = new Option<string?>("--config") { Description = "The training: a YAML file.", HelpName = "FILE" };
        var set = new Option<string[]>("--set")
        {
            Description = "Overrides one key of the configuration with any YAML value; may be repeated.",
            HelpName = "key=value",
            DefaultValueFactory = _ => [],
        };
        var output = new Option<string?>("--out")
        {
            Description = "The folder for weights, log and checkpoint; results/NAME-OF-CONFIG by default.",
            HelpName = "DIR",
        };
        var engine = new EngineOption();
        var command = new Command(Name, "Trains a network: from random weights on the drawn Shapes, or the last layers of any network on a folder of images for each class.") { config, set, output, engine.Name, engine.Libtorch };
        command.SetAction(parsed =>
        {
            string file = parsed.GetValue(config) ?? throw new InputException(
                "Give a training with --config FILE, such as configs/train-shapes.yaml; --help shows examples.");
            GivenValue[] overrides = [.. parsed.GetValue(set)!, .. engine.Overrides(parsed)];
            return RunAsync(
                TrainingConfig.Load(file, overrides, Engines.Vocabulary), parsed.GetValue(output) ?? RunCommand.DefaultFolder(file),
                interruption);
        });
        return command;
    }

    private static async Task<int> RunAsync(TrainingConfig config, string path, Interruption interruption)
    {
        var display = new TrainingDisplay();
        TrainingPlan plan = await TrainingPlan.OfAsync(config, new RunDisplay(), interruption.Token);
        EngineChoice chosen = config.Engine.Choose(Engines.All);
        using IEngine engine = chosen.Engine;
        var folder = new TrainingFolder(path);
        folder.Claim(config, Engines.Vocabulary);
        display.Begin(plan, chosen, path);
        display.End(
            interruption.Keeping(() => display.Watch(progress => new TrainingRun(plan, engine, folder).Run(progress, interruption.Token))));
        return 0;
    }
}
