using System.Text;
using Google.Protobuf;
using Onnx;
using SanityChecks.Networks.Onnx;
using SanityChecks.Networks.WeightFiles;

namespace SanityChecks.Tests.Networks.Onnx;

/// <summary>What is refused, and with which words; no file makes the program crash, take memory without bounds or read other
/// files.</summary>
public class OnnxFileTests
{
    [Fact]
    public void All_nodes_that_are_not_supported_are_named_in_one_reading() => Refuses(
        "resnet18-opset9", model =>
        {
            foreach (NodeProto node in model.Graph.Node.Where(node => node.OpType == "Relu").Take(2))
            {
                node.OpType = "Erf";
            }

            model.Graph.Node.First(node => node.OpType == "MaxPool").Domain = "com.example";
            model.Graph.Node.Last(node => node.OpType == "Conv").Attribute.First(one => one.Name == "group").I = 0;
        },
        "4 of 49 nodes cannot be read: '/relu/Relu' (Erf): no supported operator; '/maxpool/MaxPool' (MaxPool): an operator of 'com.example'; those of ai.onnx are supported; '/layer1/layer1.0/relu/Relu' (Erf): no supported operator; '/layer4/layer4.1/conv2/Conv' (Conv): group 0; the operators are Add, ");

    [Fact]
    public void The_list_is_bounded() => Refuses(
        "resnet18-opset9", model =>
        {
            foreach (NodeProto node in model.Graph.Node.Where(node => node.OpType == "Conv"))
            {
                node.OpType = "QLinearConv";
            }
        }, "20 of 49 nodes cannot be read: '/conv1/Conv' (QLinearConv): no supported operator; ", "; and 12 more; the operators are");

    [Fact]
    public void A_concatenation_of_nothing_is_refused() => Refuses(
        "cntk", model =>
        {
            model.Graph.Node.Insert(0, new NodeProto { Name = "none", OpType = "Concat", Output = { "nothing" } });
            model.Graph.Node.First(node => node.OpType == "Reshape").Input[1] = "nothing";
        }, "'none' (Concat): a part is missing");

    [Fact]
    public void Nodes_that_do_not_lead_to_the_output_do_not_matter()
    {
        using var folder = new TemporaryFolder();
        ModelProto model = Model("cntk");
        model.Graph.Node.Add(new NodeProto { OpType = "Loop", Input = { "r1" }, Output = { "unused" } });
        Assert.Equal(5, OnnxFile.Load(folder.Write("model.onnx", model.ToByteArray())).Network.Classes);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(22)]
    public void Other_versions_of_the_operators_are_refused(int version) => Refuses(
        "cntk", model => model.OpsetImport[0].Version = version, $"its operators are of version {version}; 7 to 21 are supported");

    [Fact]
    public void A_graph_of_two_images_is_refused() => Refuses(
        "cntk", model =>
        {
            ValueInfoProto second = model.Graph.Input[0].Clone();
            second.Name = "mask";
            model.Graph.Input.Add(second);
            model.Graph.Node[1].Input[0] = "masked";
            model.Graph.Node.Insert(1, new NodeProto { OpType = "Mul", Input = { "c1", "mask" }, Output = { "masked" } });
        }, "it has 2 inputs (image, mask); all but the images need a tensor in the file of inputs");

    [Fact]
    public void Rows_of_numbers_are_no_images() => Refuses(
        "cntk", model => model.Graph.Input[0].Type.TensorType.Shape.Dim.RemoveAt(3),
        "its input 'image' is Float of 3 axes; floating-point images [N, C, H, W] or [N, H, W, C] are supported");

    [Fact]
    public void Maps_are_no_classes() => Refuses(
        "cntk", model => model.Graph.Output[0].Name = "r1", "its output 'r1' is [N, 6, 16, 16]; a classifier's is [N, classes]");

    [Fact]
    public void A_size_that_is_not_there_takes_no_memory()
    {
        Refuses(
            "cntk", model => model.Graph.Initializer[0].Dims[0] = 1L << 29,
            "1 of 9 nodes cannot be read: 'Convolution1' (Conv): the tensor 'Parameter1' has the impossible shape [536870912, 3, 3, 3]");
        Refuses(
            "cntk", model => model.Graph.Initializer[0].Dims[0] = 1L << 25,
            "the tensor 'Parameter1' of shape [33554432, 3, 3, 3] is given 648 bytes, not 3623878656");
        Refuses(
            "tensorflow", model =>
            {
                model.Graph.Initializer.Add(new TensorProto
                {
                    Name = "huge", DataType = 7, Dims = { 2 }, Int64Data = { 1 << 15, 1 << 15 },
                });
                model.Graph.Node.Insert(0, new NodeProto
                {
                    Name = "fill",
                    OpType = "ConstantOfShape",
                    Input = { "huge" },
                    Output = { "w1" },
                });
                model.Graph.Initializer.Remove(model.Graph.Initializer.First(tensor => tensor.Name == "w1"));
            }, "'fill' (ConstantOfShape): it computes larger constants than the file has tensors");
    }

    [Fact]
    public void Graphs_within_graphs_without_end_are_refused()
    {
        using var folder = new TemporaryFolder();

        // Each level is a message of its own length within the one above: 0x0a, the length, the level below.
        byte[] nested = [];
        for (int level = 0; level < 3000; level++)
        {
            using var stream = new MemoryStream();
            using (var writer = new CodedOutputStream(stream, leaveOpen: true))
            {
                writer.WriteRawTag(level % 3 == 0 ? (byte)0x3a : level % 3 == 1 ? (byte)0x0a : (byte)0x32);
                writer.WriteBytes(ByteString.CopyFrom(nested));
            }

            nested = stream.ToArray();
        }

        Assert.Throws<WeightFileException>(() => OnnxFile.Load(folder.Write("nested.onnx", nested)));
    }

    [Theory]
    [InlineData("../outside.data")]
    [InlineData("inside/../../outside.data")]
    [InlineData("/etc/hostname")]
    [InlineData("C:\\outside.data")]
    [InlineData("..\\outside.data")]
    [InlineData("")]
    [InlineData("./resnet18-external.data")]
    public void Tensors_outside_the_folder_are_not_read(string location)
    {
        using var folder = new TemporaryFolder();
        folder.Write("outside.data", new byte[1 << 16]);
        string path = External(folder, location);
        Assert.Equal(
            $"{path}: its tensors would lie in '{location}'; only files in the model's own folder are read",
            Assert.Throws<WeightFileException>(() => OnnxFile.Load(path)).Message);
    }

    [Theory]
    [InlineData("../outside.data", null)]
    [InlineData("../outside", "outside.data")]
    public void A_link_out_of_the_folder_is_not_followed(string target, string? below)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights on Windows");
        using var folder = new TemporaryFolder();
        folder.Write("outside.data", new byte[1 << 16]);
        folder.Write("outside/outside.data", new byte[1 << 16]);
        string path = External(folder, below is null ? "link" : $"link/{below}");
        File.CreateSymbolicLink(folder.Of("model", "link"), target);
        Assert.EndsWith(
            "is a link that leads out of the model's folder; only files in it are read",
            Assert.Throws<WeightFileException>(() => OnnxFile.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_within_the_folder_is_followed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights on Windows");
        using var folder = new TemporaryFolder();
        string path = External(folder, "link");
        folder.Write("model/blobs/data", File.ReadAllBytes(OnnxFixtures.Path("resnet18-external.data")));
        File.CreateSymbolicLink(folder.Of("model", "link"), "blobs/data");
        ImportedNetwork imported = OnnxFile.Load(path);
        Assert.Equal("link", Assert.Single(imported.ExternalFiles).Name);
        Assert.Equal(WeightFile.Sha256(OnnxFixtures.Path("resnet18-external.data")), imported.ExternalFiles[0].Sha256);
    }

    [Fact]
    public void A_file_beside_the_model_that_is_too_short_is_refused()
    {
        using var folder = new TemporaryFolder();
        string path = External(folder, "short.data");
        folder.Write("model/short.data", File.ReadAllBytes(OnnxFixtures.Path("resnet18-external.data"))[..2000]);
        Assert.Matches(
            "'short.data' has 2000 bytes, but a tensor needs [0-9]+ at [0-9]+: the file is truncated$",
            Assert.Throws<WeightFileException>(() => OnnxFile.Load(path)).Message);
    }

    [Theory]
    [InlineData("no such file", "there is no such weight file")]
    [InlineData("text", "this is no ONNX file, or it is damaged: ")]
    [InlineData("f32.safetensors", "this is no ONNX file, or it is damaged: ")]
    public void What_is_no_ONNX_file_is_refused(string name, string reason)
    {
        using var folder = new TemporaryFolder();
        folder.Write("text", Encoding.UTF8.GetBytes("experiment: cascading_randomization\nseed: 1\n"));
        string path = name.Contains('.', StringComparison.Ordinal) ? Fixture.Path(name) : folder.Of(name);
        Assert.StartsWith(
            $"{path}: {reason}", Assert.Throws<WeightFileException>(() => OnnxFile.Load(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(300)]
    [SlowInlineData(5000)]
    public void Damaged_files_give_a_network_or_the_typed_exception(int times)
    {
        using var folder = new TemporaryFolder();
        var random = new Random(20240601);
        int refused = 0, runs = 0;
        foreach (string name in new[] { "tensorflow", "cntk", "tied" })
        {
            byte[] whole = File.ReadAllBytes(OnnxFixtures.Path(name));
            for (int run = 0; run < times; run++, runs++)
            {
                byte[] damaged = run % 4 == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
                for (int change = random.Next(1, 6); change > 0 && damaged.Length > 0 && run % 8 != 0; change--)
                {
                    // The nodes stand first, the tensors' values behind them.
                    int at = random.Next(random.Next(2) == 0 ? damaged.Length : Math.Min(700, damaged.Length));
                    damaged[at] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)(damaged[at] ^ (1 << random.Next(8)));
                }

                string path = folder.Write("damaged.onnx", damaged);
                try
                {
                    OnnxFile.Load(path);
                }
                catch (WeightFileException)
                {
                    refused++;
                }
            }
        }

        Assert.InRange(refused, runs / 4, runs - 1);
    }

    private static ModelProto Model(string name) => ModelProto.Parser.ParseFrom(File.ReadAllBytes(OnnxFixtures.Path(name)));

    private static void Refuses(string name, Action<ModelProto> change, params string[] parts)
    {
        using var folder = new TemporaryFolder();
        ModelProto model = Model(name);
        change(model);
        string path = folder.Write("model.onnx", model.ToByteArray());
        string message = Assert.Throws<WeightFileException>(() => OnnxFile.Load(path)).Message;
        Assert.StartsWith(path + ": ", message, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', message);
    }

    /// <summary>A model in a folder below, whose tensors lie elsewhere.</summary>
    private static string External(TemporaryFolder folder, string location)
    {
        ModelProto model = Model("resnet18-external");
        foreach (StringStringEntryProto entry in model.Graph.Initializer.SelectMany(tensor => tensor.ExternalData)
            .Where(entry => entry.Key == "location"))
        {
            entry.Value = location;
        }

        return folder.Write("model/model.onnx", model.ToByteArray());
    }
}
