using System.Globalization;
using SanityChecks.RunFiles;
using SanityChecks.RunFiles.Shards;

namespace SanityChecks.Cli;

/// <summary>What a cluster's scheduler says in the environment of one task of an array. Asked for with <c>--shard auto</c> alone: a run
/// that is a task of an array for another reason stays whole.</summary>
/// <param name="variable">The environment.</param>
internal sealed class ArrayTask(Func<string, string?> variable)
{
    private const string Auto = "auto", Slurm = "SLURM_ARRAY_TASK_ID", Pbs = "PBS_ARRAY_INDEX", Kubernetes = "JOB_COMPLETION_INDEX";

    /// <summary>The environment of this process.</summary>
    public static ArrayTask Here { get; } = new(Environment.GetEnvironmentVariable);

    /// <summary>The scheduler's name for this process: <c>12_3</c>; null outside a job.</summary>
    public string? Job => (variable("SLURM_ARRAY_JOB_ID"), variable(Slurm)) is ({ } array, { } task) ? $"{array}_{task}"
        : variable("SLURM_JOB_ID") ?? variable("PBS_JOBID");

    /// <summary>How many processors Slurm gave; null where it does not say.</summary>
    public int? Threads => variable("SLURM_CPUS_PER_TASK") is { } text
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0 ? count : null;

    /// <summary>Which shard is meant.</summary>
    /// <param name="text"><c>3/6</c>; <c>auto/6</c>, the number by the scheduler; <c>auto</c>, both by Slurm.</param>
    /// <exception cref="InputException">It is none of them, or the scheduler says nothing, or not enough.</exception>
    public Shard Shard(string text)
    {
        string[] parts = text.Split('/');
        if (parts[0] != Auto)
        {
            return RunFiles.Shards.Shard.Parse(text);
        }

        string[] known = [.. new[] { Slurm, Pbs, Kubernetes }.Where(name => !string.IsNullOrEmpty(variable(name)))];
        if (known.Length != 1)
        {
            throw new InputException(known.Length == 0
                ? $"--shard {text} asks the scheduler which shard this is, and none of {Slurm}, {Pbs} and {Kubernetes} is set: give it as --shard 3/6."
                : $"--shard {text}: {string.Join(" and ", known)} are both set; say which shard this is: --shard 3/6.");
        }

        int index = Number(known[0]);
        return parts.Length > 1
            ? RunFiles.Shards.Shard.Parse(FormattableString.Invariant($"{index + (known[0] == Kubernetes ? 1 : 0)}/{parts[1]}"))
            : known[0] == Slurm
                ? OfWholeArray(index)
                : throw new InputException($"{known[0]} says which shard this is, not of how many: --shard auto/6.");
    }

    /// <summary>Slurm alone says how many tasks there are; of an array with gaps (<c>--array=3,7</c>) that is not how many shards there
    /// are.</summary>
    private Shard OfWholeArray(int index)
    {
        (int first, int last, int count) = (Number("SLURM_ARRAY_TASK_MIN"), Number("SLURM_ARRAY_TASK_MAX"), Number("SLURM_ARRAY_TASK_COUNT"));
        return last - first + 1 == count
            ? RunFiles.Shards.Shard.Of(index - first + 1, count)
            : throw new InputException(FormattableString.Invariant(
                $"The array's {count} tasks are not all numbers from {first} to {last}, so that they do not say how many shards there are: give it, --shard auto/{last}."));
    }

    private int Number(string name) => int.TryParse(variable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
        ? number
        : throw new InputException($"{name} is '{variable(name)}', which is no number: give the shard as --shard 3/6.");
}
