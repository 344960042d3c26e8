using System.Text;
using SanityChecks.Experiments.Configuration;

namespace SanityChecks.Tests.Experiments.Configuration;

/// <summary>What is refused before any key is looked at.</summary>
public class YamlTreeTests
{
    [Theory]
    [InlineData("images:\n\tcount: 3\n", "c.yaml:2: not valid YAML: the line is indented with a tab; use spaces")]
    [InlineData("images:\r\n\tcount: 3\r\n", "c.yaml:2: not valid YAML: the line is indented with a tab; use spaces")]
    [InlineData("images:\n  count: 3\n \troot: x\n", "c.yaml:3: not valid YAML: the line is indented with a tab; use spaces")]
    [InlineData("seed: 1\n images: 2\n", "c.yaml:2:8: not valid YAML: While scanning a plain scalar value, found invalid mapping (is a key indented differently from its neighbours, or does a text with ': ' lack quotes?)")]
    [InlineData("target: @x\n", "c.yaml:1:9: not valid YAML: While scanning for the next token, found character that cannot start any token (put the text in quotes)")]
    [InlineData("target: 'x\n", "c.yaml:1:9: not valid YAML: While scanning a quoted scalar, found unexpected end of stream")]
    [InlineData("methods: [grad_cam\nseed: 1\n", "c.yaml:1:10: not valid YAML: a bracket, brace or quote that begins near here is not closed")]
    [InlineData("output: { maps: png\n", "c.yaml:2:1: not valid YAML: While parsing a flow mapping, did not find expected ',' or '}'")]
    [InlineData("target: \"C:\\data\"\n", "c.yaml:1:9: not valid YAML: While scanning a quoted scalar, found unknown escape character")]
    public void Broken_yaml_names_file_line_and_column(string yaml, string line) => Assert.Equal(line, Known.Problems(yaml));

    [Theory]
    [InlineData("seed: 1\ntarget: a\nseed: 2\n", "c.yaml:3: seed: given twice, first at c.yaml:1; keep one")]
    [InlineData("images:\n  count: 1\n  count: 1\n", "c.yaml:3: images.count: given twice, first at c.yaml:2; keep one")]
    [InlineData("output: { maps: png, maps: npy }\n", "c.yaml:1: output.maps: given twice, first at c.yaml:1; keep one")]
    public void A_repeated_key_is_refused(string yaml, string line) => Assert.Equal(line, Known.Problems(yaml));

    [Theory]
    [InlineData("seed: 1\n---\nseed: 2\n", "c.yaml:2:1: a second document ('---'); a configuration is one document")]
    [InlineData("seed: !!int 1\n", "c.yaml:1:7: tag 'tag:yaml.org,2002:int'; a configuration needs no tags, remove it")]
    [InlineData("target: *tabby\n", "c.yaml:1:9: alias '*tabby' has no anchor before it; put a text that begins with '*' in quotes")]
    [InlineData("model: &m { weights: imagenet }\noutput:\n  <<: *m\n", "c.yaml:3:3: '<<' merges a section into another, which is not read; write its keys here")]
    [InlineData("images:\n\u00A0 count: 3\n", "c.yaml:2: the line is indented with U+00A0, another kind of space; use plain spaces")]
    [InlineData("images:\r\n  \u2003count: 3\r\n", "c.yaml:2: the line is indented with U+2003, another kind of space; use plain spaces")]
    [InlineData("images: &i { count: *i }\n", "c.yaml:1:21: alias '*i' has no anchor before it; put a text that begins with '*' in quotes")]
    [InlineData("? [a]\n: 1\n", "c.yaml:1:3: a list, section or alias stands where a key should be")]
    [InlineData("seed: 1\nta\0rget: x\n", "c.yaml:2: control character U+0000; a configuration is plain text")]
    [InlineData("", "c.yaml: holds no keys; the smallest configuration is a line such as 'experiment: cascading_randomization'")]
    [InlineData("# nothing\n", "c.yaml: holds no keys; the smallest configuration is a line such as 'experiment: cascading_randomization'")]
    [InlineData("---\n...\n", "c.yaml: holds no keys; the smallest configuration is a line such as 'experiment: cascading_randomization'")]
    [InlineData("seed\n", "c.yaml:1: must be keys and values such as 'seed: 1', not 'seed'")]
    [InlineData("- seed: 1\n", "c.yaml:1: must be keys and values such as 'seed: 1', not a list")]
    public void What_a_configuration_does_not_need_is_refused_with_its_place(string yaml, string line) =>
        Assert.Equal(line, Known.Problems(yaml));

    [Fact]
    public void Deep_nesting_is_refused_rather_than_followed() =>
        Assert.Equal("c.yaml:1:15: nested too deeply for a configuration", Known.Problems("seed: " + new string('[', 50_000)));

    [Theory]
    [InlineData("seed: 5\r\nimages:\r\n  count: 3\r\n")]
    [InlineData("%YAML 1.2\n---\nseed: 5\nimages: {count: 3}\n...\n")]
    [InlineData("\"seed\": 5\n'images': { \"count\": 3 }")]
    [InlineData("seed: &n 5\nimages: { count: 3 }\ntarget: predicted")]
    [InlineData("seed: 5\nimages:\n  count: &three 3\noutput:\n  maps_for_images: *three\n")]
    [InlineData("seed:\t5\t# tab between, not before\nimages:\n    count: 3")]
    public void Other_ways_of_writing_the_same_read_the_same(string yaml) =>
        Assert.Equal(Known.Parse("seed: 5\nimages: { count: 3 }"), Known.Parse(yaml));

    [Fact]
    public void Damaged_text_ends_in_a_configuration_or_in_lines_that_name_their_place()
    {
        const string Signs = "[]{}:,#&*!|>'\"%@`-? \t\n\r\\x0é\u2028\uD83D~<=.";
        var random = new Random(20);
        string whole = new ExperimentConfig().ToYaml();
        int refused = 0;
        for (int i = 0; i < 5000; i++)
        {
            var text = new StringBuilder(whole);
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                int at = random.Next(text.Length);
                _ = random.Next(3) switch
                {
                    0 => text.Remove(at, Math.Min(random.Next(1, 20), text.Length - at)),
                    1 => text.Insert(at, Signs[random.Next(Signs.Length)]),
                    _ => text.Replace(text[at], Signs[random.Next(Signs.Length)], at, 1),
                };
            }

            try
            {
                ExperimentConfig config = Known.Parse(text.ToString());
                Assert.Equal(config, Known.Parse(config.ToYaml()));
            }
            catch (ConfigException error)
            {
                refused++;
                Assert.All(error.Message.Split('\n'), line => Assert.Matches(@"^c\.yaml(:\d+)?(:\d+)?: .", line));
            }
        }

        Assert.InRange(refused, 2500, 4999);
    }
}
