using System.CommandLine;
using System.Globalization;
using SanityChecks.Compute;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Experiments.Execution;
using SanityChecks.Images.Sources;
using SanityChecks.Networks;
using SanityChecks.RunFiles;

namespace SanityChecks.Cli;

/// <summary>Runs the experiment that a configuration describes: the program without a command.</summary>
internal static class RunCommand
{
    public static RootCommand Create(Interruption interruption)
    {
        var config = new Option<string?>("--config") { Description = "The experiment: a YAML file.", HelpName = "FILE" };
        var set = new Option<string[]>("--set")
        {
            Description = "Overrides one key of the configuration with any YAML value; may be repeated.",
            HelpName = "key=value",
            DefaultValueFactory = _ => [],
        };
        var output = new Option<string?>("--out") { Description = "The run folder; results/NAME-OF-CONFIG by default.", HelpName = "DIR" };
        var engine = new EngineOption();
        var strict = new Option<bool>("--strict") { Description = "Stop at an image that cannot be read instead of skipping it." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Check everything and say what would be computed." };
        var command = new RootCommand("SanityChecks: does a saliency map depend on what the network has learned? Randomizes a trained network's layers, and measures how much the maps change.")
        {
            config, set, output, engine.Name, engine.Libtorch, strict, dryRun,
        };
        command.SetAction(async parsed =>
        {
            string file = parsed.GetValue(config)
                ?? throw new InputException("Give an experiment with --config FILE, or a command; --help shows examples.");
            GivenValue[] overrides =
            [
                .. parsed.GetValue(set)!,
                .. engine.Overrides(parsed),
                .. parsed.GetValue(strict) ? [GivenValue.Yaml("strict", "true", strict.Name)] : Array.Empty<GivenValue>(),
            ];
            await RunAsync(
                ExperimentConfig.Load(file, overrides, Engines.Vocabulary), parsed.GetValue(output) ?? DefaultFolder(file),
                parsed.GetValue(dryRun), interruption);
            return 0;
        });
        return command;
    }

    /// <summary>Runs a configuration into a folder, going on with what is there, and shows it.</summary>
    /// <returns>What was done; null for a dry run.</returns>
    public static async Task<RunResult?> RunAsync(ExperimentConfig config, string path, bool dryRun, Interruption interruption)
    {
        var display = new RunDisplay();
        ImageSelection selection = Plan.SelectImages(config);
        TrainedNetwork trained = await TrainedNetwork.LoadNamedAsync(
            config.Model.Source(config.TargetElement), display, interruption.Token);
        TrainedNetwork? ceiling = config.Ceiling is null ? null : await TrainedNetwork.LoadNamedAsync(
            (config.Model with { Weights = config.Ceiling }).Source(config.TargetElement), display, interruption.Token);
        Plan plan = Plan.Of(config, selection, trained, ceiling);
        plan.RequireOneSize();
        plan.RequireTruth();
        EngineChoice chosen = config.Engine.Choose(Engines.All);
        using IEngine engine = chosen.Engine;
        display.Begin(plan, chosen, path);
        if (dryRun)
        {
            display.DryRun(plan, engine);
            return null;
        }

        var folder = new RunFolder(path);
        SpecificationRuns? specifications = plan.Config.Specifications.IsEmpty ? null : new SpecificationRuns(plan, folder);
        Manifest? begun = folder.Claim(plan.Config, Engines.Vocabulary);
        RunResult result = interruption.Keeping(
            () => display.Watch(progress => new ExperimentRun(plan, engine, folder).Run(begun, progress, interruption.Token)));
        if (specifications is not null)
        {
            RunOthers(specifications, engine, display, interruption);
        }

        display.End(plan, result);
        if (specifications is not null)
        {
            RunDisplay.Specifications(plan, specifications.Write());
        }

        return result;
    }

    private static void RunOthers(SpecificationRuns specifications, IEngine engine, RunDisplay display, Interruption interruption)
    {
        int number = 1;
        foreach ((Specification Networks, Plan Plan) other in specifications.Others)
        {
            number++;
            Terminal.Line(FormattableString.Invariant(
                $"specification {number} of {specifications.Others.Count + 1}: {other.Networks.Order}, {other.Networks.Initializer}, target {other.Networks.Target}"));
            interruption.Keeping(() => display.Watch(
                progress => specifications.Run(other, engine, Engines.Vocabulary, progress, interruption.Token)));
        }
    }

    /// <summary>results/squeezenet-cascade for configs/squeezenet/cascade.yaml; results/NAME for a file anywhere else.</summary>
    internal static string DefaultFolder(string config)
    {
        string[] parts = Path.ChangeExtension(config, null).Split('/', '\\');
        int configs = Array.LastIndexOf(parts, "configs");
        return string.Create(
            CultureInfo.InvariantCulture, $"results/{(configs >= 0 ? string.Join('-', parts[(configs + 1)..]) : parts[^1])}");
    }
}
