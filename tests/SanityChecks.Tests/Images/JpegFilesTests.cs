using System.Text.Json;
using SanityChecks.Images;

namespace SanityChecks.Tests.Images;

public sealed class JpegFilesTests
{
    // Progressive files without their last scans, and divisors so large that the inverse transform overflows: no two decoders agree on
    // those.
    private static bool IsOdd(string name) =>
        name.StartsWith("incomplete_", StringComparison.Ordinal) || name.StartsWith("overflow_", StringComparison.Ordinal);

    public static TheoryData<string> Names => [.. JpegFixtures.Expected.Keys.Where(name => !IsOdd(name))];

    public static TheoryData<string> Incomplete =>
        [.. JpegFixtures.Expected.Keys.Where(name => name.StartsWith("incomplete_", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Names))]
    public void Pixels_of_every_kind_of_file_equal_those_of_Pillow(string name)
    {
        JpegFixtures.Expectation expected = JpegFixtures.Expected[name];

        RgbImage image = ImageFile.Load(JpegFixtures.PathOf(name));

        Assert.Equal((expected.Width, expected.Height), (image.Width, image.Height));
        Assert.Equal(expected.Sha256, JpegFixtures.Hash(image));
    }

    [Theory]
    [MemberData(nameof(Incomplete))]
    public void A_progressive_file_without_its_last_scans_is_refused(string name) => Assert.Contains(
        "stop before full precision", Assert.Throws<ImageFormatException>(() => ImageFile.Load(JpegFixtures.PathOf(name))).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("overflow_3000")]
    [InlineData("overflow_65535")]
    public void Coefficients_that_overflow_give_some_image(string name)
    {
        RgbImage image = ImageFile.Load(JpegFixtures.PathOf(name));

        Assert.Equal((JpegFixtures.Expected[name].Width, JpegFixtures.Expected[name].Height), (image.Width, image.Height));
    }

    [Fact]
    public void Every_fixture_file_has_its_expectation()
    {
        string folder = Path.GetDirectoryName(JpegFixtures.PathOf("gray"))!;

        Assert.Equal(
            JpegFixtures.Expected.Keys.Order(StringComparer.Ordinal),
            Directory.GetFiles(folder, "*.jpg").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Pixels_of_photographs_equal_those_of_Pillow()
    {
        using JsonDocument reference = JsonDocument.Parse(File.ReadAllText(SharedFolder.PathOrSkip("reference/squeezenet1_1.json")));
        string root = SharedFolder.PathOrSkip("data/imagenet-val");
        List<string> wrong = [];
        int count = 0;
        foreach (JsonProperty entry in reference.RootElement.GetProperty("images").EnumerateObject())
        {
            string path = Path.Combine(root, entry.Value.GetProperty("synset").GetString()!, entry.Name);
            if (JpegFixtures.Hash(ImageFile.Load(path)) != entry.Value.GetProperty("rgb_sha256").GetString())
            {
                wrong.Add(entry.Name);
            }

            count++;
        }

        Assert.Empty(wrong);
        Assert.Equal(100, count);
    }

    [Fact]
    public void A_block_of_one_coefficient_is_flat()
    {
        // A DC coefficient of 5 (bits 101) times 16, by 8, about 128.
        RgbImage image = ImageFile.Load(JpegFixtures.OneBlock(0b0_101_0_111));

        Assert.Equal((8, 8), (image.Width, image.Height));
        Assert.All(image.Pixels, sample => Assert.Equal(138, sample));
    }
}
