using System.Text.Json;
using SanityChecks.Compute;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Randomization;
using SanityChecks.Saliency.Similarity;
using SanityChecks.Tests.Models;

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
        string[] expected = [.. Metrics.All.Select(metric => FormattableString.Invariant($"{metric.Name} {metric.Score(first, second).Value:0.000000}")), ""];
        Assert.Equal(expected, output.Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));

        using JsonDocument json = JsonDocument.Parse(ProgramProcess.Run("score", a, b, "--json").Output);
        Assert.Equal(["spearman", "spearman_abs", "ssim", "hog"], json.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal(Metrics.All.Select(metric => metric.Score(first, second).Value), json.RootElement.EnumerateObject().Select(property => (double?)property.Value.GetDouble()));

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
        Assert.Equal("spearman       1.000000\nspearman_abs   1.000000\nssim           1.000000\nhog            1.000000\n", ProgramCall.Run("score", a, a).Output);
        Assert.StartsWith("spearman       1.000000\n", ProgramCall.Run("score", a, channels).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_constant_map_has_no_correlations()
    {
        string a = Noise("a.npy"), constant = Constant("constant.npy");
        (int code, string output, _) = ProgramCall.Run("score", a, constant);
        Assert.Equal(0, code);
        Assert.Contains("spearman      undefined  constant_randomized\n", output, StringComparison.Ordinal);
        Assert.Contains("hog           undefined  constant_randomized\n", output, StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(ProgramCall.Run("score", constant, a, "--json").Output);
        Assert.Equal(
            ["spearman Null", "spearman_abs Null", "ssim Number", "hog Null"],
            json.RootElement.EnumerateObject().Select(property => $"{property.Name} {property.Value.ValueKind}"));
    }

    [Fact]
    public void Maps_that_do_not_fit_or_are_no_maps_are_refused()
    {
        string a = Noise("a.npy"), other = Map("other.npy", new Shape(80, 64), (_, i) => i), row = Map("row.npy", new Shape(64), (_, i) => i);
        Assert.Equal($"The maps differ in shape: {a} is [64, 80], {other} is [80, 64].", ProgramProcess.Refused("score", a, other));
        Assert.Equal($"{row} has the shape [64]; a map is [H, W] or [C, H, W].", ProgramProcess.Refused("score", a, row));
        Assert.StartsWith($"{folder.Of("gone.npy")}: cannot be read (", ProgramProcess.Refused("score", a, folder.Of("gone.npy")), StringComparison.Ordinal);
        Assert.StartsWith($"{folder.Write("text.npy", "not a map, just text")}: is not a .npy file", ProgramProcess.Refused("score", folder.Of("text.npy"), a), StringComparison.Ordinal);
    }
}
