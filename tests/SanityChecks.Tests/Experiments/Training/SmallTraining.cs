using SanityChecks.Compute;
using SanityChecks.Compute.Cpu;
using SanityChecks.Experiments;
using SanityChecks.Experiments.Training;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.Experiments.Training;

/// <summary>Trainings of a few seconds in a folder of their own.</summary>
internal sealed class SmallTraining : IDisposable
{
    private readonly TemporaryFolder folder = new();

    /// <summary>Eight steps of a very narrow VGG16 on small shapes, in two stages.</summary>
    public const string Yaml = """
        seed: 5
        model: { architecture: vgg16, weights: random, width: 0.06, hidden: 12 }
        data: { source: shapes, size: 40, validation: 24 }
        train: { images: 94, batch: 12, stages: [{ size: 32, images: 50 }], warm_up: 2, weight_decay: 0.02 }
        log_every: 2
        validate_every: 4
        checkpoint_every: 3
        """;

    public string Of(params string[] parts) => folder.Of(parts);

    public void Dispose() => folder.Dispose();

    public static TrainingConfig Config(params string[] overrides) =>
        TrainingConfig.Parse(Yaml, "small.yaml", [.. overrides], Catalogue.Vocabulary);

    /// <summary>Trains into the folder <paramref name="name"/>, as the program does.</summary>
    public TrainingResult Run(string name, params string[] overrides) => Run(name, _ => { }, CancellationToken.None, overrides);

    public TrainingResult Run(string name, Action<TrainingProgress> progress, CancellationToken cancel, params string[] overrides)
    {
        TrainingConfig config = Config(overrides);
        TrainingPlan plan = TrainingPlan.OfAsync(config, cancel: CancellationToken.None).GetAwaiter().GetResult();
        using IEngine engine = new CpuEngine(2);
        var into = new TrainingFolder(Of(name));
        into.Claim(config, Catalogue.Vocabulary);
        return new TrainingRun(plan, engine, into).Run(new Told(progress), cancel);
    }

    public string[] Log(string name) => File.ReadAllLines(Of(name, "log.csv"));

    public byte[] Weights(string name) => File.ReadAllBytes(Of(name, "weights.safetensors"));

    /// <summary>Progress told at once and on the same thread, unlike <see cref="Progress{T}"/>.</summary>
    private sealed class Told(Action<TrainingProgress> tell) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => tell(value);
    }
}
