using SanityChecks.Experiments.Configuration;
using SanityChecks.Images.Sources;

namespace SanityChecks.Tests.Experiments.Configuration;

/// <summary>Text from users survives being written into the resolved configuration and read back.</summary>
public class YamlTextTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("two words")]
    [InlineData(" space around ")]
    [InlineData("./a/../b.pth")]
    [InlineData(".")]
    [InlineData("...")]
    [InlineData("---")]
    [InlineData("- x")]
    [InlineData("a: b")]
    [InlineData("a #b")]
    [InlineData("#b")]
    [InlineData("a, b]")]
    [InlineData("{x}")]
    [InlineData("C:\\data\\net.pth")]
    [InlineData("it's \"quoted\"")]
    [InlineData("null")]
    [InlineData("~")]
    [InlineData("~/data")]
    [InlineData("Yes")]
    [InlineData("*a")]
    [InlineData("&a")]
    [InlineData("!a")]
    [InlineData("%a")]
    [InlineData("@a")]
    [InlineData("|")]
    [InlineData("? x")]
    [InlineData("données/été")]
    [InlineData("写真/猫")]
    [InlineData("😀")]
    [InlineData("a\u2028b\u00A0c\uFEFF")]
    [InlineData("a\nb\tc\u0007")]
    public void A_text_reads_back_as_it_was(string text)
    {
        var config = new ExperimentConfig
        {
            Target = text,
            Images = new ImagesConfig { Source = ImageSource.List, Root = text, Paths = [text, text + "2"] },
            Randomization = new RandomizationConfig { Layers = [text] },
        };
        string yaml = config.ToYaml();
        Assert.Equal(config, Known.Parse(yaml));
        Assert.Equal(text, Known.Parse(yaml).Target);
        Assert.Equal([text, text + "2"], Known.Parse(yaml).Images.Paths);
    }

    [Fact]
    public void A_long_list_is_broken_into_lines_and_reads_back()
    {
        NameList paths = [.. Enumerable.Range(0, 500).Select(i => $"folder/ILSVRC2012_val_{i:D8}.JPEG")];
        var config = new ExperimentConfig { Images = new ImagesConfig { Source = ImageSource.List, Paths = paths } };
        string yaml = config.ToYaml();
        Assert.Equal(paths, Known.Parse(yaml).Images.Paths);
        Assert.All(yaml.Split('\n'), line => Assert.True(line.Length <= 140, line));
    }
}
