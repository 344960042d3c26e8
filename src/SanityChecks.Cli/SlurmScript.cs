using System.Text;

namespace SanityChecks.Cli;

/// <summary>A script that submits the shards of a run to Slurm as an array of jobs, and their merge behind them, and is what these jobs
/// run.</summary>
internal sealed record SlurmScript
{
    /// <summary>How long before its time is up a job is told, in seconds: what it is scoring then should be written by then.</summary>
    public const int Lead = 300;

    /// <summary>The program.</summary>
    public required ProgramCommand Program { get; init; }

    /// <summary>The run folder, in full.</summary>
    public required string Run { get; init; }

    /// <summary>Where the configuration's paths begin, in full.</summary>
    public required string WorkingFolder { get; init; }

    /// <summary>How many shards there are.</summary>
    public required int Count { get; init; }

    /// <summary>What is computed, in a line for people.</summary>
    public required string Title { get; init; }

    /// <summary>Processors of each shard.</summary>
    public int Processors { get; init; } = 4;

    /// <summary>How many shards run at the same time; null for as many as there is room for.</summary>
    public int? MaxParallel { get; init; }

    /// <summary>Further options of sbatch, of the shards and the merge: <c>--time=2:00:00</c>.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Further options of sbatch, of the shards alone: <c>--gres=gpu:1</c>.</summary>
    public IReadOnlyList<string> ShardOptions { get; init; } = [];

    private string JobName => new([.. Path.GetFileName(Run).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '_')]);

    private string Parallel => MaxParallel is { } most ? FormattableString.Invariant($"%{most}") : "";

    /// <summary>The script.</summary>
    public string Text
    {
        get
        {
            var header = new StringBuilder();
            string[] lines =
            [
                FormattableString.Invariant($"--array=1-{Count}{Parallel}"), $"--job-name={JobName}", "--nodes=1", "--ntasks=1",
                FormattableString.Invariant($"--cpus-per-task={Processors}"), "--requeue", "--open-mode=append",
                FormattableString.Invariant($"--signal=B:USR1@{Lead}"), .. Options, .. ShardOptions,
            ];
            foreach (string line in lines)
            {
                header.Append("#SBATCH ").Append(line).Append('\n');
            }

            return Template
                .Replace("@HEADER@\n", header.ToString(), StringComparison.Ordinal)
                .Replace("@TITLE@", Title.ReplaceLineEndings(" "), StringComparison.Ordinal)
                .Replace("@COUNT@", Count.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)
                .Replace(
                    "@PROCESSORS@", Processors.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)
                .Replace("@PARALLEL@", Parallel, StringComparison.Ordinal)
                .Replace("@NAME@", JobName, StringComparison.Ordinal)
                .Replace("@MERGE_OPTIONS@", string.Concat(Options.Select(option => " " + ProgramCommand.Shell(option))), StringComparison.Ordinal)
                .Replace("@PROGRAM@", Program.Line(), StringComparison.Ordinal)
                .Replace("@FOLDER@", ProgramCommand.Shell(WorkingFolder), StringComparison.Ordinal)
                .Replace("@RUN@", ProgramCommand.Shell(Run), StringComparison.Ordinal);
        }
    }

    private const string Template = """
        #!/usr/bin/env bash
        # @TITLE@
        #
        #   bash slurm.sh          submits @COUNT@ shards as an array of jobs, and the merge of their scores behind them
        #   bash slurm.sh 3,7      submits shards 3 and 7 alone, and the merge: what is finished is never computed again
        #   bash slurm.sh merge    merges here and now
        #
        # Nothing else is needed: the program was published, the configuration lies in the run folder, and both are on a disk that all
        # nodes see.
        @HEADER@
        set -uo pipefail

        program=(@PROGRAM@)
        run=@RUN@
        folder=@FOLDER@ # the configuration's paths begin here
        count=@COUNT@
        kills=3 # a shard that was killed so often without finishing a batch stays down

        submit() {
          local shards
          mkdir -p "$run/shards/logs" || exit 1
          shards=$(sbatch --parsable --array="$1@PARALLEL@" --chdir="$folder" --output="$run/shards/logs/%a.log" "$run/shards/slurm.sh") || exit 1
          shards=${shards%%;*}
          echo "shards: job $shards, logs in $run/shards/logs"
          # Whatever became of the shards: the merge names those that are not finished.
          sbatch --parsable --dependency="afterany:$shards" --job-name=@NAME@-merge --chdir="$folder" --nodes=1 --ntasks=1 --cpus-per-task=@PROCESSORS@ \
            --open-mode=append --output="$run/shards/logs/merge.log"@MERGE_OPTIONS@ --wrap="exec bash $(printf %q "$run/shards/slurm.sh") merge" > /dev/null || exit 1
          echo "then their merge, log in $run/shards/logs/merge.log"
        }

        # All of .NET keeps to the processors that a job was given, where the cluster does not bind it to them.
        keep_to_processors() {
          if [ -n "${SLURM_CPUS_PER_TASK:-}" ]; then export DOTNET_PROCESSOR_COUNT="$SLURM_CPUS_PER_TASK"; fi
        }

        merge() {
          keep_to_processors
          cd "$folder" && "${program[@]}" shards merge "$run"
        }

        # Rows that are written: a job that is started again has got on when there are more.
        written() {
          stat -c %s "$run/shards/$(printf '%04d-of-%04d' "$SLURM_ARRAY_TASK_ID" "$count")/scores.csv" 2> /dev/null || echo 0
        }

        shard() {
          local before child='' code signal='' told='' ended=''
          before=$(written)
          cd "$folder" || exit 2
          keep_to_processors
          trap 'signal=yes told=yes; kill -USR1 "$child"' USR1 # time is almost up: stop after the batch at hand
          trap 'signal=yes ended=yes; kill -TERM "$child"' TERM # cancelled, preempted, the node lost: Slurm knows what comes next
          "${program[@]}" --config "$run/config.yaml" --out "$run" --shard "$SLURM_ARRAY_TASK_ID/$count" &
          child=$!
          wait "$child"
          code=$?
          while [ -n "$signal" ]; do # a signal ends the wait, not the program
            signal=''
            wait "$child"
            code=$?
          done
          if [ -z "$ended" ] && { [ "$code" -gt 130 ] || { [ "$code" = 130 ] && [ -n "$told" ]; }; }; then
            if [ "$(written)" -gt "$before" ] || [ "${SLURM_RESTART_COUNT:-0}" -lt "$kills" ]; then
              echo "shard $SLURM_ARRAY_TASK_ID/$count ended with $code, and is queued again"
              trap - TERM
              scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID" || exit "$code"
              sleep 60 # Slurm ends this job meanwhile
              exit "$code"
            fi
            echo "shard $SLURM_ARRAY_TASK_ID/$count ended with $code without getting on: is --time or --mem too small for one batch?"
          fi
          exit "$code"
        }

        case "${1:-}" in
          merge) merge ;;
          '')
            if [ -n "${SLURM_ARRAY_TASK_ID:-}" ]; then shard; else submit "1-$count"; fi
            ;;
          *) submit "$1" ;;
        esac

        """;
}
