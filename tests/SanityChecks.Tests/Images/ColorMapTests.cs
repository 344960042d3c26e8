using System.Security.Cryptography;
using SanityChecks.Images;

namespace SanityChecks.Tests.Images;

public sealed class ColorMapTests
{
    // sha256 of matplotlib 3.6's cm.get_cmap(name)(numpy.arange(256), bytes=True)[:, :3].
    [Theory]
    [InlineData("jet", "c1b7b97444ebebfc30a590ce3eada7cffefb868960c6c39fd4ed1ff7a40712e9")]
    [InlineData("viridis", "96a1f6f37d4041f953def955ffb8b9ea2110a9b4e3c9b701182d48f7a9774c58")]
    [InlineData("plasma", "3c079586af5e937166b831cf38703adbeb1198aa6bb3f176495e231423a3c14c")]
    [InlineData("inferno", "8092f65256023cefa85fe1136f4f398a2a9f35e9fdf414176b33cce639c44318")]
    public void All_colors_are_those_of_matplotlib(string name, string sha256)
    {
        float[] middles = [.. Enumerable.Range(0, 256).Select(i => (i + 0.5f) / 256)];

        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(ColorMap.Find(name)!.Apply(middles, 16, 16).Pixels)));
    }

    [Theory]
    [InlineData("jet", 0f, 0, 0, 127)]
    [InlineData("jet", 0.5f, 124, 255, 121)]
    [InlineData("jet", 1f, 127, 0, 0)]
    [InlineData("viridis", 0f, 68, 1, 84)]
    [InlineData("viridis", 0.1f, 72, 35, 116)]
    [InlineData("viridis", 0.75f, 94, 201, 97)]
    [InlineData("viridis", 1f, 253, 231, 36)]
    [InlineData("plasma", 0.25f, 126, 3, 167)]
    [InlineData("inferno", 1f, 252, 254, 164)]
    [InlineData("gray", 0.5f, 128, 128, 128)]
    [InlineData("gray", 1f, 255, 255, 255)]
    [InlineData("diverging", 0f, 8, 36, 104)]
    [InlineData("diverging", 0.5f, 255, 255, 255)]
    [InlineData("diverging", 1f, 104, 6, 30)]
    [InlineData("viridis", -3f, 68, 1, 84)]
    [InlineData("viridis", 7f, 253, 231, 36)]
    [InlineData("viridis", float.NegativeInfinity, 68, 1, 84)]
    [InlineData("viridis", float.PositiveInfinity, 253, 231, 36)]
    [InlineData("viridis", float.NaN, 128, 128, 128)]
    public void Pinned_values(string name, float value, byte red, byte green, byte blue)
    {
        Assert.Equal(new Rgb(red, green, blue), ColorMap.Find(name)!.At(value));
    }

    [Fact]
    public void NaN_has_a_color_that_is_not_on_the_scale()
    {
        foreach (ColorMap map in ColorMap.All)
        {
            Assert.DoesNotContain(map.Undefined, Enumerable.Range(0, 256).Select(i => map[i]));
        }
    }

    [Fact]
    public void The_diverging_map_darkens_from_its_white_middle_to_both_ends()
    {
        double[] lightness = [.. Enumerable.Range(0, 256).Select(i => ColorMap.Diverging[i])
            .Select(c => (0.2126 * c.Red) + (0.7152 * c.Green) + (0.0722 * c.Blue))];

        Assert.Equal(lightness[..129].Order(), lightness[..129]);
        Assert.Equal(lightness[128..].OrderDescending(), lightness[128..]);
        Assert.Single(lightness, value => value > 254.9);
    }

    [Fact]
    public void Names_are_found_whatever_their_case()
    {
        Assert.Equal(["jet", "viridis", "plasma", "inferno", "gray", "diverging"], ColorMap.Names);
        Assert.All(ColorMap.Names, name => Assert.Equal(name, ColorMap.Find(name.ToUpperInvariant())?.Name));
        Assert.Same(ColorMap.Gray, ColorMap.Find("grey"));
        Assert.Null(ColorMap.Find("turbo"));
    }
}
