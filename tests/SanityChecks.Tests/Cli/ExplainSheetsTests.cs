using System.Text.Json;
using SanityChecks.Images;
using SanityChecks.Networks;
using SanityChecks.Networks.WeightFiles;
using SanityChecks.Saliency;
using SanityChecks.Tests.Experiments;
using SanityChecks.Tests.Images;
using SanityChecks.Tests.Images.Sources;

namespace SanityChecks.Tests.Cli;

/// <summary>Several classes, sheets, randomized networks, colors and addresses of <c>explain</c>.</summary>
public sealed class ExplainSheetsTests : IDisposable
{
    private readonly SmallRun small = new();

    public void Dispose() => small.Dispose();

    private string[] Arguments(params string[] more) =>
        ["explain", small.ImagePath(0), "--weights", small.WeightsPath, "--out", small.Of("maps"), .. more];

    private string[] Files =>
        [.. Directory.EnumerateFiles(small.Of("maps")).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    private JsonElement Explained(params string[] more)
    {
        (int code, string output, string error) = ProgramCall.Run(Arguments(["--json", .. more]));
        Assert.Equal((0, ""), (code, error));
        return JsonDocument.Parse(output).RootElement[0];
    }

    private byte[] Bytes(string name) => File.ReadAllBytes(small.Of("maps", name));

    [Theory]
    [InlineData("--target", "3,7")]
    [InlineData("--target", " 3 , 7 ", "--target", "3")]
    [InlineData("--target", "3", "--target", "7")]
    public void Two_classes_of_one_image_have_two_maps(params string[] targets)
    {
        JsonElement explained = Explained([.. targets, "--methods", "grad_cam,guided_backprop", "--raw"]);
        Assert.Equal(
            [
                "a.3-class_3.grad_cam.npy", "a.3-class_3.grad_cam.png", "a.3-class_3.grad_cam_raw.npy", "a.3-class_3.guided_backprop.npy",
                "a.3-class_3.guided_backprop.png", "a.7-class_7.grad_cam.npy", "a.7-class_7.grad_cam.png", "a.7-class_7.grad_cam_raw.npy",
                "a.7-class_7.guided_backprop.npy", "a.7-class_7.guided_backprop.png", "a.contact-sheet.png",
            ],
            Files);
        Assert.NotEqual(Bytes("a.3-class_3.grad_cam.npy"), Bytes("a.7-class_7.grad_cam.npy"));
        Assert.Equal(["image", "top5", "target", "files", "targets"], explained.EnumerateObject().Select(property => property.Name));
        Assert.Equal(3, explained.GetProperty("target").GetInt32());
        JsonElement[] classes = [.. explained.GetProperty("targets").EnumerateArray()];
        Assert.Equal([3, 7], classes.Select(one => one.GetProperty("index").GetInt32()));
        Assert.Equal(["index", "name", "logit", "probability"], classes[0].EnumerateObject().Select(property => property.Name));

        // Each map is that of the class explained alone.
        byte[] beside = Bytes("a.7-class_7.grad_cam.npy");
        Explained("--target", "7", "--methods", "grad_cam", "--raw");
        Assert.Equal(Bytes("a.grad_cam.npy"), beside);
    }

    [Fact]
    public void The_probability_is_the_softmax_of_all_logits()
    {
        JsonElement explained = Explained("--target", "0,1,2,3,4,5,6,7,8,9", "--methods", "grad_cam");
        double[] logits = [.. explained.GetProperty("targets").EnumerateArray().Select(one => one.GetProperty("logit").GetDouble())];
        double sum = logits.Sum(Math.Exp);
        Assert.All(
            explained.GetProperty("targets").EnumerateArray().Zip(logits), one =>
                Assert.Equal(Math.Exp(one.Second) / sum, one.First.GetProperty("probability").GetDouble(), 1e-6));
    }

    [Fact]
    public void Targets_that_are_the_same_for_an_image_are_explained_once()
    {
        int predicted = Explained("--methods", "grad_cam").GetProperty("target").GetInt32();
        JsonElement explained = Explained("--target", $"predicted,{predicted}", "--methods", "grad_cam");
        Assert.Single(explained.GetProperty("targets").EnumerateArray());
    }

    [Fact]
    public void A_name_with_a_comma_is_found_whole_and_others_beside_it()
    {
        Weights weights = WeightFile.Load(small.WeightsPath).Weights;
        File.WriteAllLines(small.Of("names.txt"), ["crane, bird", "crane", "bird", "d", "e", "f", "g", "h", "i", "j: \"k\" / l"]);
        Assert.Equal(10, weights["classifier.6.bias"].Shape.Count);
        Assert.Equal(0, Explained("--classes", small.Of("names.txt"), "--methods", "grad_cam", "--target", "crane, bird")
            .GetProperty("target").GetInt32());
        Assert.Equal(
            [0, 1, 2, 9],
            Explained(
                "--classes", small.Of("names.txt"), "--methods", "grad_cam", "--target", "crane, bird", "--target", "crane,bird",
                "--target", "9,bird").GetProperty("targets").EnumerateArray().Select(one => one.GetProperty("index").GetInt32()));
        Assert.Contains("a.9-j-_-k-_-_l.grad_cam.png", Files);
    }

    [Theory]
    [InlineData("--target 3,10", "--target 10: target: the network has 10 classes, 0 to 9, not 10")]
    [InlineData("--target 3,,4", "--target 3,,4: there is nothing between two commas, or at an end")]
    [InlineData("--target 3 --target {index:[1]}", "--target {index:[1]}: an element of an output is explained alone")]
    [InlineData("--colormap turbo", "--colormap turbo: there is no such color map; allowed: jet, viridis, plasma, inferno, gray, diverging.")]
    [InlineData("--colormap jet,gray,jet", "--colormap jet,gray,jet: one name, or two: of maps without a sign, and of signed ones.")]
    [InlineData("--colormap jet --blend multiply", "--blend multiply shows the image's own colors; leave out --colormap.")]
    [InlineData("--blend 1.5", "--blend 1.5: a number from 0 to 1 with a decimal point, or multiply.")]
    [InlineData("--blend NaN", "--blend NaN: a number from 0 to 1 with a decimal point, or multiply.")]
    [InlineData("--randomize all", "--randomize all: allowed are cascade and independent.")]
    [InlineData("--sheet-pixels 5", "--sheet-pixels 5: 1 to 4.")]
    [InlineData("--seed minus", "--seed minus: seed: ")]
    [InlineData("--layers conv9", "--layers conv9: vgg16 has no layer 'conv9'; ")]
    [InlineData("--layers fc7", "--layers fc7: Grad-CAM needs a layer with rows and columns, which fc7 has not; ")]
    [InlineData("--layers all --methods gradient", "--layers all: none of the methods makes class activation maps of a layer; ")]
    [InlineData("ftp://host/a.png", "Images are read from files and over http and https, not over ftp.")]
    [InlineData("https://me:pass@host/a.png", "The address https://host/a.png holds a user's name or a password, ")]
    public void Wrong_input_is_one_line_that_says_what_is_right(string arguments, string beginning)
    {
        Assert.StartsWith(beginning, ProgramProcess.Refused(Arguments(arguments.Split(' '))), StringComparison.Ordinal);
        Assert.False(Directory.Exists(small.Of("maps")));
    }

    [Fact]
    public void Colors_and_blend_are_those_that_are_asked_for()
    {
        Explained("--methods", "grad_cam,guided_backprop", "--raw", "--colormap", "viridis,gray", "--blend", "1");
        (_, float[] cam) = NpyFile.Read(small.Of("maps", "a.grad_cam.npy"));
        RgbImage picture = ImageFile.Load(small.Of("maps", "a.grad_cam.png"));
        float largest = cam.Max();
        Assert.True(largest > 0);
        Assert.All(
            Enumerable.Range(0, 224 * 224), i =>
                Assert.Equal(ColorMap.Viridis.At(cam[i] / largest), new Rgb(
                    picture.Pixels[3 * i], picture.Pixels[(3 * i) + 1], picture.Pixels[(3 * i) + 2])));
        byte[] gray = ImageFile.Load(small.Of("maps", "a.guided_backprop.png")).Pixels;
        Assert.All(Enumerable.Range(0, 224 * 224), i => Assert.Equal((gray[3 * i], gray[3 * i]), (gray[(3 * i) + 1], gray[(3 * i) + 2])));
    }

    [Fact]
    public void Randomized_networks_have_a_grid_for_each_class_whose_weights_follow_from_the_seed()
    {
        string[] call = ["--methods", "grad_cam,gradient", "--set", "randomization.layers=[fc8,conv5_3,conv2_1]", "--target", "3,7"];
        Explained([.. call, "--randomize", "cascade"]);
        Assert.Equal(
            ["a.3-class_3.randomized-cascading.png", "a.7-class_7.randomized-cascading.png"],
            Files.Where(file => file.Contains("random", StringComparison.Ordinal)));
        byte[] first = Bytes("a.3-class_3.randomized-cascading.png");
        Assert.NotEqual(first, Bytes("a.7-class_7.randomized-cascading.png"));
        Explained([.. call, "--randomize", "cascade", "--seed", "1"]);
        Assert.Equal(first, Bytes("a.3-class_3.randomized-cascading.png"));
        Explained([.. call, "--randomize", "cascade", "--seed", "2"]);
        Assert.NotEqual(first, Bytes("a.3-class_3.randomized-cascading.png"));
        Explained([.. call, "--randomize", "cascade", "--common-scale"]);
        Assert.NotEqual(first, Bytes("a.3-class_3.randomized-cascading.png"));
        Explained([.. call, "--randomize", "cascade", "--sheet-pixels", "1"]);
        Assert.InRange(Bytes("a.3-class_3.randomized-cascading.png").Length, 1, first.Length / 2);
        Explained([.. call, "--randomize", "independent"]);
        Assert.Contains("a.3-class_3.randomized-independent.png", Files);
    }

    [Fact]
    public void Layers_have_one_sheet_and_the_map_at_each_is_that_of_the_layer_chosen_alone()
    {
        string[] call = ["--methods", "grad_cam,layer_cam,gradient", "--target", "3"];
        Explained([.. call, "--layers", "relu2_1,relu5_3,conv4_1"]);
        Assert.Contains("a.layers-sheet.png", Files);
        RgbImage sheet = ImageFile.Load(small.Of("maps", "a.layers-sheet.png"));
        Explained([.. call, "--layer", "conv4_1"]);
        RgbImage alone = ImageFile.Load(small.Of("maps", "a.layer_cam.png"));
        Assert.True(Holds(sheet, alone), "the sheet has not the map of conv4_1");
        Explained([.. call, "--layer", "relu3_1"]);
        Assert.False(Holds(sheet, ImageFile.Load(small.Of("maps", "a.layer_cam.png"))));
    }

    [Fact]
    public void The_contact_sheet_has_the_image_and_every_map_unchanged()
    {
        Explained("--target", "3,7");
        RgbImage sheet = ImageFile.Load(small.Of("maps", "a.contact-sheet.png"));
        string[] maps = [.. Files.Where(file => file != "a.contact-sheet.png")];
        Assert.Equal(6, maps.Length);
        Assert.All(maps, file => Assert.True(Holds(sheet, ImageFile.Load(small.Of("maps", file))), file));
    }

    [Fact]
    public void An_image_may_be_an_address_of_this_machine_where_that_is_allowed()
    {
        using var server = new PictureServer();
        server.Answers["/n01443537/pic.png"] = new Answer(File.ReadAllBytes(small.ImagePath(0)));
        string url = server.Url("/n01443537/pic.png?key=secret").ToString();
        server.Answers["/n01443537/pic.png?key=secret"] = server.Answers["/n01443537/pic.png"];
        string[] call = ["explain", url, "--weights", small.WeightsPath, "--out", small.Of("maps"), "--methods", "grad_cam"];
        string shown = $"http://127.0.0.1:{server.Port}/n01443537/pic.png?...";
        Assert.Equal(
            $"The image {shown} cannot be read: 127.0.0.1 is of this machine, no address of a public server; --allow-private lets it through",
            ProgramProcess.Refused(call));
        Assert.Empty(server.Requests);

        (int code, string output, string error) = ProgramCall.Run([.. call, "--allow-private", "--target", "label", "--json"]);
        Assert.Equal((0, ""), (code, error));
        JsonElement explained = JsonDocument.Parse(output).RootElement[0];
        Assert.Equal(shown, explained.GetProperty("image").GetString());
        Assert.Equal(1, explained.GetProperty("target").GetInt32());
        Assert.Equal(["pic.contact-sheet.png", "pic.grad_cam.png"], Files);
        Assert.Single(server.Requests);
        byte[] fromWeb = Bytes("pic.grad_cam.png");
        Explained("--methods", "grad_cam", "--target", "1");
        Assert.Equal(Bytes("a.grad_cam.png"), fromWeb);
        Assert.Contains(
            "would write the same files", ProgramProcess.Refused([.. call, url, "--allow-private"]), StringComparison.Ordinal);
    }

    private static bool Holds(RgbImage sheet, RgbImage picture) => Pattern.Places(sheet, picture).Count > 0;
}
