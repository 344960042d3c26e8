using System.Diagnostics;
using System.Text.RegularExpressions;
using SanityChecks.Cli;
using SanityChecks.RunFiles;
using SanityChecks.RunFiles.Shards;
using SanityChecks.Tests.Experiments;
using YamlDotNet.Serialization;

namespace SanityChecks.Tests.Cli;

public sealed class ShardsCommandTests : IDisposable
{
    private readonly SmallRun small = new();

    private readonly string config;

    public ShardsCommandTests()
    {
        config = small.Of("small.yaml");
        File.WriteAllText(config, small.Yaml);
    }

    private string Run => small.Of("run");

    public void Dispose() => small.Dispose();

    private (int Code, string Output, string Error) Plan(params string[] arguments) =>
        ProgramCall.Run(["shards", "plan", config, "--out", Run, .. arguments]);

    [Fact]
    public void A_study_in_shards_from_the_plan_to_the_merge()
    {
        (int code, string output, string error) = Plan("--count", "2");
        Assert.Equal(0, code);
        string[] lines = output.TrimEnd().Split('\n');
        Assert.Equal([$"--config {Run}/config.yaml --out {Run} --shard 1/2", $"--config {Run}/config.yaml --out {Run} --shard 2/2"], lines.Select(line => line[(line.IndexOf(" --", StringComparison.Ordinal) + 1)..]));
        Assert.StartsWith($"4 images x 1 draws = 4 units in 2 shards of {Run}; when they have run: ", error, StringComparison.Ordinal);

        (code, output, error) = ProgramCall.Run("shards", "merge", Run);
        Assert.Equal((1, "2 shards are not finished: 1/2, 2/2\n"), (code, error));
        Assert.Contains("1/2       missing  0 of 2 units\n", output, StringComparison.Ordinal);

        string[] first = ["--config", $"{Run}/config.yaml", "--out", Run, "--shard", "1/2"];
        (code, output, _) = ProgramCall.Run(first);
        Assert.Equal(0, code);
        Assert.Contains("shard 1/2 with 2 of 4 units; ", output, StringComparison.Ordinal);
        Assert.Contains($"Scored 2 images now; shard 1/2 is complete in {Path.Combine(Run, "shards", "0001-of-0002")}.", output, StringComparison.Ordinal);
        (code, output, _) = ProgramCall.Run("shards", "status", Run);
        Assert.Equal(1, code);
        Assert.Matches(@"^1/2       done     2 of 2 units\n2/2       missing  0 of 2 units\n1 done, 0 failed, 0 stopped, 0 running, 1 missing\nRun again:\n  \S+.* --shard 2/2\n$", output);
        (code, _, error) = ProgramCall.Run("--config", config, "--out", Run);
        Assert.Equal(2, code);
        Assert.StartsWith($"The run in {Run} is dealt out to 2 shards: compute it with --shard, ", error, StringComparison.Ordinal);

        Assert.Equal(0, ProgramCall.Run([.. first[..^1], "2/2"]).Code);
        Assert.Contains("Merge them with: ", ProgramCall.Run("shards", "status", Run).Output, StringComparison.Ordinal);
        Assert.Equal(0, ProgramCall.Run("shards", "merge", Run).Code);
        (code, output, _) = ProgramCall.Run("shards", "status", Run);
        Assert.Equal(0, code);
        Assert.EndsWith("They are merged.\n", output, StringComparison.Ordinal);
        small.Run("whole");
        Assert.Equal(small.ScoreBytes("whole"), small.ScoreBytes("run"));
    }

    [Fact]
    public void The_script_for_Slurm_says_all_that_was_asked_for_and_is_one_that_bash_takes()
    {
        string program = small.Of("SanityChecks, published");
        File.WriteAllText(program, "");
        (int code, string output, string error) = Plan(
            "--count", "4", "--slurm", "--program", program, "--time", "2:00:00", "--mem", "8G", "--partition", "long", "--max-parallel", "3",
            "--cpus", "2", "--sbatch=--gres=gpu:1");
        Assert.Equal((0, ""), (code, error));
        string script = Path.Combine(Run, "shards", "slurm.sh");
        Assert.Equal($"4 images x 1 draws = 4 units in 4 shards of {Run}; submit them with\n  bash {script}\n", output);
        string text = File.ReadAllText(script);
        Assert.Equal(
            [
                "--array=1-4%3", "--job-name=run", "--nodes=1", "--ntasks=1", "--cpus-per-task=2", "--requeue", "--open-mode=append",
                "--signal=B:USR1@300", "--time=2:00:00", "--mem=8G", "--partition=long", "--gres=gpu:1",
            ],
            Regex.Matches(text, "^#SBATCH (.*)$", RegexOptions.Multiline).Select(match => match.Groups[1].Value));
        Assert.Contains($"\nprogram=('{program}')\nrun={Run}\n", text, StringComparison.Ordinal);
        Assert.DoesNotMatch("@[A-Z_]+@|dotnet run|\r", text);
        Assert.Contains("merge.log\" --time=2:00:00 --mem=8G --partition=long --wrap=", text, StringComparison.Ordinal);
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no bash");
        using Process bash = Process.Start("bash", ["-n", script]);
        bash.WaitForExit();
        Assert.Equal(0, bash.ExitCode);
        Assert.Contains($"bash {script} 1,2,3,4\n", ProgramCall.Run("shards", "status", Run).Output, StringComparison.Ordinal);
    }

    /// <summary>The fields that Kubernetes' reference of batch/v1 Job requires, for each object that stands there, and those of an Indexed
    /// Job whose shards are tried again each for itself.</summary>
    [Fact]
    public void The_job_for_Kubernetes_has_every_field_that_its_reference_requires()
    {
        (int code, string output, _) = Plan("--count", "4", "--kubernetes", "--image", "registry/sanitychecks:0.1", "--volume-claim", "studies", "--mem", "8Gi");
        Assert.Equal(0, code);
        Assert.Contains("kubectl apply -f", output, StringComparison.Ordinal);
        string text = File.ReadAllText(Path.Combine(Run, "shards", "kubernetes.yaml"));
        object job = new DeserializerBuilder().Build().Deserialize<object>(text);
        Assert.Equal(("batch/v1", "Job", "run"), (At(job, "apiVersion"), At(job, "kind"), At(job, "metadata", "name")));
        Assert.Matches("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", (string)At(job, "metadata", "name"));
        object spec = At(job, "spec"), pod = At(spec, "template", "spec");
        Assert.Equal(
            ("Indexed", "4", "4", "3"), (At(spec, "completionMode"), At(spec, "completions"), At(spec, "parallelism"), At(spec, "backoffLimitPerIndex")));

        // backoffLimitPerIndex and podFailurePolicy are allowed with this policy alone.
        Assert.Equal("Never", At(pod, "restartPolicy"));
        var container = Assert.Single((List<object>)At(pod, "containers"));
        Assert.Equal(("shard", "registry/sanitychecks:0.1"), (At(container, "name"), At(container, "image")));
        Assert.Equal(["--config", $"{Run}/config.yaml", "--out", Run, "--shard", "auto/4"], (List<object>)At(container, "args"));
        Assert.Equal(("4", "8Gi"), (At(container, "resources", "limits", "cpu"), At(container, "resources", "limits", "memory")));
        var mount = Assert.Single((List<object>)At(container, "volumeMounts"));
        var volume = Assert.Single((List<object>)At(pod, "volumes"));
        Assert.Equal(At(volume, "name"), At(mount, "name"));
        Assert.Equal(("studies", Environment.CurrentDirectory), (At(volume, "persistentVolumeClaim", "claimName"), At(mount, "mountPath")));
        var rules = (List<object>)At(spec, "podFailurePolicy", "rules");
        Assert.Equal(("FailIndex", "shard", "In"), (At(rules[0], "action"), At(rules[0], "onExitCodes", "containerName"), At(rules[0], "onExitCodes", "operator")));
        Assert.Equal(["2"], (List<object>)At(rules[0], "onExitCodes", "values"));
        var condition = Assert.Single((List<object>)At(rules[1], "onPodConditions"));
        Assert.Equal(("Ignore", "DisruptionTarget", "True"), (At(rules[1], "action"), At(condition, "type"), At(condition, "status")));

        static object At(object node, params string[] keys) => keys.Aggregate(node, (at, key) => ((Dictionary<object, object>)at)[key]);
    }

    [Theory]
    [InlineData("--count 0", "--count is 0; it must be at least 1.")]
    [InlineData("--count 5", "5 shards are too many for 4 units (images times draws): each needs one.")]
    [InlineData("--count 2 --kubernetes", "--kubernetes needs --image, a container with the program, and --volume-claim, the volume that holds this folder.")]
    [InlineData("--count 2 --slurm --program nowhere/SanityChecks", "There is no program ")]
    public void A_plan_that_cannot_be_is_refused_before_anything_is_written(string arguments, string problem)
    {
        (int code, _, string error) = Plan(arguments.Split(' '));
        Assert.Equal(2, code);
        Assert.StartsWith(problem, error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Run));
    }

    [Fact]
    public void A_folder_without_shards_has_no_status_and_nothing_to_merge()
    {
        Assert.Equal($"{Run} holds no shards: shards plan deals a run out.", ProgramProcess.Refused("shards", "status", Run));
        Assert.Equal($"{Run} holds no shards: shards plan deals a run out.", ProgramProcess.Refused("shards", "merge", Run));
    }

    [Theory]
    [InlineData("3/6", "", 3, 6)]
    [InlineData("3/6", "SLURM_ARRAY_TASK_ID=5", 3, 6)]
    [InlineData("auto", "SLURM_ARRAY_TASK_ID=5 SLURM_ARRAY_TASK_MIN=5 SLURM_ARRAY_TASK_MAX=8 SLURM_ARRAY_TASK_COUNT=4", 1, 4)]
    [InlineData("auto", "SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=3 SLURM_ARRAY_TASK_COUNT=4", 4, 4)]
    [InlineData("auto/6", "SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_MIN=3 SLURM_ARRAY_TASK_MAX=5 SLURM_ARRAY_TASK_COUNT=2", 3, 6)]
    [InlineData("auto/6", "PBS_ARRAY_INDEX=6", 6, 6)]
    [InlineData("auto/6", "JOB_COMPLETION_INDEX=0", 1, 6)]
    [InlineData("auto/6", "JOB_COMPLETION_INDEX=5", 6, 6)]
    public void A_shard_is_given_or_the_schedulers(string text, string environment, int number, int count) =>
        Assert.Equal(new Shard(number, count), Task(environment).Shard(text));

    [Theory]
    [InlineData("auto", "", "--shard auto asks the scheduler which shard this is, and none of SLURM_ARRAY_TASK_ID, PBS_ARRAY_INDEX and JOB_COMPLETION_INDEX is set: give it as --shard 3/6.")]
    [InlineData("auto", "PBS_ARRAY_INDEX=2", "PBS_ARRAY_INDEX says which shard this is, not of how many: --shard auto/6.")]
    [InlineData("auto/6", "PBS_ARRAY_INDEX=2 SLURM_ARRAY_TASK_ID=2", "--shard auto/6: SLURM_ARRAY_TASK_ID and PBS_ARRAY_INDEX are both set; say which shard this is: --shard 3/6.")]
    [InlineData("auto", "SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_MIN=3 SLURM_ARRAY_TASK_MAX=7 SLURM_ARRAY_TASK_COUNT=2", "The array's 2 tasks are not all numbers from 3 to 7, so that they do not say how many shards there are: give it, --shard auto/7.")]
    [InlineData("auto/6", "SLURM_ARRAY_TASK_ID=0", "There is no shard 0 of 6: they are counted from 1.")]
    [InlineData("auto/6", "JOB_COMPLETION_INDEX=x", "JOB_COMPLETION_INDEX is 'x', which is no number: give the shard as --shard 3/6.")]
    public void What_the_scheduler_does_not_say_clearly_is_refused(string text, string environment, string message) =>
        Assert.Equal(message, Assert.Throws<InputException>(() => Task(environment).Shard(text)).Message);

    [Fact]
    public void Job_and_processors_are_the_schedulers()
    {
        Assert.Equal(("12_3", 4), (Task("SLURM_ARRAY_JOB_ID=12 SLURM_ARRAY_TASK_ID=3 SLURM_CPUS_PER_TASK=4").Job, Task("SLURM_CPUS_PER_TASK=4").Threads));
        Assert.Equal((null, null), (Task("").Job, Task("SLURM_CPUS_PER_TASK=0").Threads));
    }

    private static ArrayTask Task(string environment)
    {
        Dictionary<string, string> variables = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(one => one.Split('='))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        return new ArrayTask(variables.GetValueOrDefault);
    }
}
