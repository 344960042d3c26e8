using System.Text.Json;
using System.Text.RegularExpressions;
using SanityChecks.Experiments;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Experiments.Execution;
using SanityChecks.Images;
using SanityChecks.Networks;
using SanityChecks.Networks.WeightFiles;
using SanityChecks.RunFiles;
using SanityChecks.Tests.Cli;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.Experiments.Execution;

/// <summary>Runs on images of other sizes than 224 x 224, and of one channel.</summary>
public sealed class ImageSizeTests : IDisposable
{
    private readonly SmallRun small = new();

    public void Dispose() => small.Dispose();

    /// <summary>A configuration of a ResNet-20 of three classes and a folder for each of them.</summary>
    private string Classes(params string[] pictures)
    {
        (Network _, Weights weights) = SmallNetworks.Narrow("resnet20", width: 8, classes: 3);
        WeightFile.SaveSafetensors(small.Of("resnet.safetensors"), weights);
        foreach (string picture in pictures)
        {
            string[] parts = picture.Split(' ');
            Directory.CreateDirectory(Path.GetDirectoryName(small.Of("classes", parts[0]))!);
            PngFile.Save(
                Images.Pattern.Noise(int.Parse(parts[1], null), int.Parse(parts[2], null), (uint)picture.Length), small.Of("classes", parts[0]));
        }

        File.WriteAllText(small.Of("classes.yaml"), $$"""
            model: { architecture: resnet20, weights: '{{small.Of("resnet.safetensors")}}' }
            images: { source: folder, root: '{{small.Of("classes")}}' }
            preprocessing: as_is
            randomization: { layers: [linear, layer3.2.conv2] }
            methods: [grad_cam, guided_backprop]
            metrics: [spearman, hog]
            """);
        return small.Of("classes.yaml");
    }

    private RgbImage Map(string run, params string[] path) => ImageFile.Load(small.Of([run, "maps", .. path]));

    [Fact]
    public void Images_that_stay_as_they_are_give_maps_of_their_size_and_their_folders_are_the_classes()
    {
        string config = Classes("cat/1.png 32 32", "dog/2.png 32 32", "dog/deep/3.png 32 32", "ship/4.png 32 32");
        (int code, string output, string error) =
            ProgramCall.Run("--config", config, "--out", small.Of("run"), "--set", "target=label");
        Assert.True(code == 0, error + output);
        Assert.Equal(
            [("cat/1.png", 0), ("dog/2.png", 1), ("dog/deep/3.png", 1), ("ship/4.png", 2)],
            small.Scores("run").Select(row => (row.Image, row.Target)).Distinct());
        Assert.Equal(small.Scores("run").Select(row => (int?)row.Target), small.Scores("run").Select(row => row.Label));
        Assert.Equal([new(0, "cat"), new(1, "dog"), new(2, "ship")], Manifest.Read(small.Of("run"))!.Classes);
        RgbImage map = Map("run", "cat-1", "grad_cam", "01-linear.png");
        Assert.Equal((32, 32), (map.Width, map.Height));
        Assert.All(
            small.Scores("run").Where(row => row.Metric == "hog"),
            row => Assert.Equal((null, "too_small"), (row.Value, row.Status)));
        Assert.Contains(
            """
            preprocessing:
              fit: as_is
              size: auto
              resize: auto
              mean: [0.485, 0.456, 0.406]
              deviation: [0.229, 0.224, 0.225]
              range: 0..1
              channels: rgb

            """, File.ReadAllText(small.Of("run", "config.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_is_named_by_its_folder_and_synset_takes_some()
    {
        string config = Classes("cat/1.png 32 32", "dog/2.png 32 32", "ship/4.png 32 32");
        string[] call = ["--config", config, "--dry-run"];
        Assert.Equal(0, ProgramCall.Run([.. call, "--set", "target=ship"]).Code);
        Assert.Contains("target: no class of the network is named 'shop' (cat, dog, ship); did you mean 'ship'?",
            ProgramCall.Run([.. call, "--set", "target=shop"]).Error, StringComparison.Ordinal);
        Assert.Contains("\nimages: cat/1.png, ship/4.png\n",
            ProgramCall.Run([.. call, "--set", "images.synset=[ship, cat]"]).Output, StringComparison.Ordinal);
        Assert.Contains("images.synset: 'shp' is none of the 3 folders",
            ProgramCall.Run([.. call, "--set", "images.synset=shp"]).Error, StringComparison.Ordinal);
        (_, string output, _) = ProgramCall.Run(
            "explain", small.Of("classes", "dog", "2.png"), "--config", config, "--target", "label", "--out", small.Of("maps"));
        Assert.Contains("2.png: target 1, dog\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_of_several_sizes_cannot_stay_as_they_are_and_the_first_other_one_is_named_before_anything_is_written()
    {
        string config = Classes("cat/1.png 32 32", "dog/2.png 40 32", "dog/3.png 16 16", "ship/4.png 32 32");
        File.WriteAllText(small.Of("classes", "cat", "0.png"), "no image, which a run skips");
        string[] call = ["--config", config, "--out", small.Of("run")];
        Assert.Equal(
            $"{config}:3: preprocessing: images that stay as they are must be of one size, but dog/2.png has 40 x 32, cat/1.png 32 x 32; take fit: crop or squash, or images of one size",
            ProgramProcess.Refused(call));
        Assert.False(Directory.Exists(small.Of("run")));
        (int code, _, string error) = ProgramCall.Run([.. call, "--set", "preprocessing=squash"]);
        Assert.True(code == 0, error);
        Assert.Equal((32, 32), (Map("run", "dog-2", "image.png").Width, Map("run", "dog-2", "image.png").Height));
    }

    [Fact]
    public void A_size_of_its_own_reaches_maps_grid_and_manifest()
    {
        small.Run("run", "preprocessing={fit: squash, size: [48, 64]}", "output.maps=png", "output.maps_for_images=1");
        string image = Path.ChangeExtension(SmallRun.Images[0], null).Replace('/', '-');
        RgbImage map = Map("run", image, "grad_cam", "00-original.png");
        Assert.Equal((48, 64), (map.Height, map.Width));
        Assert.True(Map("run", image + ".png").Width > 4 * 64);
        JsonElement manifest = JsonDocument.Parse(File.ReadAllText(small.Of("run", "manifest.json"))).RootElement.GetProperty("preprocessing");
        Assert.Equal(
            """{"fit":"squash","height":48,"width":64,"range":"0..1","channels":"rgb","mean":[0.485,0.456,0.406],"deviation":[0.229,0.224,0.225]}""",
            Regex.Replace(manifest.GetRawText(), @"\s", "").Replace("\"resize\":null,", "", StringComparison.Ordinal));
    }

    [Fact]
    public void A_size_that_a_layer_cannot_take_is_an_error_of_the_preprocessing() => Assert.Equal(
        "--set preprocessing={fit: squash, size: [8, 64]}: preprocessing: vgg16 cannot take images of [8, 64], it was made for [224, 224]: A pooling window of 2 does not fit into a length of 1 with padding 0 and 0.",
        Assert.ThrowsAny<InputException>(() => small.Run("run", "preprocessing={fit: squash, size: [8, 64]}")).Message);

    [Fact]
    public void A_run_of_an_earlier_version_which_knew_preprocessing_by_its_name_goes_on()
    {
        small.Run("run");
        string file = small.Of("run", "config.yaml");
        string spelled = File.ReadAllText(file);
        string named = Regex.Replace(spelled, "preprocessing:\n(  .*\n)+", "preprocessing: imagenet\n");
        Assert.NotEqual(spelled, named);
        File.WriteAllText(file, named);
        Assert.True(small.Run("run").AlreadyComplete);
        Assert.Contains(
            "preprocessing.fit: squash, other crop",
            Assert.Throws<InputException>(() => small.Run("run", "preprocessing=squash")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_of_one_channel_is_explained_by_every_method_that_it_allows()
    {
        var builder = new NetworkBuilder(null) { ImageSize = new ImageSize(1, 24, 28) };
        Layer last = builder.Relu(builder.Convolution(builder.Last, "conv1", "conv1", 4, 3, padding: 1), "relu1", "relu1");
        last = builder.Relu(builder.Convolution(last, "conv2", "conv2", 5, 3, padding: 1), "relu2", "relu2");
        builder.Linear(builder.Flatten(builder.AveragePool(last, "avgpool", 1)), "fc", "fc", 3);
        Network network = builder.Build("digits", last);
        ExperimentConfig config = ExperimentConfig.Parse(
            small.Yaml, "small.yaml",
            ["methods=all", "randomization.layers=[fc]", "preprocessing={fit: squash, mean: 0.1307, deviation: 0.3081}", "output.maps=png",
                "images.count=1"],
            Catalogue.Vocabulary);
        Plan plan = Plan.Of(
            config, Plan.SelectImages(config), new TrainedNetwork(network, SmallNetworks.Fill(network), small.WeightsPath, "00"));
        small.Run("run", plan);
        Assert.Equal(plan.Methods.Select(method => method.Id), small.Scores("run").Select(row => row.Method).Distinct());
        Assert.True(plan.Methods.Count > 40);
        RgbImage seen = Map("run", Path.ChangeExtension(plan.Selection.Images[0].Id, null).Replace('/', '-'), "image.png");
        Assert.Equal((24, 28), (seen.Height, seen.Width));
        Assert.Equal(seen.ToGray().Pixels, seen.Pixels);
    }
}
