using System.Text.Json;
using SanityChecks.Compute;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Similarity;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.Cli;

public sealed class ScoreCommandTests : IDisposable
{
    private static readonly Shape Size = new(64, 80);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private string Map(string name, Shape shape, Func<RandomStream, int, double> value)
    {
        var stream = new RandomStream(2, 0, name);
        NpyFile.Write(folder.Of(name), shape, [.. Enumerable.Range(0, (int)shape.Count).Select(i => (float)value(stream, i))]);
        return folder.Of(name);
    }

    private string Noise(string name) => Map(name, Size, (stream, i) => stream.Uniform(i) - 0.5);

    private string Constant(string name) => Map(name, Size, (_, _) => 0.25);

    [Fact]
    public void Each_similarity_has_a_line_with_six_decimals()
    {
        string a = Noise("a.npy"), b = Map("b.npy", Size, (stream, i) => stream.Uniform(i) + (i / 2000.0));
        MapFeatures first = new(Read(a)), second = new(Read(b));
        (int code, string output, string error) = ProgramProcess.Run("score", a, b);
        Assert.Equal((0, ""), (code, error));
        string[] expected =
            [.. Metrics.All.Select(metric => FormattableString.Invariant($"{metric.Name} {metric.Score(first, second).Value:0.000000}")),
                ""];
        Assert.Equal(expected, output.Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));

        using JsonDocument json = JsonDocument.Parse(ProgramProcess.Run("score", a, b, "--json").Output);
        Assert.Equal(Metrics.All.Select(metric => metric.Name), json.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal(
            Metrics.All.Select(metric => metric.Score(first, second).Value),
            json.RootElement.EnumerateObject().Select(property => (double?)property.Value.GetDouble()));

        static SaliencyMap Read(string path)
        {
            (Shape shape, float[] values) = NpyFile.Read(path);
            return new SaliencyMap(shape, values);
        }
    }

    [Fact]
    public void A_map_is_the_same_as_itself_and_channels_are_summed()
    {
        string a = Noise("a.npy"), channels = Map("channels.npy", new Shape(3, Size[0], Size[1]), (_, i) => 0);
        (_, float[] values) = NpyFile.Read(a);
        float[] split = new float[3 * values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            (split[i], split[i + values.Length], split[i + (2 * values.Length)]) = (1, values[i], -1);
        }

        NpyFile.Write(channels, new Shape(3, Size[0], Size[1]), split);
        Assert.Equal(
            "spearman       1.000000\nspearman_abs   1.000000\nssim           1.000000\nhog            1.000000\n"
            + "pearson        1.000000\ntop_k          1.000000\nentropy_rise   0.000000\n",
            ProgramCall.Run("score", a, a).Output);
        Assert.StartsWith("spearman       1.000000\n", ProgramCall.Run("score", a, channels).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_constant_map_has_no_similarity_and_the_reason_is_said()
    {
        string a = Noise("a.npy"), constant = Constant("constant.npy");
        (int code, string output, _) = ProgramCall.Run("score", a, constant);
        Assert.Equal(0, code);
        Assert.Contains("spearman      undefined  constant_randomized\n", output, StringComparison.Ordinal);
        Assert.Contains("ssim          undefined  constant_randomized\n", output, StringComparison.Ordinal);
        Assert.Contains("hog           undefined  constant_randomized\n", output, StringComparison.Ordinal);
        (code, output, string error) = ProgramCall.Run("score", constant, a, "--json");
        Assert.Equal((0, string.Concat(Metrics.All.Select(metric => $"{metric.Name} is undefined: constant_original\n"))), (code, error));
        using JsonDocument json = JsonDocument.Parse(output);
        Assert.Equal(
            Metrics.All.Select(metric => $"{metric.Name} Null"),
            json.RootElement.EnumerateObject().Select(property => $"{property.Name} {property.Value.ValueKind}"));
    }

    [Fact]
    public void Maps_that_do_not_fit_or_are_no_maps_are_refused()
    {
        string a = Noise("a.npy");
        string other = Map("other.npy", new Shape(80, 64), (_, i) => i);
        string row = Map("row.npy", new Shape(64), (_, i) => i);
        Assert.Equal($"The maps differ in shape: {a} is [64, 80], {other} is [80, 64].", ProgramProcess.Refused("score", a, other));
        Assert.Equal($"{row} has the shape [64]; a map is [H, W], [C, H, W] or [H, W, C].", ProgramProcess.Refused("score", a, row));
        Assert.StartsWith(
            $"{folder.Of("gone.npy")}: cannot be read (", ProgramProcess.Refused("score", a, folder.Of("gone.npy")),
            StringComparison.Ordinal);
        Assert.StartsWith(
            $"{folder.Write("text.npy", "not a map, just text")}: is not a .npy file",
            ProgramProcess.Refused("score", folder.Of("text.npy"), a), StringComparison.Ordinal);
    }

    [Fact]
    public void Channels_may_come_last_and_the_terminal_says_how_they_were_read()
    {
        string first = Map("first.npy", new Shape(3, 64, 80), (stream, i) => stream.Uniform(i) + (i % 80)), other = Noise("a.npy");
        (_, float[] values) = NpyFile.Read(first);
        string last = Map("last.npy", new Shape(64, 80, 3), (_, i) => values[(i % 3 * Size.Count) + (i / 3)]);
        (int code, string output, string error) = ProgramCall.Run("score", first, other);
        Assert.Equal((0, $"{first}: [3, 64, 80] is read as [C, H, W], channels summed; --layout hwc reads it otherwise\n"), (code, error));
        Assert.Equal(
            (0, output, $"{last}: [64, 80, 3] is read as [H, W, C], channels summed; --layout chw reads it otherwise\n"),
            ProgramCall.Run("score", last, other));
        Assert.Equal((0, output, ""), ProgramCall.Run("score", last, other, "--layout", "hwc"));
        Assert.Equal(
            $"The maps differ in shape: {last} is [80, 3] (of [64, 80, 3], read as [C, H, W]), {other} is [64, 80].",
            ProgramProcess.Refused("score", last, other, "--layout", "chw"));
        Assert.Equal(
            "--layout: 'whc' is not known; there are auto, chw, hwc.", ProgramProcess.Refused("score", last, other, "--layout", "whc"));
    }

    [Theory]
    [InlineData(MapLayout.ChannelsFirst, 3, 64, 80)]
    [InlineData(MapLayout.ChannelsFirst, 1, 64, 64)]
    [InlineData(MapLayout.ChannelsFirst, 4, 5, 64)]
    [InlineData(MapLayout.ChannelsFirst, 3, 5, 4)]
    [InlineData(MapLayout.ChannelsLast, 64, 80, 3)]
    [InlineData(MapLayout.ChannelsLast, 64, 80, 1)]
    [InlineData(MapLayout.ChannelsLast, 64, 80, 4)]
    [InlineData(null, 3, 64, 3)]
    [InlineData(null, 1, 64, 1)]
    [InlineData(null, 1, 1, 64)]
    [InlineData(null, 64, 80, 512)]
    public void The_axis_of_few_channels_beside_longer_ones_is_theirs_and_where_none_or_two_are_the_user_is_asked(
        MapLayout? layout, int a, int b, int c)
    {
        Assert.Equal(layout, MapLayouts.Of(new Shape(a, b, c)));
        if (layout is null)
        {
            string map = Map("map.npy", new Shape(a, b, c), (stream, i) => stream.Uniform(i));
            Assert.Equal(
                $"{map} has the shape [{a}, {b}, {c}], which does not tell whether the first or the last axis holds the channels: give --layout chw or --layout hwc.",
                ProgramProcess.Refused("score", map, map));
            Assert.Equal(0, ProgramCall.Run("score", map, map, "--layout", "hwc").Code);
        }
    }

    /// <summary>The numbers are SciPy's and scikit-image's of the same files, which score_reference.py beside this file made.</summary>
    [Theory]
    [InlineData("confidence")]
    [InlineData("half")]
    [InlineData("fortran")]
    [InlineData("bytes")]
    [InlineData("big_endian")]
    [InlineData("bool")]
    [InlineData("channels_last")]
    [InlineData("fortran_channels_last")]
    [InlineData("tiny")]
    [InlineData("large")]
    [InlineData("integers")]
    public void Files_of_every_kind_score_as_in_scipy_and_scikit_image(string kind)
    {
        using JsonDocument reference = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(SharedFolder.RepositoryRoot, "tests", "SanityChecks.Tests", "Cli", "score_reference.json")));
        JsonElement row = reference.RootElement.GetProperty(kind);
        string[] files =
            [.. row.GetProperty("npy").EnumerateArray()
                .Select((bytes, i) => folder.Write($"{kind}{i}.npy", Unzipped(bytes.GetBytesFromBase64())))];
        using JsonDocument scores = JsonDocument.Parse(ProgramCall.Run("score", files[0], files[1], "--json").Output);
        foreach (string name in (ReadOnlySpan<string>)["spearman", "spearman_abs", "ssim", "hog"])
        {
            Assert.Equal(row.GetProperty(name).GetDouble(), scores.RootElement.GetProperty(name).GetDouble(), 1e-7);
        }

        static byte[] Unzipped(byte[] bytes)
        {
            using var from = new System.IO.Compression.ZLibStream(
                new MemoryStream(bytes), System.IO.Compression.CompressionMode.Decompress);
            using var to = new MemoryStream();
            from.CopyTo(to);
            return to.ToArray();
        }
    }
}
