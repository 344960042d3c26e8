using System.Text;
using SanityChecks.Experiments.Configuration;

namespace SanityChecks.Tests.Experiments.Configuration;

public sealed class ConfigFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("sanitychecks-config-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_file_is_read_and_named_as_the_user_wrote_it()
    {
        string path = Write("ok.yaml", "\uFEFFimages: { count: 4 }\n");
        Assert.Equal(4, ExperimentConfig.Load(path, [], Known.Names).Images.Count);
        Assert.Equal(5, ExperimentConfig.Load(path, ["images.count=5"], Known.Names).Images.Count);
        path = Write("bad.yaml", "# a comment\nseed: x\n");
        Assert.Equal($"{path}:2: seed: must be an integer from 0 to 18446744073709551615, not 'x'", Problem(path));
    }

    [Fact]
    public void A_missing_file_is_named_with_the_nearest_one_beside_it()
    {
        string path = Write("cascade.yaml", "seed: 1\n");
        string typed = path.Replace("cascade", "cascad", StringComparison.Ordinal);
        Assert.Equal($"{typed}: no such file, nearest is {path}", Problem(typed));
        Assert.Equal($"{Path.Combine(folder, "x.yaml")}: no such file", Problem(Path.Combine(folder, "x.yaml")));
        Assert.StartsWith(
            $"{Path.Combine(folder, "no", "x.yaml")}: no such file; there is no folder", Problem(Path.Combine(folder, "no", "x.yaml")));
    }

    [Fact]
    public void What_is_no_text_file_is_refused()
    {
        Assert.Equal($"{folder}: is a folder, not a configuration file", Problem(folder));
        string binary = Path.Combine(folder, "image.jpg");
        File.WriteAllBytes(binary, [0xFF, 0xD8, 0xFF, 0xE0]);
        Assert.Equal($"{binary}: not UTF-8 text, so not a configuration file", Problem(binary));
        string large = Write("large.yaml", new string(' ', (1 << 20) + 1));
        Assert.Equal($"{large}: larger than 1 MiB, so not a configuration file", Problem(large));
        string empty = Write("empty.yaml", "");
        Assert.StartsWith($"{empty}: holds no keys", Problem(empty));
        Assert.Contains("cannot be read", Problem(""));
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    public void Text_in_UTF_16_is_refused_with_the_cure(bool bigEndian, bool mark)
    {
        string path = Path.Combine(folder, "wide.yaml");
        File.WriteAllText(path, "seed: 1\n", new UnicodeEncoding(bigEndian, mark));
        Assert.Equal($"{path}: is UTF-16 text; save it as UTF-8", Problem(path));
    }

    [Fact]
    public void Windows_line_ends_a_mark_and_an_extension_in_capitals_are_read()
    {
        string path = Write("RUN.YAML", "\uFEFF# a comment\r\nimages:\r\n  count: 4\r\nseed: x\r\n");
        Assert.Equal($"{path}:4: seed: must be an integer from 0 to 18446744073709551615, not 'x'", Problem(path));
        Assert.Equal($"{Path.Combine(folder, "RUM.YAML")}: no such file, nearest is {path}", Problem(Path.Combine(folder, "RUM.YAML")));
        Assert.Equal(4, ExperimentConfig.Load(path, ["seed=1"], Known.Names).Images.Count);
    }

    private static string Problem(string path) =>
        Assert.Throws<ConfigException>(() => ExperimentConfig.Load(path, [], Known.Names)).Message;

    private string Write(string name, string text)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return path;
    }
}
