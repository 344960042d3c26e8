using System.Text;
using System.Text.Json;
using SanityChecks.Compute;
using SanityChecks.RunFiles;
using SanityChecks.Saliency;

namespace SanityChecks.Tests.Saliency;

/// <summary>Against files that NumPy wrote; npy_reference.py beside this file makes them.</summary>
public sealed class NpyFileTests : IDisposable
{
    private static readonly JsonElement Reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(
        SharedFolder.RepositoryRoot, "tests", "SanityChecks.Tests", "Saliency", "npy_reference.json"))).RootElement;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("npy");

    public static TheoryData<string> Readable => [.. Reference.GetProperty("read").EnumerateArray().Select(Name)];

    public static TheoryData<string> Writable => [.. Reference.GetProperty("written").EnumerateArray().Select(name => name.GetString()!)];

    public static TheoryData<string> Refused => [.. Reference.GetProperty("refused").EnumerateObject().Select(item => item.Name)];

    private string FilePath => Path.Combine(folder.FullName, "a.npy");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Readable))]
    public void What_numpy_wrote_is_read(string name)
    {
        JsonElement row = Row(name);
        File.WriteAllBytes(FilePath, row.GetProperty("npy").GetBytesFromBase64());
        (Shape shape, float[] values) = NpyFile.Read(FilePath);
        Assert.Equal(Axes(row), shape);
        Assert.Equal(Values(row), values);
        (shape, double[] doubles, bool single) = NpyFile.ReadDoubles(FilePath);
        Assert.Equal(Axes(row), shape);
        Assert.Equal(row.GetProperty("values").EnumerateArray().Select(value => value.GetDouble()), doubles);
        Assert.Equal(
            Encoding.Latin1.GetString(row.GetProperty("npy").GetBytesFromBase64()).Contains("f4'", StringComparison.Ordinal), single);
    }

    [Theory]
    [MemberData(nameof(Writable))]
    public void The_bytes_written_are_those_of_numpy_save(string name)
    {
        JsonElement row = Row(name);
        NpyFile.Write(FilePath, Axes(row), Values(row));
        Assert.Equal(row.GetProperty("npy").GetBytesFromBase64(), File.ReadAllBytes(FilePath));
        Assert.Equal(["a.npy"], folder.GetFiles().Select(file => file.Name));
    }

    [Fact]
    public void A_dumped_map_is_the_same_bytes_after_reading_and_writing()
    {
        string dumped = SharedFolder.PathOrSkip("reference/squeezenet1_1.ILSVRC2012_val_00000204.gradient.npy");
        (Shape shape, float[] values) = NpyFile.Read(dumped);
        Assert.Equal(new Shape(3, 224, 224), shape);
        NpyFile.Write(FilePath, shape, values);
        Assert.Equal(File.ReadAllBytes(dumped), File.ReadAllBytes(FilePath));
    }

    [Fact]
    public void Every_bit_survives_a_round_trip_also_of_nans()
    {
        uint[] bits = [0x7FC00000, 0xFFC12345, 0x7F800001, 0xFFFFFFFF, 0x7F800000, 0xFF800000, 0x80000000, 0, 1, 0x80000001, 0x7F7FFFFF];
        NpyFile.Write(FilePath, new Shape(bits.Length), Array.ConvertAll(bits, BitConverter.UInt32BitsToSingle));
        (_, float[] values) = NpyFile.Read(FilePath);
        Assert.Equal(bits, Array.ConvertAll(values, BitConverter.SingleToUInt32Bits));
    }

    [Fact]
    public void Doubles_are_rounded_to_nearest_and_become_infinite_beyond_single_precision()
    {
        double[] doubles = [1.0 / 3, 1e-50, 1e300, -1e300, double.NaN, 16777217];
        byte[] data = [.. doubles.SelectMany(BitConverter.GetBytes)];
        WriteFile("{'descr': '<f8', 'fortran_order': False, 'shape': (6,), }", data);
        Assert.Equal([1f / 3, 0, float.PositiveInfinity, float.NegativeInfinity, float.NaN, 16777216], NpyFile.Read(FilePath).Values);
        Assert.Equal(doubles, NpyFile.ReadDoubles(FilePath).Values);
        WriteFile("{'descr': '>i8', 'fortran_order': False, 'shape': (1,), }", [0, 32, 0, 0, 0, 0, 0, 0]);
        Assert.Equal(1L << 53, NpyFile.ReadDoubles(FilePath).Values[0]);
    }

    [Fact]
    public void A_failed_write_leaves_the_older_file_and_nothing_else()
    {
        File.WriteAllText(FilePath, "older");
        Assert.Throws<ArgumentException>(() => NpyFile.Write(FilePath, new Shape(3), new float[2]));
        Assert.Equal("older", File.ReadAllText(FilePath));
        Directory.CreateDirectory(Path.Combine(folder.FullName, "b.npy"));
        Assert.ThrowsAny<Exception>(() => NpyFile.Write(Path.Combine(folder.FullName, "b.npy"), new Shape(2), new float[2]));
        Assert.Equal(["a.npy", "b.npy"], folder.GetFileSystemInfos().Select(item => item.Name).Order());
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Elements_without_a_single_precision_value_are_refused(string name)
    {
        File.WriteAllBytes(FilePath, Reference.GetProperty("refused").GetProperty(name).GetBytesFromBase64());
        Assert.Contains("not supported; save booleans, integers or floats", Refusal());
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", "needs 3 x 4 bytes, but 8 follow")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", "needs 1 x 4 bytes, but 8 follow")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2147483000, 2147483000, 2147483000, 8), }", "too many elements")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (100000000,), }", "needs 100000000 x 4 bytes")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967298,), }", "beyond 32 axes of at most")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", "expected an integer")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }", "expected an integer")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2), } + 1", "expected nothing more")]
    [InlineData("{'descr': '<f4', 'fortran_order': 0, 'shape': (2,), }", "expected True or False")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, }", "shape is missing")]
    [InlineData("{'descr': '<f4', 'shape': (2,), 'fortran_order': False, 'shape': (2,), }", "unexpected key 'shape'")]
    [InlineData("{'descr': '<f4', 'shape': (2,), 'order': False}", "unexpected key 'order'")]
    [InlineData("{'descr': '<f4", "expected a closing quote")]
    [InlineData("__import__('os')", "expected '{' at character 0")]
    [InlineData("{'descr': '<f4', 'shape': (2,", "expected an integer")]
    [InlineData("", "expected '{'")]
    public void A_damaged_or_hostile_header_is_refused(string header, string message)
    {
        WriteFile(header, new byte[8]);
        Assert.Contains(message, Refusal());
    }

    [Theory]
    [InlineData("{\"shape\": (2), 'fortran_order':False,'descr':'=f4'}")]
    [InlineData("{'descr': '<f4', 'fortran_order': True, 'shape': (2L, 1L)}   ")]
    public void Other_spellings_of_a_header_are_read(string header)
    {
        WriteFile(header, [.. BitConverter.GetBytes(1.5f), .. BitConverter.GetBytes(-2f)]);
        Assert.Equal([1.5f, -2f], NpyFile.Read(FilePath).Values);
    }

    [Fact]
    public void A_header_longer_than_the_file_or_the_limit_is_refused()
    {
        foreach (byte[] length in new byte[][] { [200, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 2, 0] })
        {
            File.WriteAllBytes(FilePath, [0x93, .. "NUMPY"u8, 2, 0, .. length, .. new byte[100]]);
            Assert.Contains("the header claims", Refusal());
        }
    }

    [Fact]
    public void Other_files_are_refused_in_one_line_that_names_them()
    {
        Assert.Contains("cannot be read", Refusal());
        foreach (byte[] bytes in new byte[][] { [], [0x93], [.. "GIF89a, not an array"u8], [0x93, .. "NUMPY"u8, 9, 0, 1, 0, 0, 0] })
        {
            File.WriteAllBytes(FilePath, bytes);
            string message = Refusal();
            Assert.StartsWith(FilePath, message);
            Assert.DoesNotContain('\n', message);
        }
    }

    private static string Name(JsonElement row) => row.GetProperty("name").GetString()!;

    private static JsonElement Row(string name) => Reference.GetProperty("read").EnumerateArray().First(row => Name(row) == name);

    private static Shape Axes(JsonElement row) => new([.. row.GetProperty("shape").EnumerateArray().Select(axis => axis.GetInt32())]);

    private static float[] Values(JsonElement row) => [.. row.GetProperty("values").EnumerateArray().Select(value => value.GetSingle())];

    private string Refusal() => Assert.Throws<InputException>(() => NpyFile.Read(FilePath)).Message;

    private void WriteFile(string header, byte[] data) => File.WriteAllBytes(
        FilePath, [0x93, .. "NUMPY"u8, 1, 0, .. BitConverter.GetBytes((ushort)header.Length), .. Encoding.ASCII.GetBytes(header), .. data]);
}
