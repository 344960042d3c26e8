using SanityChecks.Compute;
using SanityChecks.Compute.Cpu;
using SanityChecks.Experiments;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Experiments.Execution;
using SanityChecks.Images;
using SanityChecks.Networks;
using SanityChecks.Networks.Architectures;
using SanityChecks.Networks.Operations;
using SanityChecks.Networks.WeightFiles;
using SanityChecks.RunFiles;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.Experiments;

/// <summary>All that a run needs in a folder of its own: a VGG16 four channels wide with ten classes, and four small pictures of the first
/// three synsets.</summary>
internal sealed class SmallRun : IDisposable
{
    public const string Tench = "n01440764", Goldfish = "n01443537", Shark = "n01484850";

    /// <summary>The images' ids in the order in which a run takes them.</summary>
    public static readonly string[] Images = [$"{Tench}/a.png", $"{Tench}/b, c.png", $"{Goldfish}/=d.png", $"{Shark}/e.png"];

    private const int Width = 4, Hidden = 8, Classes = 10;

    private readonly TemporaryFolder folder = new();

    /// <param name="dead">Whether every weight is 0, so that every map is constant.</param>
    public SmallRun(bool dead = false)
    {
        for (int i = 0; i < Images.Length; i++)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(ImagePath(i))!);
            PngFile.Save(Picture(i), ImagePath(i));
        }

        SaveWeights(dead ? _ => 0 : stream => stream);
    }

    /// <summary>The folder above everything; no file of a run may name it but the configuration.</summary>
    public string Root => folder.Path;

    public string WeightsPath => folder.Of("narrow.safetensors");

    public string ImagesPath => folder.Of("photos");

    public string ImagePath(int image) => folder.Of(["photos", .. Images[image].Split('/')]);

    /// <summary>A path in the folder above everything.</summary>
    public string Of(params string[] parts) => folder.Of(parts);

    /// <summary>The configuration's text: few layers and metrics, no maps.</summary>
    public string Yaml => $$"""
        experiment: cascading_randomization
        seed: 3
        model: { architecture: vgg16, weights: '{{WeightsPath}}' }
        images: { source: imagenet, root: '{{ImagesPath}}', synset: all, count: 4, batch: 2 }
        randomization: { layers: [fc8, conv5_3, conv2_1], initializer: he_normal }
        methods: [grad_cam]
        metrics: [spearman, ssim]
        references: [original]
        output: { maps: none, maps_for_images: 2 }
        """;

    public ExperimentConfig Config(params string[] overrides) =>
        ExperimentConfig.Parse(Yaml, "small.yaml", [.. overrides], Catalogue.Vocabulary);

    public Plan Plan(params string[] overrides)
    {
        ExperimentConfig config = Config(overrides);
        return SanityChecks.Experiments.Execution.Plan.Of(
            config, SanityChecks.Experiments.Execution.Plan.SelectImages(config),
            TrainedNetwork.Load(config.Model.Architecture, config.Model.Weights),
            config.Ceiling is null ? null : TrainedNetwork.Load(config.Model.Architecture, config.Ceiling));
    }

    /// <summary>Runs into the folder <paramref name="name"/>, as the program does.</summary>
    public RunResult Run(string name, params string[] overrides) => Run(name, null, null, CancellationToken.None, overrides);

    public RunResult Run(
        string name, IEngine? engine, Action<RunProgress>? progress, CancellationToken cancel, params string[] overrides) =>
        Run(name, Plan(overrides), engine, progress, cancel);

    /// <summary>Runs a plan that no configuration gives.</summary>
    public RunResult Run(string name, Plan plan) => Run(name, plan, null, null, CancellationToken.None);

    private RunResult Run(string name, Plan plan, IEngine? engine, Action<RunProgress>? progress, CancellationToken cancel)
    {
        using IEngine used = engine ?? new CpuEngine(2);
        var run = new RunFolder(Of(name));
        Manifest? begun = run.Claim(plan.Config, Catalogue.Vocabulary);
        return new ExperimentRun(plan, used, run).Run(begun, new Told(progress ?? (_ => { })), cancel);
    }

    public byte[] ScoreBytes(string name) => File.ReadAllBytes(Of(name, "scores.csv"));

    /// <summary>The similarities of maps; what is measured of a network or of one map alone is left out.</summary>
    public IReadOnlyList<ScoreRow> Scores(string name) =>
        [.. AllScores(name).Where(row => row.Method != ScoreRow.Network && row.Reference != ScoreRow.Itself)];

    public IReadOnlyList<ScoreRow> AllScores(string name) => ScoresFile.Read(Of(name, "scores.csv"));

    /// <summary>Writes the weight file anew, each value made from its uniform one in (-1, 1) and scaled by its layer's inputs.</summary>
    public void SaveWeights(Func<double, double> value)
    {
        IReadOnlyList<Layer> layers = ArchitectureList.Build("vgg16").WeightLayers;
        var widths = new Weights(layers.Select((layer, i) => KeyValuePair.Create(
            layer.Name + ".weight",
            new HostTensor(
                new Shape(i == 0 ? Classes : layer.Operation is LinearOperation ? Hidden : Width), new float[Hidden + Classes]))));
        WeightFile.SaveSafetensors(WeightsPath, new Weights(ArchitectureList.Build("vgg16", widths).Tensors.Select(tensor =>
        {
            var stream = new RandomStream(11, 0, tensor.Name);
            double scale = tensor.Shape.Rank == 1 ? 0.1 : Math.Sqrt(6.0 / (tensor.Shape.Count / tensor.Shape[0]));
            float[] values =
                [.. Enumerable.Range(0, (int)tensor.Shape.Count).Select(i => (float)(scale * value((2 * stream.Uniform(i)) - 1)))];
            return KeyValuePair.Create(tensor.Name, new HostTensor(tensor.Shape, values));
        })));
    }

    public void Dispose() => folder.Dispose();

    /// <summary>Waves of other lengths and directions for each picture, with noise.</summary>
    private static RgbImage Picture(int image)
    {
        const int width = 40, height = 32;
        var noise = new RandomStream(5, image, "picture");
        byte[] pixels = new byte[3 * width * height];
        for (int i = 0; i < pixels.Length; i++)
        {
            (int place, int channel) = Math.DivRem(i, 3);
            (int y, int x) = Math.DivRem(place, width);
            double wave = Math.Sin(((image + 1) * x / 7.0) + channel) * Math.Cos(((4 - image) * y / 9.0) - channel);
            pixels[i] = (byte)(128 + (90 * wave) + (30 * noise.Uniform(i)));
        }

        return new RgbImage(width, height, pixels);
    }

    /// <summary>Progress told at once and on the same thread, unlike <see cref="Progress{T}"/>.</summary>
    private sealed class Told(Action<RunProgress> tell) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => tell(value);
    }
}
