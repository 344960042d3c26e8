using System.Buffers.Binary;
using System.Text;
using SanityChecks.Networks.WeightFiles;

namespace SanityChecks.Tests.Networks;

/// <summary>Pickles written by hand, wrapped as the object of a legacy stream with one storage of four floats (1, 2, 3, 4).</summary>
public class PickleTests
{
    // Everything in front of the object's pickle: magic number, protocol 1001, {'little_endian': True}.
    private static readonly byte[] Head =
    [
        0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.',
        0x80, 2, (byte)'M', 0xe9, 3, (byte)'.',
        0x80, 2, (byte)'}', (byte)'U', 13, .. "little_endian"u8, 0x88, (byte)'s', (byte)'.',
    ];

    private const string Storage = "(U\u0007storagectorch\nFloatStorage\nU\u0001sU\u0003cpuK\u0004Nt";

    private static string Tensor(string storage, string offset, string sizes, string strides) =>
        $"ctorch._utils\n_rebuild_tensor\n({storage}Q{offset}({sizes}t({strides}ttR";

    private static string Dict(string value) => "}U\u0001w" + value + "s.";

    private static LoadedWeights Load(string pickle, float[]? elements = null)
    {
        elements ??= [1, 2, 3, 4];
        byte[] data = new byte[8 + (4 * elements.Length)];
        BinaryPrimitives.WriteInt64LittleEndian(data, elements.Length);
        for (int i = 0; i < elements.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(8 + (4 * i)), elements[i]);
        }

        byte[] storages = pickle.Contains('Q') ? [.. "]U\u0001sa."u8, .. data] : [.. "]."u8];
        using var folder = new TemporaryFolder();
        return WeightFile.Load(folder.Write("w.pth", [.. Head, 0x80, 2, .. Encoding.Latin1.GetBytes(pickle), .. storages]));
    }

    private static WeightFileException Refused(string pickle) => Assert.Throws<WeightFileException>(() => Load(pickle));

    [Fact]
    public void A_tensor_of_the_oldest_kind_is_read()
    {
        LoadedWeights loaded = Load(Dict(Tensor(Storage, "K\u0001", "K\u0003", "K\u0001")));
        Assert.Equal([2, 3, 4], loaded.Weights["w"].Values.ToArray());
    }

    [Fact]
    public void A_named_part_of_a_storage_moves_the_origin_of_its_tensors()
    {
        string part = Storage.Replace("Nt", "(U\u0001vK\u0001K\u0002tt", StringComparison.Ordinal);
        Assert.Equal([3], Load(Dict(Tensor(part, "K\u0001", "K\u0001", "K\u0001"))).Weights["w"].Values.ToArray());
        Assert.Contains("of 2", Refused(Dict(Tensor(part, "K\u0000", "K\u0003", "K\u0001"))).Message, StringComparison.Ordinal);
        string outside = Storage.Replace("Nt", "(U\u0001vK\u0003K\u0002tt", StringComparison.Ordinal);
        Assert.Contains(
            "does not lie within it", Refused(Dict(Tensor(outside, "K\u0000", "K\u0001", "K\u0001"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("K\u0001", "K\u0004", "K\u0001")] // one past the end
    [InlineData("K\u0000", "K\u0002K\u0003", "K\u0003K\u0001")] // too many elements
    [InlineData("K\u0000", "K\u0002K\u0002", "K\u0003K\u0001")] // last element outside
    [InlineData("K\u0000", "K\u0005", "K\u0000")] // expanded: demands more memory than the file has
    [InlineData("J\u00ff\u00ff\u00ff\u00ff", "K\u0001", "K\u0001")] // offset -1
    [InlineData("K\u0000", "J\u00ff\u00ff\u00ff\u00ff", "K\u0001")] // size -1
    [InlineData("K\u0000", "K\u0002", "J\u00ff\u00ff\u00ff\u00ff")] // stride -1
    [InlineData("K\u0000", "J\u00ff\u00ff\u00ff\u007fJ\u00ff\u00ff\u00ff\u007fJ\u00ff\u00ff\u00ff\u007f", "K\u0001K\u0001K\u0001")] // product overflows
    [InlineData("K\u0000", "K\u0002", "K\u0001K\u0001")] // ranks differ
    public void A_tensor_outside_its_storage_is_refused(string offset, string sizes, string strides) =>
        Assert.Contains(
            "the pickle describes a tensor", Refused(Dict(Tensor(Storage, offset, sizes, strides))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("I1\n.", "opcode INT")]
    [InlineData("(cos\nsystem\no.", "'os.system'")]
    [InlineData("(ios\nsystem\n.", "opcode INST")]
    [InlineData("P1\n.", "opcode PERSID")]
    [InlineData("\u0082\u0001.", "opcode EXT1")]
    [InlineData("\u00fe.", "opcode 0xfe")]
    [InlineData("U\u0002osU\u0006system\u0093.", "'os.system'")]
    [InlineData("cbuiltins\neval\n.", "'builtins.eval'")]
    [InlineData("c__main__\nNet\n)R.", "'__main__.Net', and only tensors are read from a pickle; this is a whole pickled model: save the model's state_dict() alone, torch.save(model.state_dict(), FILE)")]
    [InlineData("cmodels.resnet\nResNet\n)R.", "where the model was trained, save its state_dict() alone, torch.save(model.state_dict(), FILE)")]
    [InlineData("K\u0001)R.", "calls something that is not a function")]
    [InlineData("ccollections\nOrderedDict\n(K\u0001tR.", "'collections.OrderedDict' with arguments")]
    [InlineData("ctorch\nFloatStorage\n)R.", "'torch.FloatStorage' with arguments")]
    [InlineData("K\u0001}b.", "sets the state of an object")]
    [InlineData("K\u0001K\u0001a.", "not a list")]
    [InlineData("K\u0001K\u0001K\u0001s.", "not a dict")]
    [InlineData("}(K\u0001u.", "not a dict")]
    [InlineData("h\u0005.", "recalls the value 5")]
    [InlineData(".", "stack is empty")]
    [InlineData("K\u0001K\u0001(0.", "stack is empty")]
    [InlineData("t.", "no mark")]
    [InlineData("X\u00ff\u00ff\u00ff\u00ff.", "ends too early")]
    [InlineData("\u008b\u00ff\u00ff\u00ff\u007f.", "integer of 2147483647 bytes")]
    [InlineData("\u0080\u0001.", "protocol 1")]
    [InlineData("K\u0001Q.", "names a storage in a way")]
    [InlineData("N.", "None where a state dict was expected")]
    public void Everything_else_is_refused_by_name_and_place(string pickle, string part)
    {
        WeightFileException error = Refused(pickle);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        if (pickle[0] != 'N')
        {
            Assert.InRange(error.Offset!.Value, Head.Length + 2, Head.Length + 2 + pickle.Length);
        }
    }

    [Fact]
    public void State_dicts_nested_without_end_are_refused() =>
        Assert.Contains("more than 4 deep", Refused("}q\u0000U\u000astate_dicth\u0000s.").Message, StringComparison.Ordinal);

    [Fact]
    public void A_storage_whose_length_differs_from_the_pickle_is_refused()
    {
        string pickle = Dict(Tensor(Storage, "K\u0000", "K\u0004", "K\u0001"));
        var error = Assert.Throws<WeightFileException>(() => Load(pickle, [1, 2, 3]));
        Assert.Contains("has 3 elements where the pickle says 4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_views_of_one_storage_cannot_multiply_memory()
    {
        string view = Tensor(Storage, "K\u0000", "K\u0002K\u0002", "K\u0001K\u0002");
        string items = string.Concat(Enumerable.Range(0, 26).Select(i => "U\u0001" + (char)('a' + i) + view));
        Assert.Contains("104 elements over storages of 4", Refused("}(" + items + "u.").Message, StringComparison.Ordinal);
    }
}
