using System.Text.Json;
using SanityChecks.Compute;
using SanityChecks.Images;
using SanityChecks.Images.GrabCut;
using SanityChecks.Images.Shapes;

namespace SanityChecks.Tests.Images.GrabCut;

/// <summary>The cut against every other one, and the object against OpenCV's on drawn scenes (make_grabcut.py).</summary>
public sealed class GrabCutTests
{
    private const int Side = 96;

    /// <summary>Of a grid of 12 pixels all 4096 ways to part it are tried.</summary>
    [Theory]
    [InlineData(4, 3)]
    [InlineData(3, 4)]
    [InlineData(12, 1)]
    [InlineData(1, 12)]
    public void No_way_to_part_a_grid_costs_less_than_the_cut(int width, int height)
    {
        for (int grid = 0; grid < 40; grid++)
        {
            var random = new RandomStream(3, grid, $"{width}x{height}");
            var cut = new GridCut(width, height);
            var edges = new List<(int A, int B, double Cost)>();
            double[] source = new double[width * height], sink = new double[width * height];
            for (int pixel = 0; pixel < source.Length; pixel++)
            {
                // Whole numbers on every other grid, for paths that fill several edges at once; some pixels without a terminal.
                (source[pixel], sink[pixel]) = (Cost(random, grid, (10 * pixel) + 4, 3), Cost(random, grid, (10 * pixel) + 5, 3));
                cut.SetTerminals(pixel, source[pixel], sink[pixel]);
                (int X, int Y)[] steps = [(1, 0), (-1, 1), (0, 1), (1, 1)];
                for (int i = 0; i < steps.Length; i++)
                {
                    int x = (pixel % width) + steps[i].X, y = (pixel / width) + steps[i].Y;
                    if (x >= 0 && x < width && y < height)
                    {
                        double cost = Cost(random, grid, (10 * pixel) + i, 2);
                        edges.Add((pixel, (y * width) + x, cost));
                        cut.SetEdge(pixel, steps[i].X, steps[i].Y, cost);
                    }
                }
            }

            bool[] found = cut.Solve();
            double least = Enumerable.Range(0, 1 << source.Length).Min(
                way => Of([.. Enumerable.Range(0, source.Length).Select(pixel => ((way >> pixel) & 1) == 1)]));
            Assert.Equal(least, Of(found), 1e-12);

            double Of(bool[] inside) => edges.Where(edge => inside[edge.A] != inside[edge.B]).Sum(edge => edge.Cost)
                + inside.Select((one, pixel) => one ? sink[pixel] : source[pixel]).Sum();
        }
    }

    private static double Cost(RandomStream random, int grid, long element, double most) =>
        grid % 2 == 0 ? Math.Floor((most + 1) * random.Uniform(element)) : most * random.Uniform(element);

    public static TheoryData<int> Scenes => [.. Reference().Select(scene => scene.GetProperty("index").GetInt32())];

    [Theory, MemberData(nameof(Scenes))]
    public void The_object_is_OpenCV_s(int index)
    {
        JsonElement scene = Reference().Single(one => one.GetProperty("index").GetInt32() == index);
        ShapeScene drawn = ShapeScenes.Draw(1, ShapeScenes.StudySplit, index, Side);
        bool[] expected = [.. scene.GetProperty("rows").EnumerateArray().SelectMany(row => Convert.FromHexString(row.GetString()!))
            .SelectMany(bits => Enumerable.Range(0, 8).Select(bit => ((bits >> (7 - bit)) & 1) == 1))];
        bool[] found = SanityChecks.Images.GrabCut.GrabCut.Segment(
            drawn.Image, Seeds(drawn.Objects[0].Box), new RandomStream(1, 0, "scene"));
        // Mixtures that begin elsewhere end elsewhere; OpenCV's own masks of two random seeds differ as much.
        Assert.InRange(Overlap(expected, found), 0.94, 1);

        // OpenCV's own nearness to what was drawn says that the scene is no easy one, and no hopeless one.
        Assert.Equal(scene.GetProperty("truth_iou").GetDouble(), Overlap(expected, drawn.Objects[0].Mask), 1e-12);
    }

    /// <summary>The middle third of the box is the object for certain, what lies beside the box for certain is not.</summary>
    internal static PixelSeed[] Seeds(PixelBox box) => [.. Enumerable.Range(0, Side * Side).Select(i =>
    {
        (int y, int x) = Math.DivRem(i, Side);
        bool inBox = x >= box.Left && x < box.Right && y >= box.Top && y < box.Bottom;
        bool inMiddle = 3 * (x - box.Left) >= box.Width && 3 * (x - box.Left) < 2 * box.Width
            && 3 * (y - box.Top) >= box.Height && 3 * (y - box.Top) < 2 * box.Height;
        return inMiddle ? PixelSeed.Foreground : inBox ? PixelSeed.ProbableForeground : PixelSeed.Background;
    })];

    [Fact]
    public void Known_pixels_stay_what_they_are_and_a_side_without_any_gets_nothing()
    {
        RgbImage noise = Pattern.Noise(20, 10, 9);
        PixelSeed[] seeds = [.. Enumerable.Range(0, 200).Select(i => (PixelSeed)(i % 4))];
        bool[] mask = Cut(noise, seeds);
        Assert.All(seeds.Index(), seed => Assert.True(
            seed.Item is not (PixelSeed.Background or PixelSeed.Foreground) || mask[seed.Index] == (seed.Item == PixelSeed.Foreground)));
        Assert.Equal(mask, Cut(noise, seeds));
        Assert.DoesNotContain(true, Cut(noise, [.. Enumerable.Repeat(PixelSeed.ProbableBackground, 200)]));
        Assert.DoesNotContain(false, Cut(noise, [.. Enumerable.Repeat(PixelSeed.ProbableForeground, 200)]));
        Assert.Throws<ArgumentException>(() => Cut(noise, [PixelSeed.Foreground]));
    }

    /// <summary>Pictures whose covariances have no inverse.</summary>
    [Fact]
    public void Two_flat_colors_are_parted_where_they_meet_and_one_color_and_one_pixel_are_no_fault()
    {
        // Left of column 12 one color; the seeds know a part of each.
        byte[] red = [200, 10, 10], blue = [10, 10, 200];
        var two = new RgbImage(30, 20, [.. Enumerable.Range(0, 600).SelectMany(i => i % 30 < 12 ? red : blue)]);
        PixelSeed[] seeds = [.. Enumerable.Range(0, 600).Select(
            i => i % 30 < 4 ? PixelSeed.Foreground : i % 30 < 9 ? PixelSeed.ProbableForeground : i % 30 < 25 ? PixelSeed.ProbableBackground
                : PixelSeed.Background)];
        Assert.Equal(Enumerable.Range(0, 600).Select(i => i % 30 < 12), Cut(two, seeds));

        var gray = new RgbImage(30, 20, [.. Enumerable.Repeat((byte)128, 1800)]);
        Assert.Equal(seeds.Select(seed => seed == PixelSeed.Foreground), Cut(gray, seeds).Select((inside, i) => inside && i % 30 < 4));
        Assert.Equal([true], Cut(new RgbImage(1, 1, [1, 2, 3]), [PixelSeed.Foreground]));
        Assert.Equal([true, false], Cut(new RgbImage(2, 1, [0, 0, 0, 255, 255, 255]), [PixelSeed.Foreground, PixelSeed.Background]));
    }

    private static bool[] Cut(RgbImage image, PixelSeed[] seeds) =>
        SanityChecks.Images.GrabCut.GrabCut.Segment(image, seeds, new RandomStream(1, 0, "test"));

    private static double Overlap(IReadOnlyList<bool> a, IReadOnlyList<bool> b) =>
        a.Zip(b).Count(pair => pair.First && pair.Second) / (double)a.Zip(b).Count(pair => pair.First || pair.Second);

    private static JsonElement[] Reference() => [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(
        SharedFolder.RepositoryRoot, "tests", "SanityChecks.Tests", "Images", "GrabCut", "grabcut.json"))).RootElement.EnumerateArray()];
}
