using System.Security.Cryptography;
using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Networks.WeightFiles;
using SanityChecks.RunFiles;

namespace SanityChecks.Tests.Networks;

public class WeightFileTests
{
    public static TheoryData<string> ReadableFiles => new(Fixture.Expected().Keys);

    [Theory]
    [MemberData(nameof(ReadableFiles))]
    public void Every_format_gives_the_tensors_that_PyTorch_reads(string file)
    {
        List<(string Name, Shape Shape, float[] Values)> expected = Fixture.Expected()[file];
        LoadedWeights loaded = WeightFile.Load(Fixture.Path(file));

        Assert.Equal(expected.Select(tensor => tensor.Name), loaded.Weights.Names);
        foreach ((string name, Shape shape, float[] values) in expected)
        {
            Assert.Equal(shape, loaded.Weights[name].Shape);
            Assert.Equal(values, loaded.Weights[name].Values.ToArray());
        }

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Fixture.Path(file)))), loaded.Sha256);
        Assert.Equal(
            file.EndsWith("zip.pth", StringComparison.Ordinal) ? WeightFormat.TorchZip
            : file.EndsWith("legacy.pth", StringComparison.Ordinal) ? WeightFormat.TorchLegacy
            : WeightFormat.Safetensors,
            loaded.Format);
    }

    [Fact]
    public void SqueezeNet_is_the_same_bit_for_bit_in_all_three_formats()
    {
        Weights safetensors = WeightFile.Load(SharedFolder.PathOrSkip("data/weights/squeezenet1_1.safetensors")).Weights;
        Assert.Equal(52, safetensors.Count);
        Assert.Equal(new Shape(64, 3, 3, 3), safetensors["features.0.weight"].Shape);
        foreach (string other in new[] { "squeezenet1_1-zip.pth", "squeezenet1_1-legacy.pth" })
        {
            Weights weights = WeightFile.Load(SharedFolder.PathOrSkip("data/weights/" + other)).Weights;
            Assert.Equal(safetensors.Names, weights.Names);
            foreach (string name in weights.Names)
            {
                Assert.Equal(safetensors[name].Shape, weights[name].Shape);
                Assert.True(
                    System.Runtime.InteropServices.MemoryMarshal.AsBytes(safetensors[name].Values)
                        .SequenceEqual(System.Runtime.InteropServices.MemoryMarshal.AsBytes(weights[name].Values)), name);
            }
        }
    }

    [Theory]
    [InlineData("resnet20-12fca82f.th", 97)]
    [InlineData("resnet56-4bfd9763.th", 277)]
    public void A_published_checkpoint_of_a_parallel_model_has_its_tensors_under_their_own_names(string file, int tensors)
    {
        LoadedWeights loaded = WeightFile.Load(SharedFolder.PathOrSkip("data/weights/" + file));
        Weights weights = WeightNames.Unwrapped(loaded.Weights, new HashSet<string>());
        Assert.Equal(WeightFormat.TorchLegacy, loaded.Format);
        Assert.Equal(tensors, weights.Count);
        Assert.Equal(["conv1.weight", "bn1.weight", "bn1.bias"], weights.Names.Take(3));
        Assert.Equal("linear.bias", weights.Names[^1]);
        Assert.Equal(new Shape(16, 3, 3, 3), weights["conv1.weight"].Shape);
        Assert.All(weights, one => Assert.False(one.Value.Values.ContainsAny(float.NaN, float.PositiveInfinity), one.Key));
    }

    [Theory]
    [InlineData("f32-zip.pth", "")]
    [InlineData("checkpoint-zip.pth", "state_dict")]
    [InlineData("under-net-legacy.pth", "net")]
    [InlineData("under-any-zip.pth", "trained.generator")]
    [InlineData("under-list-zip.pth", "1")]
    [InlineData("f32.safetensors", "")]
    public void The_place_of_the_state_dict_is_told(string file, string place) =>
        Assert.Equal(place, WeightFile.Load(Fixture.Path(file)).StateDictPlace);

    [Fact]
    public void Names_that_stand_for_one_view_share_one_tensor_and_others_do_not()
    {
        Weights weights = WeightFile.Load(Fixture.Path("views-legacy.pth")).Weights;
        Assert.Same(weights["whole"], weights["tied"]);
        Assert.NotSame(weights["whole"], weights["transposed"]);
    }

    [Fact]
    public void A_safetensors_header_keeps_its_notes() =>
        Assert.Equal("make_fixtures.py", WeightFile.Load(Fixture.Path("f32.safetensors")).Metadata["made_by"]);

    [Theory]
    [InlineData("refused-system-legacy.pth", "'posix.system'")]
    [InlineData("refused-system-zip.pth", "'posix.system'")]
    [InlineData("refused-module-zip.pth", "'torch.nn.modules.linear.Linear', and only tensors are read from a pickle; this is a whole pickled model: save the model's state_dict() alone, torch.save(")]
    [InlineData("refused-integers-zip.pth", "'weight' has the type I64")]
    [InlineData("refused-several-zip.pth", "the file holds several state dicts: netG, netD; save the one that is meant alone")]
    [InlineData("refused-empty-legacy.pth", "its keys: epoch, generator; save the model's state_dict() alone")]
    [InlineData("refused-script-zip.pth", "this is a TorchScript program, not a state dict; save the model's state_dict() with torch.save")]
    [InlineData("refused.npz", "this is an .npz of NumPy, not a .safetensors file or a .pth of torch.save; convert it with safetensors.numpy.save_file(")]
    [InlineData("refused.onnx", "it is an ONNX model; choose the architecture onnx")]
    public void What_is_not_a_state_dict_is_refused_by_name(string file, string part)
    {
        var error = Assert.Throws<WeightFileException>(() => WeightFile.Load(Fixture.Path(file)));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.Equal(Fixture.Path(file), error.Path);
        Assert.IsAssignableFrom<InputException>(error);
    }

    [Fact]
    public void A_refused_global_is_reported_with_its_place_in_the_file()
    {
        string file = Fixture.Path("refused-system-legacy.pth");
        var error = Assert.Throws<WeightFileException>(() => WeightFile.Load(file));
        long place = File.ReadAllBytes(file).AsSpan().IndexOf("cposix\nsystem\n"u8);
        Assert.Equal(place, error.Offset);
        Assert.Contains($"(at byte {place})", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "the file is empty, or a pipe or device")]
    [InlineData("<!DOCTYPE html><html>", "web page")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid", "Git LFS")]
    [InlineData("\u0089PNG", "begins with the bytes")]
    [InlineData("\u0080\u0004}.", "it is a pickle, but not one that torch.save wrote")]
    [InlineData("\u0089HDF\r\n\u001a\n", "it is an HDF5 file, as Keras writes")]
    [InlineData("\u0093NUMPY\u0001", "it is an array of NumPy")]
    [InlineData("\u001f\u008b\u0008", "it is compressed with gzip; unpack it first")]
    public void A_file_of_another_kind_is_told_apart(string content, string part)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("weights.pth", System.Text.Encoding.Latin1.GetBytes(content));
        Assert.Contains(part, Assert.Throws<WeightFileException>(() => WeightFile.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_absent_file_and_a_folder_are_told_apart()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(
            "no such weight file", Assert.Throws<WeightFileException>(() => WeightFile.Load(folder.Of("none.pth"))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "is a folder", Assert.Throws<WeightFileException>(() => WeightFile.Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    /// <param name="step">Between the lengths within the file; within 80 bytes of its ends, where headers and the zip's directory lie,
    /// every length is tried.</param>
    [Theory]
    [InlineData(7)]
    [SlowInlineData(1)]
    public void A_file_cut_anywhere_is_refused(int step)
    {
        using var folder = new TemporaryFolder();
        foreach (string file in new[] { "f32-legacy.pth", "f32-zip.pth", "f32.safetensors" })
        {
            byte[] whole = File.ReadAllBytes(Fixture.Path(file));
            foreach (int length in Enumerable.Range(0, whole.Length)
                .Where(length => length % step == 0 || length < 80 || length >= whole.Length - 80))
            {
                string path = folder.Write("cut", whole[..length]);
                Assert.Throws<WeightFileException>(() => WeightFile.Load(path));
            }
        }
    }

    [Theory]
    [InlineData(40)]
    [SlowInlineData(200)]
    public void Damaged_files_give_a_result_or_the_typed_exception(int times)
    {
        using var folder = new TemporaryFolder();
        var random = new Random(20240601);
        int refused = 0;
        int runs = 0;
        foreach (string file in Fixture.Files())
        {
            byte[] whole = File.ReadAllBytes(file);
            for (int run = 0; run < times; run++, runs++)
            {
                byte[] damaged = [.. whole];
                for (int change = random.Next(1, 5); change > 0; change--)
                {
                    // The structure lies in the first bytes (headers, pickles) and, for a zip, in the last.
                    int at = random.Next(3) switch
                    {
                        0 => random.Next(damaged.Length),
                        1 => random.Next(Math.Min(700, damaged.Length)),
                        _ => damaged.Length - 1 - random.Next(Math.Min(500, damaged.Length))
                    };
                    damaged[at] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)(damaged[at] ^ (1 << random.Next(8)));
                }

                string path = folder.Write("damaged", damaged);
                try
                {
                    WeightFile.Load(path);
                }
                catch (WeightFileException)
                {
                    refused++;
                }
            }
        }

        Assert.InRange(refused, runs / 10, runs);
    }
}
