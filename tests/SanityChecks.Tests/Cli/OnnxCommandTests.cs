using System.Text.Json;
using SanityChecks.Tests.Networks;
using SanityChecks.Tests.Networks.Onnx;

namespace SanityChecks.Tests.Cli;

/// <summary>Every command on a network that was read from an .onnx file.</summary>
public sealed class OnnxCommandTests : IDisposable
{
    private const string Last = "/classifier/classifier.1/Conv", Lower = "/features/features.12/expand3x3/Conv";

    private readonly TemporaryFolder folder = new();

    private string Labels => folder.Write("labels.txt", "ball\nbox\ncar\ndoor\negg, small\n");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_run_names_classes_and_layers_resumes_and_notices_other_labels()
    {
        string model = Copy("squeezenet1_1-opset17.onnx"), config = folder.Write("run.yaml", $"""
            model: {"{"} architecture: onnx, weights: '{model}', classes: '{Labels}' {"}"}
            images: {"{"} source: shapes, count: 1 {"}"}
            target: egg, small
            randomization: {"{"} layers: ['{Last}', '{Lower}'] {"}"}
            methods: [grad_cam]
            metrics: [spearman]
            output: {"{"} maps: png, maps_for_images: 1 {"}"}
            """);
        string run = folder.Of("run");
        (int code, string output, string error) = ProgramCall.Run("--config", config, "--out", run);
        Assert.Equal((0, ""), (code, error));
        string[] rows = File.ReadAllLines(Path.Combine(run, "scores.csv"));
        Assert.Contains(rows, row => row.Contains(Last, StringComparison.Ordinal));
        Assert.All(rows.Skip(1), row => Assert.Equal("4", row.Split(',')[2]));
        Assert.Single(Directory.GetFiles(run, "01-classifier_classifier.1_Conv.png", SearchOption.AllDirectories));
        JsonElement manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "manifest.json"))).RootElement;
        Assert.Equal("squeezenet1_1-opset17.onnx", manifest.GetProperty("weights").GetProperty("name").GetString());
        Assert.Equal("labels.txt", manifest.GetProperty("weight_parts")[0].GetProperty("name").GetString());
        (code, output, _) = ProgramCall.Run("--config", config, "--out", run);
        Assert.Equal(0, code);
        Assert.Contains("complete already", output, StringComparison.Ordinal);
        folder.Write("labels.txt", "ball\nbox\ncar\ndoor\negg, small\n\n");
        (code, _, error) = ProgramCall.Run("--config", config, "--out", run);
        Assert.Equal(2, code);
        Assert.Contains("the file labels.txt of the network changed since", error, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_explained_and_listed_and_tried_on_axioms()
    {
        string model = OnnxFixtures.Path("squeezenet1_1-opset17"), image = Path.Combine(
            SharedFolder.RepositoryRoot, "tests", "SanityChecks.Tests", "Images", "Fixtures", "jpeg", "size_65x31.jpg");
        string[] network = ["--architecture", "onnx", "--weights", model, "--classes", Labels];
        (int code, string output, string error) = ProgramCall.Run(["explain", image, .. network, "--out", folder.Of("maps")]);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("egg, small", output, StringComparison.Ordinal);
        Assert.Equal(1 + 3, Directory.GetFiles(folder.Of("maps"), "*.png").Length);
        (code, output, _) = ProgramCall.Run("models", model);
        Assert.Equal(0, code);
        Assert.StartsWith(
            "onnx: 26 layers with weights, 0.0 million parameters, for images of 224 x 224; Grad-CAM reads /features/features.12/Concat\n",
            output, StringComparison.Ordinal);
        (code, output, error) = ProgramCall.Run(["axioms", image, "--methods", "gradient,grad_cam,lrp_epsilon", .. network]);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("grad_cam", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("squeezenet1_1-opset17", "/classifier/classifier.1/Conv")]
    [InlineData("resnet18-dynamic", "/fc/Gemm")]
    public void Fine_tuned_weights_are_read_again_with_their_graph(string name, string layer)
    {
        string model = Copy(name + ".onnx"), config = folder.Write("train.yaml", $"""
            model: {"{"} architecture: onnx, weights: '{model}' {"}"}
            data: {"{"} source: shapes, size: 64, validation: 4 {"}"}
            train: {"{"} layers: ['{layer}'], images: 4, batch: 2 {"}"}
            """);
        (int code, _, string error) = ProgramCall.Run("train", "--config", config, "--out", folder.Of("tuned"));
        Assert.Equal((0, ""), (code, error));
        string image = Path.Combine(
            SharedFolder.RepositoryRoot, "tests", "SanityChecks.Tests", "Images", "Fixtures", "jpeg", "size_65x31.jpg");
        string[] tuned =
            ["explain", image, "--architecture", "onnx", "--weights", folder.Of("tuned", "weights.safetensors"), "--out", folder.Of("maps")];
        (code, string output, error) = ProgramCall.Run([.. tuned, "--graph", model, "--target", "star"]);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains(": target 0, star", output, StringComparison.Ordinal);
        (code, _, error) = ProgramCall.Run([.. tuned, "--graph", OnnxFixtures.Path("cntk")]);
        Assert.Equal(2, code);
        Assert.Contains("these tensors belong to another graph than", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model: { architecture: onnx }", "model.weights: architecture: onnx needs the path of an .onnx file")]
    [InlineData("model: { graph: my.onnx }", "model.graph: belongs to architecture: onnx; the graph of vgg16 is known")]
    [InlineData("model: { weights: my.onnx }", "my.onnx: there is no such weight file")]
    public void A_configuration_that_cannot_be_meant_is_refused(string model, string reason)
    {
        (int code, _, string error) = ProgramCall.Run("--config", folder.Write("wrong.yaml", model + "\nimages: { source: shapes, count: 1 }\n"));
        Assert.Equal(2, code);
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    private string Copy(string name)
    {
        string path = folder.Of(name);
        File.Copy(OnnxFixtures.Path(name), path, overwrite: true);
        return path;
    }
}
