using SanityChecks.Experiments.Configuration;
using SanityChecks.Images;
using SanityChecks.Images.Sources;
using SanityChecks.RunFiles;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Saliency.Randomization;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Tests.Experiments.Configuration;

public class ExperimentConfigTests
{
    private const string Documented = """
        experiment: cascading_randomization      # a name of the catalogue
        seed: 1
        model:
          architecture: vgg16
          weights: imagenet                      # imagenet (download, cached), a bundled name, or a path
        images:
          source: imagenet                       # imagenet (folder per synset, or flat with a solution file), folder, list, shapes
          root: data/imagenet/val
          synset: random                         # random, a wnid, a name, or a list
          count: 50
          batch: auto
        target: predicted
        randomization: { layers: all, order: top_down, initializer: pytorch_default, draws: 1 }
        methods: [grad_cam, guided_grad_cam]
        metrics: [spearman, spearman_abs, ssim, hog]
        output: { maps: png, maps_for_images: 3 }
        """;

    private const string EveryDefault = """
        experiment: cascading_randomization
        protocol: none
        seed: 1
        model:
          architecture: vgg16
          weights: imagenet
          graph: null
          classes: null
          inputs: null
        images:
          source: imagenet
          root: data/imagenet/val
          synset: random
          count: 50
          batch: auto
          paths: []
          list: null
          solution: null
          annotations: null
        preprocessing:
          fit: crop
          size: auto
          resize: auto
          mean: [0.485, 0.456, 0.406]
          deviation: [0.229, 0.224, 0.225]
          range: 0..1
          channels: auto
        target: predicted
        randomization:
          layers: all
          order: top_down
          initializer: pytorch_default
          bias: with_weight
          batch_norm: keep_statistics
          draws: 1
        methods: [grad_cam, guided_grad_cam]
        layer: auto
        metrics: [spearman, spearman_abs, ssim, hog]
        references: [original, other_image]
        ceiling: null
        faithfulness: []
        faithfulness_steps: trained
        localization: []
        maps:
          channels: sum
          values: signed
          resolution: [input]
        undefined: omit
        specifications:
          metrics: []
          maps: []
          order: []
          initializer: []
          target: []
        output:
          maps: png
          maps_for_images: 3
        strict: false
        engine:
          name: auto
          tf32: false
          libtorch: null

        """;

    private const string EverythingElse = """
        experiment: independent_randomization
        protocol: seed_repository
        seed: 18446744073709551615
        model: { architecture: squeezenet1_1, weights: weights/my net.pth }
        images:
          source: list
          root: elsewhere
          synset: [n02085936, "jack-o'-lantern"]
          count: 7
          batch: 16
          paths: [a.jpg, "b, c.jpg", "d:\\e.png"]
          annotations: boxes
        preprocessing: squash
        target: 281
        randomization:
          layers: [fc8, features.28]
          order: bottom_up
          initializer: permutation
          bias: zero
          batch_norm: reset_statistics
          draws: 3
        methods: [gradient]
        layer: conv4_3
        metrics: [hog]
        references: [shuffled, original]
        ceiling: twin.safetensors
        faithfulness: [road]
        faithfulness_steps: all
        localization: [mask_iou]
        maps: { channels: abs_max, values: abs, resolution: [native, input] }
        undefined: zero
        specifications: { metrics: [hog], initializer: [he_normal], target: [label] }
        output: { maps: both, maps_for_images: 0 }
        strict: true
        engine: { name: reference, tf32: true, libtorch: /opt/torch/lib }
        """;

    [Fact]
    public void The_documented_configuration_holds_the_defaults()
    {
        Assert.Equal(new ExperimentConfig(), Known.Parse(Documented));
        Assert.Equal(new ExperimentConfig(), Known.Parse("seed: 1"));
    }

    [Fact]
    public void The_resolved_configuration_spells_out_every_default() => Assert.Equal(EveryDefault, Known.Parse(Documented).ToYaml());

    [Fact]
    public void Every_key_reaches_the_configuration()
    {
        ExperimentConfig config = Known.Parse(EverythingElse);
        Assert.Equal("independent_randomization", config.Experiment.Experiment.Name);
        Assert.Equal(ulong.MaxValue, config.Seed);
        Assert.Equal(new ModelConfig { Architecture = "squeezenet1_1", Weights = "weights/my net.pth" }, config.Model);
        Assert.Equal(
            new ImagesConfig
            {
                Source = ImageSource.List,
                Root = "elsewhere",
                Synset = ["n02085936", "jack-o'-lantern"],
                Count = 7,
                Batch = 16,
                Paths = ["a.jpg", "b, c.jpg", "d:\\e.png"],
                Annotations = "boxes",
            },
            config.Images);
        Assert.Equal(new PreprocessingConfig { Fit = ImageFit.Squash }, config.Preprocessing);
        Assert.Equal("281", config.Target);
        Assert.Equal(
            new RandomizationConfig
            {
                Layers = ["fc8", "features.28"],
                Order = LayerOrder.BottomUp,
                Initializer = "permutation",
                Bias = BiasRule.Zero,
                BatchNorm = BatchNormRule.ResetStatistics,
                Draws = 3,
            },
            config.Randomization);
        Assert.Equal(["gradient"], config.Methods.Select(method => method.Id));
        Assert.Equal("conv4_3", config.GradCamLayer);
        Assert.Equal(["hog"], config.Metrics.Select(metric => metric.Id));
        Assert.Equal(["mask_iou"], config.Localization.Select(measure => measure.Id));
        Assert.Equal(
            new MapsConfig
            {
                Reduction = new MapReduction(MapChannels.AbsMax, MapValues.Abs),
                Resolution = ["native", "input"],
            },
            config.Maps);
        Assert.Equal((UndefinedScores.Zero, Protocol.SeedRepository), (config.Undefined, config.Protocol));
        Assert.Equal(new OutputConfig { Maps = MapFiles.Both, MapsForImages = 0 }, config.Output);
        Assert.True(config.Strict);
        Assert.Equal(new EngineConfig { Name = "reference", Tf32 = true, Libtorch = "/opt/torch/lib" }, config.Engine);
    }

    [Theory]
    [InlineData(Documented)]
    [InlineData(EverythingElse)]
    [InlineData("images: { source: list, list: images.txt }")]
    [InlineData("images: { solution: LOC_val_solution.csv, synset: tiger shark }")]
    public void A_resolved_configuration_reads_back_equal(string yaml)
    {
        ExperimentConfig config = Known.Parse(yaml);
        ExperimentConfig again = Known.Parse(config.ToYaml());
        Assert.Equal(config, again);
        Assert.Equal(config.GetHashCode(), again.GetHashCode());
        Assert.Equal(config.ToYaml(), again.ToYaml());
        Assert.Empty(config.Differences(again));
        Assert.Equal(config, again);
    }

    [Fact]
    public void Every_single_key_counts_in_a_comparison()
    {
        ExperimentConfig one = Known.Parse(Documented);
        ExperimentConfig other = Known.Parse(EverythingElse) with
        {
            Model = Known.Parse(EverythingElse).Model with { Graph = "g.onnx", Classes = "c.txt" },
            Specifications = Known.Parse(EverythingElse).Specifications with { Maps = ["positive"], Order = ["as_listed"] },
            Images = new ImagesConfig
            {
                Source = ImageSource.Folder,
                Root = "r",
                Synset = ["dog"],
                Count = 2,
                Batch = 3,
                Paths = ["x"],
                List = "l",
                Solution = "s",
                Annotations = "a",
            },
            Preprocessing = new PreprocessingConfig
            {
                Fit = ImageFit.Squash,
                Size = (1, 2),
                Resize = 3,
                Mean = [4],
                Deviation = [5],
                Range = PixelRange.OfImage,
                Channels = ChannelOrder.Bgr,
            },
        };
        IReadOnlyList<string> differences = one.Differences(other);
        string[] keys = [.. differences.Select(line => line[..line.IndexOf(':', StringComparison.Ordinal)])];
        string[] all = ["experiment", "protocol", "seed", "model.architecture", "model.weights", "model.graph", "model.classes",
            "images.source", "images.root", "images.synset",
            "images.count", "images.batch", "images.paths", "images.list", "images.solution", "images.annotations", "preprocessing.fit", "preprocessing.size",
            "preprocessing.resize", "preprocessing.mean", "preprocessing.deviation", "preprocessing.range", "preprocessing.channels",
            "target",
            "randomization.layers",
            "randomization.order", "randomization.initializer", "randomization.bias", "randomization.batch_norm", "randomization.draws",
            "methods",
            "layer", "metrics", "references", "ceiling", "faithfulness", "faithfulness_steps", "localization",
            "maps.channels", "maps.values", "maps.resolution",
            "undefined", "specifications.metrics", "specifications.maps", "specifications.order", "specifications.initializer",
            "specifications.target", "output.maps",
            "output.maps_for_images", "strict", "engine.name", "engine.tf32",
            "engine.libtorch"];
        Assert.Equal(all, keys);
        Assert.Contains("images.batch: auto, other 3", differences);
        Assert.Contains("methods: [grad_cam, guided_grad_cam], other [gradient]", differences);
        Assert.NotEqual(one, other);
    }

    [Fact]
    public void Where_a_value_comes_from_does_not_count_in_a_comparison() =>
        Assert.Equal(Known.Parse("images: { count: 9 }"), Known.Parse("# moved down\nseed: 1\n", "images.count=9"));

    [Theory]
    [InlineData("no")]
    [InlineData("on")]
    [InlineData("281")]
    [InlineData("1e3")]
    [InlineData("0x10")]
    [InlineData("2024-01-01")]
    [InlineData("'null'")]
    [InlineData("\"true\"")]
    public void Text_stays_text_whatever_it_looks_like(string written)
    {
        ExperimentConfig config = Known.Parse($"target: {written}");
        Assert.Equal(written.Trim('\'', '"'), config.Target);
        Assert.Equal(config, Known.Parse(config.ToYaml()));
    }

    [Fact]
    public void One_name_alone_is_a_list_of_one()
    {
        Assert.Equal([InputGradient.Instance], Known.Parse("methods: gradient").Methods);
        Assert.Equal(Known.Parse("images: { synset: [n02085936] }"), Known.Parse("images: { synset: n02085936 }"));
        Assert.Equal([ImagesConfig.RandomSynset], Known.Parse("seed: 1").Images.Synset);
    }

    [Fact]
    public void An_alias_stands_for_its_anchor() =>
        Assert.Equal(7, Known.Parse("images: { count: &n 7 }\nrandomization: { draws: *n }").Randomization.Draws);

    [Fact]
    public void A_section_without_keys_has_the_defaults() =>
        Assert.Equal(new ExperimentConfig(), Known.Parse("seed: 1\nimages:\n  # count: 3\n"));

    [Fact]
    public void A_fault_found_later_names_the_place_of_the_value()
    {
        ExperimentConfig config = Known.Parse("seed: 1\nrandomization:\n  layers: [fc9]\n", "target=tiger");
        Assert.Equal("c.yaml:3: randomization.layers: no layer 'fc9'", config.Fault("randomization.layers", "no layer 'fc9'").Message);
        Assert.Equal("--set target=tiger: target: no such class", config.Fault("target", "no such class").Message);
        Assert.Equal("c.yaml: images.root: no such folder", config.Fault("images.root", "no such folder").Message);
    }

    [Fact]
    public void Problems_are_input_errors() =>
        Assert.IsType<InputException>(Assert.Throws<ConfigException>(() => Known.Parse("")), exactMatch: false);

    [Theory]
    [InlineData("resnet20-12fca82f.th")]
    [InlineData("checkpoint.pth.tar")]
    [InlineData("BEST.PTH")]
    [InlineData("last.ckpt")]
    public void A_weight_file_without_a_folder_is_told_from_a_name_by_its_ending(string file) =>
        Assert.Equal(file, Known.Parse($"model: {{ weights: {file} }}").Model.Weights);
}
