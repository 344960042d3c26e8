using System.CommandLine;
using System.Globalization;
using SanityChecks.Compute;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Experiments.Execution;
using SanityChecks.Images.Sources;
using SanityChecks.Networks;
using SanityChecks.RunFiles;
using SanityChecks.RunFiles.Shards;

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
        var shard = new Option<string?>("--shard")
        {
            Description = "Computes one of n equal parts, into its own folder within the run folder: 3/6, or auto/6 for the number that Slurm, PBS or Kubernetes gives (auto: both by Slurm). See shards.",
            HelpName = "I/N",
        };
        var command = new RootCommand("SanityChecks: does a saliency map depend on what the network has learned? Randomizes a trained network's layers, and measures how much the maps change.")
        {
            config, set, output, engine.Name, engine.Libtorch, strict, dryRun, shard,
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
            Shard? part = parsed.GetValue(shard) is { } text ? ArrayTask.Here.Shard(text) : null;
            await RunAsync(
                ExperimentConfig.Load(file, overrides, Engines.Vocabulary), parsed.GetValue(output) ?? DefaultFolder(file),
                parsed.GetValue(dryRun), interruption, part);
            return 0;
        });
        return command;
    }

    /// <summary>Runs a configuration into a folder, going on with what is there, and shows it.</summary>
    /// <param name="config">What to run.</param>
    /// <param name="path">The run folder.</param>
    /// <param name="dryRun">Whether to say only what would be computed.</param>
    /// <param name="interruption">Stops it.</param>
    /// <param name="shard">Which part of it; null for all.</param>
    /// <returns>What was done; null for a dry run, and for a shard, whose scores no statistics follow from.</returns>
    public static async Task<RunResult?> RunAsync(
        ExperimentConfig config, string path, bool dryRun, Interruption interruption, Shard? shard = null)
    {
        var display = new RunDisplay();
        Plan plan = (await PlanAsync(config, display, interruption.Token)) with { Shard = shard };
        EngineChoice chosen = config.Engine.Choose(Engines.All, shard is null ? null : ArrayTask.Here.Threads);
        using IEngine engine = chosen.Engine;
        var folder = new RunFolder(path);
        SpecificationRuns? specifications = plan.Config.Specifications.IsEmpty ? null : new SpecificationRuns(plan, folder);
        display.Begin(plan, chosen, path);
        if (dryRun)
        {
            display.DryRun(plan, engine, specifications?.Others.Count ?? 0);
            return null;
        }

        if (shard is { } part)
        {
            plan.RequireDivisible();
            CancellationToken afterBatch = interruption.AfterBatch();
            display.End(part, interruption.Keeping(() => display.Watch(
                progress => new ShardRun(plan, part, engine, folder, Engines.Vocabulary)
                    .Run(ArrayTask.Here.Job, progress, interruption.Token, afterBatch))));
            return null;
        }

        Manifest? begun = folder.Claim(plan.Config, Engines.Vocabulary);
        if (begun?.Complete != true && new ShardsFolder(path).ReadDeal() is { } deal)
        {
            throw new InputException(FormattableString.Invariant(
                $"The run in {path} is dealt out to {deal.Count} shards: compute it with --shard, merge it with shards merge {path}, or give another folder with --out."));
        }

        RunResult result = interruption.Keeping(
            () => display.Watch(progress => new ExperimentRun(plan, engine, folder).Run(begun, progress, interruption.Token)));
        display.End(plan, result);
        if (specifications is not null)
        {
            RunOthers(specifications, engine, display, interruption);
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

    /// <summary>Everything that a configuration computes, checked; weights are downloaded where they are missing.</summary>
    public static async Task<Plan> PlanAsync(ExperimentConfig config, RunDisplay display, CancellationToken cancel)
    {
        ImageSelection selection = Plan.SelectImages(config);
        TrainedNetwork trained = await TrainedNetwork.LoadNamedAsync(config.Model.Source(config.TargetElement), display, cancel);
        TrainedNetwork? ceiling = config.Ceiling is null ? null : await TrainedNetwork.LoadNamedAsync(
            (config.Model with { Weights = config.Ceiling }).Source(config.TargetElement), display, cancel);
        Plan plan = Plan.Of(config, selection, trained, ceiling);
        plan.RequireOneSize();
        plan.RequireTruth();
        return plan;
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
