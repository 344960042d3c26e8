using System.Text.Json;
using SanityChecks.Compute;
using SanityChecks.Saliency.Faithfulness;
using SanityChecks.Saliency.Similarity;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.Faithfulness;

/// <summary>The measures against their sources' programs on narrow networks and given maps (make_faithfulness.py).</summary>
public sealed class FaithfulnessReferenceTests
{
    private const int Size = 64, MapSeed = 22;

    private static readonly JsonElement Reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(
        SharedFolder.RepositoryRoot, "tests", "SanityChecks.Tests", "Faithfulness", "faithfulness.json"))).RootElement;

    [Theory]
    [InlineData("cpu")]
    [SlowInlineData("reference")]
    public void Deletion_and_insertion_are_those_of_RISE_s_authors(string engine)
    {
        JsonElement expected = Reference.GetProperty("rise");
        string steps = $"steps={Size * Size / expected.GetProperty("step").GetInt32()}";
        foreach (FaithfulnessMeasure measure in new FaithfulnessMeasure[] { Deletion.Instance, Insertion.Instance })
        {
            Near(expected.GetProperty(measure.Name), Vgg(Sketches.With(measure, steps), engine), 1e-6);
        }
    }

    [Fact]
    public void ROAD_without_noise_is_that_of_pytorch_grad_cam()
    {
        JsonElement expected = Reference.GetProperty("road");
        string percentiles = string.Join(' ', Numbers(expected.GetProperty("percentiles")));
        Near(
            expected.GetProperty("scores"), Vgg(Sketches.With(Road.Instance, $"percentiles={percentiles}", "noise=0"), "cpu"), 1e-6);
    }

    [Fact]
    public void Pixel_flipping_of_gray_images_is_that_of_Quantus()
    {
        JsonElement expected = Reference.GetProperty("pixel_flipping");
        int[] targets = [.. Numbers(expected.GetProperty("targets")).Select(target => (int)target)];
        string steps = $"steps={28 * 28 / expected.GetProperty("step").GetInt32()}";
        using HostTensor images = SmallNetworks.Images(12, 2, 28, 28, channels: 1);
        foreach (string output in new[] { "probability", "logit" })
        {
            Near(
                expected.GetProperty(output), Sketches.Scores(
                    SmallNetworks.Narrow("lenet"), images, SmallNetworks.Values(MapSeed, 2 * 28 * 28, 1),
                    Sketches.With(PixelFlipping.Instance, steps, $"output={output}", "baseline=black"), targets: targets), 2e-6);
        }
    }

    /// <summary>Images of one row and one column, a large hole, one channel and three.</summary>
    [Fact]
    public void Removed_pixels_solve_the_equations_of_ROAD_s_authors_as_SciPy_does()
    {
        foreach (JsonElement one in Reference.GetProperty("imputed").EnumerateArray())
        {
            int[] shape = [.. Numbers(one.GetProperty("shape")).Select(length => (int)length)];
            (int channels, int height, int width) = (shape[0], shape[1], shape[2]);
            float[] image = SmallNetworks.Values(5, (long)channels * height * width, 2), ranks = one.GetProperty("hole").GetBoolean()
                ? [.. Enumerable.Range(0, height * width)
                    .Select(i => -(float)Math.Sqrt(Square((i / width) - 100) + Square((i % width) - 120)))]
                : SmallNetworks.Values(6, height * width, 1);
            int count = (int)Math.Round(one.GetProperty("part").GetDouble() * ranks.Length);
            int[] removed = [.. Enumerable.Range(0, ranks.Length).OrderByDescending(i => ranks[i]).Take(count)];
            NeighborImputation.Fill(image, height, width, removed);
            double[] found =
            [
                .. removed.Order().Where((_, i) => i % one.GetProperty("stride").GetInt32() == 0).SelectMany(
                    place => Enumerable.Range(0, channels).Select(channel => (double)image[(channel * height * width) + place])),
            ];
            double[] expected = Numbers(one.GetProperty("values"));
            Assert.Equal(expected.Length, found.Length);
            Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 2e-7));
        }

        static double Square(double value) => value * value;
    }

    private static SimilarityScore[] Vgg(ConfiguredFaithfulness measure, string engine)
    {
        using HostTensor images = SmallNetworks.Images(11, 2, Size, Size);
        return Sketches.Scores(
            SmallNetworks.Narrow("vgg16"), images, SmallNetworks.Values(MapSeed, 2 * Size * Size, 1), measure,
            targets: [.. Numbers(Reference.GetProperty("rise").GetProperty("targets")).Select(target => (int)target)], engine: engine);
    }

    private static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(number => number.GetDouble())];

    private static void Near(JsonElement expected, SimilarityScore[] found, double tolerance)
    {
        Assert.Equal(expected.GetArrayLength(), found.Length);
        Assert.All(Numbers(expected).Zip(found), pair => Assert.Equal(pair.First, pair.Second.Value!.Value, tolerance));
    }
}
