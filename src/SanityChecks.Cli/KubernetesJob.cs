namespace SanityChecks.Cli;

/// <summary>An Indexed Job for Kubernetes 1.33 or later: a pod for each shard, which is tried again unless its input is wrong.</summary>
internal sealed record KubernetesJob
{
    /// <summary>The image of a container with the program on its path.</summary>
    public required string Image { get; init; }

    /// <summary>The claim on a volume that all pods can write to.</summary>
    public required string VolumeClaim { get; init; }

    /// <summary>Where it is mounted: the folder in which the command is given here, and the configuration's paths begin.</summary>
    public required string Folder { get; init; }

    /// <summary>The run folder, within that folder.</summary>
    public required string Run { get; init; }

    /// <summary>How many shards there are.</summary>
    public required int Count { get; init; }

    /// <summary>Processors of each shard.</summary>
    public int Processors { get; init; } = 4;

    /// <summary>Memory of each shard: <c>8Gi</c>; null for no bound.</summary>
    public string? Memory { get; init; }

    /// <summary>How many shards run at the same time; null for all.</summary>
    public int? MaxParallel { get; init; }

    private string Name => string.Concat(
        Path.GetFileName(Run).ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-');

    /// <summary>The manifest.</summary>
    public string Text => FormattableString.Invariant($$"""
        # {{Count}} shards of {{Run}}, and nothing else. When the job is complete, merge in any pod with the same volume, or on a
        # machine that mounts it:
        #   kubectl apply -f kubernetes.yaml && kubectl wait --for=condition=complete --timeout=-1s job/{{Name}}
        #   SanityChecks shards status {{Run}}
        #   SanityChecks shards merge {{Run}}
        # The claim must allow ReadWriteMany. Shards that failed for good are named by the status; deleting the job and applying this
        # file again computes what is missing, and nothing twice.
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: {{Name}}
        spec:
          completionMode: Indexed
          completions: {{Count}}
          parallelism: {{MaxParallel ?? Count}}
          backoffLimitPerIndex: 3
          maxFailedIndexes: {{Count}}
          podFailurePolicy:
            rules:
              # The input is wrong: it will be so the next time.
              - action: FailIndex
                onExitCodes:
                  containerName: shard
                  operator: In
                  values: [2]
              # The node was drained or lost; that is no failure of the shard's.
              - action: Ignore
                onPodConditions:
                  - type: DisruptionTarget
                    status: "True"
          template:
            spec:
              restartPolicy: Never
              terminationGracePeriodSeconds: 90
              containers:
                - name: shard
                  image: {{Quoted(Image)}}
                  workingDir: {{Quoted(Folder)}}
                  args: ["--config", {{Quoted(Run + "/config.yaml")}}, "--out", {{Quoted(Run)}}, "--shard", "auto/{{Count}}"]
                  command: ["SanityChecks"]
                  resources:
                    requests: {{Resources}}
                    limits: {{Resources}}
                  volumeMounts:
                    - name: study
                      mountPath: {{Quoted(Folder)}}
              volumes:
                - name: study
                  persistentVolumeClaim:
                    claimName: {{Quoted(VolumeClaim)}}

        """);

    private string Resources => FormattableString.Invariant(
        $"{{ cpu: \"{Processors}\"{(Memory is null ? "" : $", memory: {Quoted(Memory)}")} }}");

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
