using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Networks.WeightFiles;

namespace SanityChecks.Tests.Networks;

public class SafetensorsTests
{
    private static readonly Weights Sample = new(
    [
        new("b", new HostTensor(new Shape(2, 2), [1, -0.5f, float.NaN, 1e-3f])),
        new("a", new HostTensor(new Shape(), [65504])),
        new("none", new HostTensor(new Shape(0, 3), [])),
    ]);

    [Fact]
    public void Written_weights_read_back_bit_for_bit_in_their_order()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Of("w.safetensors");
        WeightFile.SaveSafetensors(path, Sample, DType.F32, new Dictionary<string, string> { ["z"] = "1", ["note"] = "two \"words\"" });
        LoadedWeights loaded = WeightFile.Load(path);

        Assert.Equal(Sample.Names, loaded.Weights.Names);
        foreach ((string name, HostTensor tensor) in Sample)
        {
            Assert.Equal(tensor.Shape, loaded.Weights[name].Shape);
            Assert.Equal(
                tensor.Values.ToArray().Select(BitConverter.SingleToInt32Bits),
                loaded.Weights[name].Values.ToArray().Select(BitConverter.SingleToInt32Bits));
        }

        Assert.Equal("two \"words\"", loaded.Metadata["note"]);
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Half_precision_rounds_to_the_nearest_and_refuses_what_it_cannot_hold()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Of("w.safetensors");
        WeightFile.SaveSafetensors(path, Sample, DType.F16);
        Weights read = WeightFile.Load(path).Weights;
        Assert.Equal([1, -0.5f, float.NaN, 0.0010004044f], read["b"].Values.ToArray());
        Assert.Equal([65504], read["a"].Values.ToArray());

        var tooLarge = new Weights([new("huge", new HostTensor(new Shape(1), [1e6f]))]);
        Assert.Contains(
            "'huge'", Assert.Throws<ArgumentException>(() => WeightFile.SaveSafetensors(path, tooLarge, DType.F16)).Message,
            StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFiles(folder.Path));
        Assert.Throws<ArgumentOutOfRangeException>(() => WeightFile.SaveSafetensors(path, Sample, DType.BF16));
    }

    [Fact]
    public void The_same_weights_give_the_same_bytes_whatever_the_order_of_the_notes()
    {
        using var folder = new TemporaryFolder();
        WeightFile.SaveSafetensors(folder.Of("1"), Sample, DType.F32, new Dictionary<string, string> { ["x"] = "1", ["y"] = "2" });
        WeightFile.SaveSafetensors(folder.Of("2"), Sample, DType.F32, new Dictionary<string, string> { ["y"] = "2", ["x"] = "1" });
        Assert.Equal(File.ReadAllBytes(folder.Of("1")), File.ReadAllBytes(folder.Of("2")));
    }

    [Fact]
    public void NumPy_reads_what_is_written()
    {
        string tools = SharedFolder.PathOrSkip("tools");
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "needs /usr/bin/python3 with NumPy, which is not here");
        using var folder = new TemporaryFolder();
        WeightFile.SaveSafetensors(folder.Of("w"), new Weights(Sample.Where(one => one.Key != "b")), DType.F16);
        var start = new ProcessStartInfo("/usr/bin/python3") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-B");
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("import sys; sys.path.insert(0, sys.argv[1]); import safetensors_io; print({k: (v.shape, v.tolist()) for k, v in safetensors_io.load(sys.argv[2]).items()})");
        start.ArgumentList.Add(tools);
        start.ArgumentList.Add(folder.Of("w"));
        using Process python = Process.Start(start)!;
        string output = python.StandardOutput.ReadToEnd();
        string errors = python.StandardError.ReadToEnd();
        Assert.SkipWhen(errors.Contains("No module named 'numpy'", StringComparison.Ordinal), "needs NumPy, which is not here");
        Assert.Equal("{'a': ((), 65504.0), 'none': ((0, 3), [])}", output.Trim());
    }

    [Theory]
    [InlineData("""{"a.weight":{"dtype":"I32","shape":[1],"data_offsets":[0,4]}}""", 4, "the tensor 'a.weight' has the type I32")]
    [InlineData("""{"a":{"dtype":"0","shape":[1],"data_offsets":[0,4]}}""", 4, "the tensor 'a' has the type 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "is given 4 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 3, "truncated")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 5, "bytes behind the last tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "lies at 4..8, where 0 is the next free byte")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", 6, "lies at 2..6")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967295,4294967295],"data_offsets":[0,4]}}""", 4, "not the JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2147483647,2147483647,2147483647],"data_offsets":[0,4]}}""", 4, "impossible shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "impossible shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}""", 0, "names 'a' twice")]
    [InlineData("""{"a":{"shape":[1],"data_offsets":[0,4]}}""", 4, "not the JSON")]
    [InlineData("""{"a":[]}""", 0, "not the JSON")]
    [InlineData("""{"a":""", 0, "not the JSON")]
    public void A_header_that_breaks_the_format_is_refused(string header, int dataLength, string part)
    {
        using var folder = new TemporaryFolder();
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] file = new byte[8 + text.Length + dataLength];
        BinaryPrimitives.WriteInt64LittleEndian(file, text.Length);
        text.CopyTo(file, 8);
        var error = Assert.Throws<WeightFileException>(() => WeightFile.Load(folder.Write("w", file)));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_longer_than_the_file_is_refused_before_memory_is_taken()
    {
        using var folder = new TemporaryFolder();
        byte[] file = [0xff, 0xff, 0xff, 0x04, 0, 0, 0, 0, (byte)'{', (byte)'}'];
        Assert.Contains(
            "claims 83886079 bytes", Assert.Throws<WeightFileException>(() => WeightFile.Load(folder.Write("w", file))).Message,
            StringComparison.Ordinal);
    }
}
