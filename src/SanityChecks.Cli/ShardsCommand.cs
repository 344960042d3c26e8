using System.CommandLine;
using System.Globalization;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Experiments.Execution;
using SanityChecks.RunFiles;
using SanityChecks.RunFiles.Shards;

namespace SanityChecks.Cli;

/// <summary>Runs that are too large for one machine: dealt out to shards, which a cluster's own scheduler starts, and merged.</summary>
internal static class ShardsCommand
{
    public const string Name = "shards";

    private const int Done = 0, Unfinished = 1;

    public static Command Create(Interruption interruption) => new(
        Name, "Deals a run out to shards for a cluster, says how far they are, and merges them.")
    {
        PlanCommand(interruption), StatusCommand(), MergeCommand(interruption),
    };

    private static Command PlanCommand(Interruption interruption)
    {
        var config = new Argument<string>("CONFIG") { Description = "The experiment: a YAML file." };
        var count = new Option<int>("--count") { Description = "How many shards; at most one for each image and draw.", HelpName = "N", Required = true };
        var slurm = new Option<bool>("--slurm") { Description = "Write slurm.sh, which submits the shards as an array of jobs, and their merge." };
        var kubernetes = new Option<bool>("--kubernetes") { Description = "Write kubernetes.yaml, an Indexed Job." };
        var list = new Option<bool>("--list") { Description = "Print a command line for each shard, for GNU parallel or any scheduler; the default." };
        var set = new Option<string[]>("--set")
        {
            Description = "Overrides one key of the configuration with any YAML value; may be repeated.",
            HelpName = "key=value",
            DefaultValueFactory = _ => [],
        };
        var output = new Option<string?>("--out") { Description = "The run folder, on a disk that all machines see; results/NAME-OF-CONFIG by default.", HelpName = "DIR" };
        var program = new Option<string?>("--program") { Description = "The published program on that disk; this one by default.", HelpName = "FILE" };
        var cpus = new Option<int>("--cpus") { Description = "Processors of each shard; 4 by default.", HelpName = "N", DefaultValueFactory = _ => 4 };
        var parallel = new Option<int?>("--max-parallel") { Description = "How many shards run at the same time; no bound by default.", HelpName = "N" };
        var memory = new Option<string?>("--mem") { Description = "Memory of each shard: 8G for Slurm, 8Gi for Kubernetes.", HelpName = "SIZE" };
        var time = new Option<string?>("--time") { Description = "Slurm: the time limit of each shard; one that reaches it goes on in another job.", HelpName = "H:MM:SS" };
        var partition = new Option<string?>("--partition") { Description = "Slurm: where the jobs run.", HelpName = "NAME" };
        var options = new Option<string[]>("--sbatch")
        {
            Description = "Slurm: any other option for the shards' jobs, --sbatch=--gres=gpu:1; may be repeated.",
            HelpName = "OPTION",
            DefaultValueFactory = _ => [],
        };
        var image = new Option<string?>("--image") { Description = "Kubernetes: the container's image, with the program.", HelpName = "NAME" };
        var claim = new Option<string?>("--volume-claim") { Description = "Kubernetes: the claim on the volume that holds this folder.", HelpName = "NAME" };
        var engine = new EngineOption();
        var command = new Command("plan", "Checks a run, deals it out, and writes what starts its shards.")
        {
            config, count, slurm, kubernetes, list, set, output, engine.Name, engine.Libtorch, program, cpus, parallel, memory, time,
            partition, options, image, claim,
        };
        command.SetAction(async parsed =>
        {
            string file = parsed.GetValue(config)!;
            (int shards, bool onSlurm, bool onKubernetes) = (parsed.GetValue(count), parsed.GetValue(slurm), parsed.GetValue(kubernetes));
            int? most = parsed.GetValue(parallel);
            RequirePositive("--count", shards);
            RequirePositive("--cpus", parsed.GetValue(cpus));
            RequirePositive("--max-parallel", most ?? 1);
            if (onKubernetes && (parsed.GetValue(image) is null || parsed.GetValue(claim) is null))
            {
                throw new InputException("--kubernetes needs --image, a container with the program, and --volume-claim, the volume that holds this folder.");
            }

            var starts = ProgramCommand.Of(parsed.GetValue(program), published: onSlurm);
            string run = parsed.GetValue(output) ?? RunCommand.DefaultFolder(file);
            ExperimentConfig read = ExperimentConfig.Load(
                file, [.. parsed.GetValue(set)!, .. engine.Overrides(parsed)], Engines.Vocabulary);
            string title = await DealAsync(read, run, shards, interruption);
            var folder = new ShardsFolder(run);
            if (onSlurm)
            {
                WholeFile.Write(folder.SlurmPath, new SlurmScript
                {
                    Program = starts,
                    Run = Path.GetFullPath(run),
                    WorkingFolder = Environment.CurrentDirectory,
                    Count = shards,
                    Title = title,
                    Processors = parsed.GetValue(cpus),
                    MaxParallel = most,
                    Options =
                    [
                        .. Given("--time", parsed.GetValue(time)), .. Given("--mem", parsed.GetValue(memory)),
                        .. Given("--partition", parsed.GetValue(partition)),
                    ],
                    ShardOptions = parsed.GetValue(options)!,
                }.Text);
                Terminal.Line($"{title}; submit them with");
                Terminal.Line($"  bash {ProgramCommand.Shell(folder.SlurmPath)}");
            }

            if (onKubernetes)
            {
                WholeFile.Write(folder.KubernetesPath, new KubernetesJob
                {
                    Image = parsed.GetValue(image)!,
                    VolumeClaim = parsed.GetValue(claim)!,
                    Folder = Environment.CurrentDirectory,
                    Run = run,
                    Count = shards,
                    Processors = parsed.GetValue(cpus),
                    MaxParallel = most,
                    Memory = parsed.GetValue(memory),
                }.Text);
                Terminal.Line($"{title}; start them with");
                Terminal.Line($"  kubectl apply -f {ProgramCommand.Shell(folder.KubernetesPath)}");
            }

            if (parsed.GetValue(list) || !(onSlurm || onKubernetes))
            {
                foreach (Shard shard in Shard.All(shards))
                {
                    Terminal.Line(Line(starts, run, shard));
                }

                // Not among the lines that a scheduler reads.
                Terminal.ErrorLine($"{title}; when they have run: {starts.Line("shards", "merge", run)}");
            }

            return Done;
        });
        return command;

        static IEnumerable<string> Given(string name, string? value) => value is null ? [] : [$"{name}={value}"];
    }

    private static Command StatusCommand()
    {
        Argument<string> run = RunArgument();
        var command = new Command(
            "status", "Says of each shard whether it is done, runs, failed, stopped or is missing, and how to run again what must be. Exit code 0: all are done; 1: some are not.")
        { run };
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(run)!;
            var folder = new ShardsFolder(path);
            DealRecord deal = folder.ReadDeal()
                ?? throw new InputException($"{path} holds no shards: shards plan deals a run out.");
            IReadOnlyList<ShardStatus> all = ShardStatus.Of(folder, deal);
            Print(path, all);
            return all.All(one => one.State == ShardState.Done) ? Done : Unfinished;
        });
        return command;
    }

    private static Command MergeCommand(Interruption interruption)
    {
        Argument<string> run = RunArgument();
        var command = new Command(
            "merge", "Makes the files of the whole run from its finished shards. Exit code 1: some are not finished; 2: some do not belong to it.")
        { run };
        command.SetAction(async parsed =>
        {
            string path = parsed.GetValue(run)!;
            var folder = new RunFolder(path);
            if (new ShardsFolder(path).ReadDeal() is null)
            {
                throw new InputException($"{path} holds no shards: shards plan deals a run out.");
            }

            var display = new RunDisplay();
            Plan plan = await RunCommand.PlanAsync(
                ExperimentConfig.Load(folder.ConfigPath, [], Engines.Vocabulary), display, interruption.Token);
            try
            {
                display.End(plan, display.Watch(
                    progress => new ShardMerge(plan, folder, Engines.Vocabulary).Run(progress, interruption.Token)));
                return Done;
            }
            catch (UnfinishedShardsException error)
            {
                Terminal.ErrorLine(error.Message);
                Print(path, error.Shards);
                return Unfinished;
            }
        });
        return command;
    }

    private static Argument<string> RunArgument() => new("RUN") { Description = "The run folder." };

    /// <summary>Makes sure that a run can be computed, and claims its folder for it.</summary>
    private static async Task<string> DealAsync(ExperimentConfig config, string run, int count, Interruption interruption)
    {
        Plan plan = await RunCommand.PlanAsync(config, new RunDisplay(), interruption.Token);
        plan.RequireDivisible();
        (int images, int draws) = (plan.Selection.Images.Count, plan.Config.Randomization.Draws);
        var folder = new ShardsFolder(run);
        DealRecord deal = new(count, images, draws);
        deal.RequireEnough();
        new RunFolder(run).Claim(plan.Config, Engines.Vocabulary);
        folder.Deal(deal);
        return string.Create(
            CultureInfo.InvariantCulture, $"{images} images x {draws} draws = {images * draws} units in {count} shards of {run}");
    }

    private static void RequirePositive(string option, int value)
    {
        if (value < 1)
        {
            throw new InputException(FormattableString.Invariant($"{option} is {value}; it must be at least 1."));
        }
    }

    private static string Line(ProgramCommand program, string run, Shard shard) =>
        program.Line("--config", Path.Combine(run, RunFolder.ConfigName), "--out", run, "--shard", shard.ToString());

    private static void Print(string run, IReadOnlyList<ShardStatus> shards)
    {
        var folder = new ShardsFolder(run);
        foreach (ShardStatus one in shards)
        {
            Terminal.Line(string.Create(
                CultureInfo.InvariantCulture,
                $"{one.Shard,-9} {one.State.ToString().ToLowerInvariant(),-8} {one.Finished} of {one.Units} units{(one.Note.Length > 0 ? ": " + one.Note : "")}"));
        }

        Terminal.Line(string.Join(", ", Enum.GetValues<ShardState>().Reverse().Select(state => FormattableString.Invariant(
            $"{shards.Count(one => one.State == state)} {state.ToString().ToLowerInvariant()}"))));
        Shard[] again =
            [.. shards.Where(one => one.State is not (ShardState.Done or ShardState.Running)).Select(one => one.Shard)];
        if (again.Length == 0)
        {
            Terminal.Line(shards.Any(one => one.State == ShardState.Running)
                ? "Nothing to run again."
                : Manifest.Read(run)?.Complete == true ? "They are merged." : $"Merge them with: {ProgramCommand.Of(null, false).Line(Name, "merge", run)}");
        }
        else if (File.Exists(folder.SlurmPath))
        {
            // What waits in Slurm's queue looks like what nobody began.
            Terminal.Line($"Run again what waits in no queue: bash {ProgramCommand.Shell(folder.SlurmPath)} {string.Join(',', again.Select(shard => shard.Number))}");
        }
        else
        {
            Terminal.Line("Run again:");
            foreach (Shard shard in again)
            {
                Terminal.Line("  " + Line(ProgramCommand.Of(null, false), run, shard));
            }
        }
    }
}
