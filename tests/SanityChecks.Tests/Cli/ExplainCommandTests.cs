using System.Text.Json;
using System.Text.RegularExpressions;
using SanityChecks.Compute;
using SanityChecks.Images;
using SanityChecks.Networks;
using SanityChecks.Networks.WeightFiles;
using SanityChecks.Saliency;
using SanityChecks.Tests.Experiments;

namespace SanityChecks.Tests.Cli;

public sealed class ExplainCommandTests : IDisposable
{
    private readonly SmallRun small = new();

    public void Dispose() => small.Dispose();

    private string[] Arguments(params string[] more) =>
        ["explain", small.ImagePath(0), "--weights", small.WeightsPath, "--out", small.Of("maps"), .. more];

    private string[] Files =>
        [.. Directory.EnumerateFiles(small.Of("maps")).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    [Fact]
    public void Json_is_one_document_of_this_schema_and_alone_on_standard_output()
    {
        (int code, string output, string error) = ProgramProcess.Run(
            Arguments(small.ImagePath(3), "--methods", "grad_cam,gradient", "--json"));
        Assert.Equal((0, ""), (code, error));
        using JsonDocument document = JsonDocument.Parse(output);
        Assert.Equal(
            [small.ImagePath(0), small.ImagePath(3)],
            document.RootElement.EnumerateArray().Select(image => image.GetProperty("image").GetString()));
        foreach (JsonElement image in document.RootElement.EnumerateArray())
        {
            Assert.Equal(["image", "top5", "target", "files"], Keys(image));
            JsonElement[] top = [.. image.GetProperty("top5").EnumerateArray()];
            Assert.Equal(5, top.Length);
            Assert.All(top, one => Assert.Equal(["index", "name", "logit"], Keys(one)));
            Assert.All(top, one => Assert.Equal($"class {one.GetProperty("index").GetInt32()}", one.GetProperty("name").GetString()));
            Assert.Equal(
                top.Select(one => one.GetProperty("logit").GetDouble()).OrderDescending(),
                top.Select(one => one.GetProperty("logit").GetDouble()));
            Assert.Equal(top[0].GetProperty("index").GetInt32(), image.GetProperty("target").GetInt32());
            Assert.All(image.GetProperty("files").EnumerateArray(), file => Assert.True(File.Exists(file.GetString())));
        }

        Assert.Equal(
            [
                "a.contact-sheet.png", "a.grad_cam.png", "a.gradient.png", "e.contact-sheet.png", "e.grad_cam.png", "e.gradient.png",
            ], Files);

        static IEnumerable<string> Keys(JsonElement element) => element.EnumerateObject().Select(property => property.Name);
    }

    [Fact]
    public void Raw_maps_have_the_sizes_of_the_input_and_of_the_layer()
    {
        (int code, _, string error) = ProgramCall.Run(Arguments("--raw", "--layer", "relu4_3"));
        Assert.Equal((0, ""), (code, error));
        string[] expected =
        [
            "a.contact-sheet.png", "a.grad_cam.npy", "a.grad_cam.png", "a.grad_cam_raw.npy", "a.guided_backprop.npy", "a.guided_backprop.png",
            "a.guided_grad_cam.npy", "a.guided_grad_cam.png",
        ];
        Assert.Equal(expected, Files);
        Assert.Equal(
            [new Shape(224, 224), new Shape(28, 28), new Shape(3, 224, 224), new Shape(3, 224, 224)],
            Files.Where(file => file.EndsWith(".npy", StringComparison.Ordinal))
                .Select(file => NpyFile.Read(small.Of("maps", file)).Shape));
        Assert.All(
            Files.Where(file => file.EndsWith(".png", StringComparison.Ordinal) && !file.Contains('-', StringComparison.Ordinal)), file =>
                Assert.Equal(224, ImageFile.Load(small.Of("maps", file)).Width));
    }

    [Fact]
    public void The_text_names_the_target_and_the_five_largest_logits()
    {
        (int code, string output, _) = ProgramCall.Run(Arguments("--target", "3", "--methods", "grad_cam"));
        Assert.Equal(0, code);
        string[] lines = output.Split('\n');
        Assert.Equal($"{small.ImagePath(0)}: target 3, class 3", lines[0]);
        Assert.All(lines[1..6], line => Assert.Matches(new Regex(@"^ {2}  ( \d|10)  +-?\d+\.\d{4}  class \d$"), line));
        Assert.Equal($"  {small.Of("maps", "a.grad_cam.png")}", lines[6]);
    }

    [Fact]
    public void The_label_of_the_folder_can_be_the_target()
    {
        (_, string output, _) = ProgramCall.Run(
            "explain", small.ImagePath(2), "--weights", small.WeightsPath, "--out", small.Of("maps"), "--target", "label", "--methods",
            "grad_cam", "--json");
        using JsonDocument document = JsonDocument.Parse(output);
        Assert.Equal(1, document.RootElement[0].GetProperty("target").GetInt32());
    }

    [Theory]
    [InlineData("--methods grad_kam", "--methods grad_kam: methods: 'grad_kam' is not known, nearest is 'grad_cam'; allowed: grad_cam, guided_backprop, ")]
    [InlineData("--layer conv6_1", "--layer conv6_1: layer: vgg16 has no layer 'conv6_1'; its layers are conv1_1 (features.0), ")]
    [InlineData("--layer fc7", "--layer fc7: layer: Grad-CAM needs a layer with rows and columns, which fc7 has not; ")]
    [InlineData("--target 10", "--target 10: target: the network has 10 classes, 0 to 9, not 10")]
    [InlineData("--target goldfish", "--target goldfish: target: the network's 10 classes have no names: ")]
    [InlineData("--engine gpu", "--engine gpu: engine.name: 'gpu' is not known, nearest is 'cpu'; allowed: auto, torch")]
    [InlineData("--architecture vgg", "--architecture vgg: model.architecture: 'vgg' is not known, nearest is 'vgg16'; allowed: vgg16, ")]
    [InlineData("--preprocessing crop", "--preprocessing crop: preprocessing: 'crop' is not known; allowed: imagenet, squash, half, min_max, caffe")]
    [InlineData("--weights no/such.pth", "no/such.pth: there is no such weight file")]
    [InlineData("no/such.png", "The image no/such.png cannot be read: ")]
    public void Wrong_input_is_one_line_that_says_what_is_right(string arguments, string beginning)
    {
        string[] more = arguments.Split(' ');
        string[] all =
            more[0] == "--weights" ? ["explain", small.ImagePath(0), .. more] : more.Length == 1 ? ["explain", .. more,
                .. Arguments()[2..]] : Arguments(more);
        Assert.StartsWith(beginning, ProgramProcess.Refused(all), StringComparison.Ordinal);
    }

    [Fact]
    public void The_configuration_of_an_experiment_says_what_explains_and_options_win_over_it()
    {
        string[] call = ["explain", small.ImagePath(0), "--config", small.Of("small.yaml"), "--out", small.Of("maps"), "--json"];
        File.WriteAllText(small.Of("small.yaml"), small.Yaml);
        Assert.Equal(0, ProgramCall.Run([.. call, "--set", "methods=[{name: smooth_grad, samples: 2, as: few}]", "--target", "3"]).Code);
        Assert.Equal(["a.contact-sheet.png", "a.few.png"], Files);
        (int code, string output, _) = ProgramCall.Run([.. call, "--methods", "grad_cam", "--set", "target=4"]);
        Assert.Equal((0, 4), (code, JsonDocument.Parse(output).RootElement[0].GetProperty("target").GetInt32()));
        Assert.StartsWith($"{small.Of("small.yaml")}:2: sed: unknown key", Refused("sed: 1"), StringComparison.Ordinal);

        string Refused(string line)
        {
            File.WriteAllText(small.Of("small.yaml"), "seed: 1\n" + line);
            return ProgramProcess.Refused(call);
        }
    }

    [Fact]
    public void A_bad_image_among_good_ones_is_told_and_the_others_are_explained()
    {
        string bad = small.Of("bad.png");
        File.WriteAllBytes(bad, File.ReadAllBytes(small.ImagePath(0))[..60]);
        (int code, string output, string error) = ProgramCall.Run(Arguments(bad, small.ImagePath(3), "--methods", "grad_cam", "--json"));
        Assert.Equal((1, ""), (code, error));
        JsonElement[] images = [.. JsonDocument.Parse(output).RootElement.EnumerateArray()];
        Assert.Equal([small.ImagePath(0), bad, small.ImagePath(3)], images.Select(image => image.GetProperty("image").GetString()));
        Assert.Equal(["image", "error"], images[1].EnumerateObject().Select(property => property.Name));
        Assert.Contains("PNG", images[1].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal(["a.contact-sheet.png", "a.grad_cam.png", "e.contact-sheet.png", "e.grad_cam.png"], Files);

        (code, output, error) = ProgramCall.Run(Arguments(bad, "--methods", "grad_cam"));
        Assert.Equal(1, code);
        Assert.StartsWith(small.ImagePath(0), output, StringComparison.Ordinal);
        Assert.StartsWith($"The image {bad} cannot be read: the PNG", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_explains_its_images()
    {
        (int code, string output, _) = ProgramCall.Run(
            "explain", small.ImagesPath, "--weights", small.WeightsPath, "--out", small.Of("maps"), "--methods", "grad_cam", "--json");
        Assert.Equal(0, code);
        Assert.Equal(
            SmallRun.Images.Select((_, i) => small.ImagePath(i)),
            JsonDocument.Parse(output).RootElement.EnumerateArray().Select(image => image.GetProperty("image").GetString()!));
    }

    [Fact]
    public void Images_that_would_write_the_same_files_are_refused() =>
        Assert.Contains("would write the same files", ProgramProcess.Refused(Arguments(small.ImagePath(0))), StringComparison.Ordinal);

    [Fact]
    public void Weights_without_a_tensor_are_refused_by_its_name()
    {
        Weights whole = WeightFile.Load(small.WeightsPath).Weights;
        WeightFile.SaveSafetensors(
            small.Of("less.safetensors"), new Weights(whole.Where(tensor => tensor.Key != "classifier.3.bias")));
        Assert.Equal(
            $"{small.Of("less.safetensors")}: the weights are not this network's (32 tensors): 1 missing: classifier.3.bias",
            ProgramProcess.Refused("explain", small.ImagePath(0), "--weights", small.Of("less.safetensors"), "--out", small.Of("maps")));
    }

    [Theory]
    [InlineData("vgg16_bn")]
    [InlineData("vgg19")]
    [InlineData("squeezenet1_1")]
    public void Weights_of_another_architecture_are_told_by_its_name(string architecture) => Assert.Equal(
        $"{small.WeightsPath}: these are vgg16's weights, not {architecture}'s; choose the architecture vgg16",
        ProgramProcess.Refused(Arguments("--architecture", architecture)));

    [Theory]
    [InlineData(double.NaN, "predicted")]
    [InlineData(double.NegativeInfinity, "3")]
    public void Weights_that_are_no_numbers_are_refused_by_the_tensor_s_name(double value, string target)
    {
        small.SaveWeights(_ => value);
        Assert.Matches(
            @"^\S+narrow\.safetensors: 108 of the 108 values of features\.0\.weight are no finite numbers; ",
            ProgramProcess.Refused(Arguments("--target", target)));
    }

    [Fact]
    public void A_network_whose_logits_overflow_predicts_nothing_and_explains_a_given_class()
    {
        small.SaveWeights(stream => stream * 1e30);
        Assert.Contains("predicts nothing for", ProgramProcess.Refused(Arguments("--methods", "grad_cam")), StringComparison.Ordinal);

        (int code, string output, string error) = ProgramCall.Run(Arguments("--methods", "grad_cam", "--target", "3", "--json"));
        Assert.Equal((0, ""), (code, error));
        JsonElement explained = JsonDocument.Parse(output).RootElement[0];
        Assert.Equal(3, explained.GetProperty("target").GetInt32());
        Assert.Contains(explained.GetProperty("top5").EnumerateArray(), one => one.GetProperty("logit").ValueKind == JsonValueKind.Null);
    }
}
