using SanityChecks.Experiments.Configuration;
using SanityChecks.Images;
using SanityChecks.Networks;
using SanityChecks.RunFiles;

namespace SanityChecks.Tests.Experiments.Configuration;

/// <summary>The section <c>preprocessing</c>: what it may hold, and what it becomes with the network at hand.</summary>
public class PreprocessingConfigTests
{
    private static readonly ImageSize Usual = new(3, 224, 224);

    private static PreprocessingConfig Read(string yaml) => Known.Parse($"preprocessing: {yaml}").Preprocessing;

    private static string Refused(string yaml, ImageSize made) => Assert.Throws<InputException>(() => Read(yaml).For(made)).Message;

    public static TheoryData<string> Presets => [.. Preprocessing.All.Select(preset => preset.Name)];

    [Theory]
    [MemberData(nameof(Presets))]
    public void A_preset_at_224_is_what_it_is_by_its_name(string name)
    {
        Preprocessing preset = Preprocessing.Find(name), resolved = PreprocessingConfig.Of(name).For(Usual).Resolved();
        var image = new RgbImage(300, 260, [.. Enumerable.Range(0, 300 * 260 * 3).Select(i => (byte)(i * 7 % 251))]);
        RgbImage fitted = preset.Fit(image);
        Assert.Equal(fitted.Pixels, resolved.Fit(image).Pixels);
        float[] expected = new float[fitted.Pixels.Length], values = new float[expected.Length];
        preset.Normalization.Apply(fitted, expected);
        resolved.Normalization.Apply(fitted, values);
        Assert.Equal(expected, values);
    }

    [Theory]
    [InlineData("imagenet", 224, 224, "crop, [224, 224], 256, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225], 0..1, rgb")]
    [InlineData("imagenet", 299, 299, "crop, [299, 299], 342, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225], 0..1, rgb")]
    [InlineData("squash", 32, 48, "squash, [32, 48], auto, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225], 0..1, rgb")]
    [InlineData("{name: squash, fit: as_is}", 32, 32, "as_is, auto, auto, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225], 0..1, rgb")]
    [InlineData("{size: 64}", 224, 224, "crop, [64, 64], 73, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225], 0..1, rgb")]
    [InlineData("{resize: 224}", 224, 224, "crop, [224, 224], 224, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225], 0..1, rgb")]
    [InlineData("{fit: squash, size: [10, 20], mean: 0.5, deviation: [.25, 0.5, 1], range: image, channels: bgr}", 224, 224,
        "squash, [10, 20], auto, [0.5], [0.25, 0.5, 1], image, bgr")]
    [InlineData("{mean: [103, 116, 123], deviation: 1, range: 0..255}", 224, 224, "crop, [224, 224], 256, [103, 116, 123], [1], 0..255, rgb")]
    public void Everything_is_spelled_out_with_the_network_at_hand(string yaml, int height, int width, string spelled)
    {
        ExperimentConfig config = Known.Parse($"preprocessing: {yaml}");
        config = config with { Preprocessing = config.Preprocessing.For(new ImageSize(3, height, width)) };
        Assert.Equal(
            spelled,
            string.Join(
                ", ", config.ToPairs().Where(pair => pair.Key.StartsWith("preprocessing.", StringComparison.Ordinal))
                    .Select(pair => pair.Value)));
        Assert.Equal(config, Known.Parse(config.ToYaml()));
    }

    [Fact]
    public void A_network_of_one_channel_gets_gray_with_one_mean()
    {
        var digits = new ImageSize(1, 28, 28);
        PreprocessingConfig config = Read("{fit: squash, mean: 0.1307, deviation: 0.3081}").For(digits);
        Assert.Equal(ChannelOrder.Gray, config.Channels);
        Assert.Equal(1, config.Resolved().Normalization.ChannelCount);
        Assert.Equal(
            "mean: [0.485, 0.456, 0.406] is of three channels, but the network's images have one: give mean and deviation of one value, such as {mean: 0.1307, deviation: 0.3081}",
            Refused("imagenet", digits));
        Assert.StartsWith("deviation: [0.229, ", Refused("{mean: 0.5}", digits), StringComparison.Ordinal);
        Assert.Equal("channels: bgr is 3 channels, but the network's images have 1", Refused("{channels: bgr}", digits));
        Assert.Equal("channels: gray is one channel, but the network's images have 3", Refused("{channels: gray}", Usual));
    }

    [Fact]
    public void A_resize_is_held_against_the_networks_size() => Assert.Equal(
        "resize: 200 is less than a side of the size [224, 224] that is cut out", Refused("{resize: 200}", Usual));

    [Fact]
    public void An_override_of_one_key_keeps_the_others_and_the_name()
    {
        Assert.Equal(Read("{name: squash, size: 64}"), Known.Parse("preprocessing: squash", "preprocessing.size=64").Preprocessing);
        Assert.Equal(Read("imagenet"), Known.Parse("preprocessing: {fit: squash, size: 64}", "preprocessing=imagenet").Preprocessing);
    }

    [Theory]
    [InlineData("seed: 1\npreprocessing:\n  fitt: crop\n", "c.yaml:3: preprocessing.fitt: unknown key, nearest is 'preprocessing.fit'; allowed in preprocessing: name, fit, size, resize, range, channels, mean, deviation")]
    [InlineData("preprocessing: { name: sqash }", "c.yaml:1: preprocessing: 'sqash' is not known, nearest is 'squash'; allowed: imagenet, squash")]
    [InlineData("preprocessing: { fit: asis }", "c.yaml:1: preprocessing.fit: 'asis' is not known, nearest is 'as_is'; allowed: crop, squash, as_is")]
    [InlineData("preprocessing:\n  size: [32, 0]", "c.yaml:2: preprocessing.size: must be auto, pixels a side or [height, width], each an integer from 1 to 10000, not [32, 0]")]
    [InlineData("preprocessing: { size: [3, 4, 5] }", "c.yaml:1: preprocessing.size: must be auto, pixels a side or [height, width], each an integer from 1 to 10000, not [3, 4, 5]")]
    [InlineData("preprocessing: { size: 22.5 }", "c.yaml:1: preprocessing.size: must be auto, pixels a side or [height, width], each an integer from 1 to 10000, not '22.5'")]
    [InlineData("preprocessing: { size: '32' }", "c.yaml:1: preprocessing.size: must be auto, pixels a side or [height, width], each an integer from 1 to 10000, not the quoted text '32'")]
    [InlineData("preprocessing: { resize: big }", "c.yaml:1: preprocessing.resize: must be auto or an integer from 1 to 10000, not 'big'")]
    [InlineData("preprocessing: { resize: 200, size: [32, 224] }", "c.yaml:1: preprocessing.resize: must be at least a side of the size [32, 224] that is cut out, not 200")]
    [InlineData("preprocessing: { fit: squash, resize: 256 }", "c.yaml:1: preprocessing.resize: belongs to fit: crop; remove it, or choose that")]
    [InlineData("preprocessing: { fit: as_is, size: 32 }", "c.yaml:1: preprocessing.size: has no effect with fit: as_is; remove it, or take crop or squash")]
    [InlineData("preprocessing: { mean: [1, 2] }", "c.yaml:1: preprocessing.mean: must be one number, or three of red, green and blue, not [1, 2]")]
    [InlineData("preprocessing: { mean: [1, 2, red] }", "c.yaml:1: preprocessing.mean: must be one number, or three of red, green and blue, not [1, 2, red]")]
    [InlineData("preprocessing: { mean: {} }", "c.yaml:1: preprocessing.mean: must be one number, or three of red, green and blue, not a section")]
    [InlineData("preprocessing: { deviation: [1, 0, 1] }", "c.yaml:1: preprocessing.deviation: must be one number above 0, or three of red, green and blue, not [1, 0, 1]")]
    [InlineData("preprocessing: { range: 0..2 }", "c.yaml:1: preprocessing.range: '0..2' is not known, nearest is '0..1'; allowed: 0..1, 0..255, image")]
    [InlineData("preprocessing: { channels: rbg }", "c.yaml:1: preprocessing.channels: 'rbg' is not known, nearest is 'rgb'; allowed: auto, rgb, bgr, gray")]
    [InlineData("preprocessing: [imagenet]", "c.yaml:1: preprocessing: must be a section of keys, not a list")]
    public void What_is_wrong_is_one_line_with_its_place(string yaml, string line) => Assert.Equal(line, Known.Problems(yaml));
}
