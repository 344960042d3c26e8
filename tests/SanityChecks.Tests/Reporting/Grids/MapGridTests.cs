using SanityChecks.Images;
using SanityChecks.Reporting.Grids;
using SanityChecks.Tests.Images;

namespace SanityChecks.Tests.Reporting.Grids;

public sealed class MapGridTests
{
    private static readonly string[] LongNames =
        ["original", .. Enumerable.Range(0, 26).Select(i => $"features.{i}.expand3x3")];

    [Fact]
    public void Tiles_of_the_right_size_are_copied_unchanged()
    {
        MapGrid grid = new(["grad_cam"], ["original", "fc8"]) { TileSize = 16, Scale = 2 };
        RgbImage tile = Pattern.Noise(32, 32, 7);
        grid.Set(0, 1, tile, "ρ 0.93");

        RgbImage picture = grid.Draw();

        Assert.Single(Pattern.Places(picture, tile));
    }

    [Fact]
    public void Each_band_begins_with_the_original()
    {
        MapGrid grid = new(["grad_cam", "gradient"], LongNames) { TileSize = 40, MaximumWidth = 500, Scale = 1 };
        RgbImage original = Pattern.Noise(40, 40, 7);
        RgbImage last = Pattern.Noise(40, 40, 8);
        grid.Set(0, 0, original);
        grid.Set(1, 26, last);

        RgbImage picture = grid.Draw();

        var places = Pattern.Places(picture, original);
        Assert.InRange(places.Count, 4, 9);
        Assert.Single(places.Select(place => place.X).Distinct());
        Assert.Single(Pattern.Places(picture, last));
        Assert.InRange(picture.Width, 400, 500);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(112)]
    public void Nothing_reaches_into_the_margin(int tileSize)
    {
        MapGrid grid = new(["guided_grad_cam"], LongNames[..6])
        {
            TileSize = tileSize,
            Scale = 1,
            Title = "Cascading randomization of a network with a long name",
            Subtitle = "seed 1",
            Scales = [new ColorScale(ColorMap.Viridis, "0", "maximum", "grad_cam"), new ColorScale(ColorMap.Diverging, "−", "+")],
        };
        grid.Set(0, 5, Pattern.Noise(100, 70, 1), "ρ 0.12");

        RgbImage picture = grid.Draw();

        (int left, int top, int right, int bottom) = Ink(picture, 250);
        Assert.InRange(left, 22, 26);
        Assert.InRange(top, 22, 34);
        Assert.InRange(picture.Width - 1 - right, 12, 400);
        Assert.InRange(picture.Height - 1 - bottom, 20, 40);
    }

    [Fact]
    public void Titles_that_do_not_fit_above_their_columns_are_slanted()
    {
        MapGrid wide = new(["m"], LongNames[..4]) { TileSize = 112 };
        MapGrid narrow = new(["m"], LongNames[..4]) { TileSize = 48 };

        Assert.False(MapGridLayout.Of(wide).Slanted);
        Assert.True(MapGridLayout.Of(narrow).Slanted);
    }

    [Theory]
    [InlineData(17, new[] { 9, 9 })]
    [InlineData(27, new[] { 10, 10, 9 })]
    [InlineData(10, new[] { 10 })]
    [InlineData(1, new[] { 1 })]
    public void Bands_are_few_and_equal(int columns, int[] expected)
    {
        MapGrid grid = new([""], [.. Enumerable.Range(0, columns).Select(i => $"{i}")])
        {
            TileSize = 92,
            MaximumWidth = 24 + 24 + (10 * 100) + 12,
        };

        List<int[]> bands = MapGridLayout.Of(grid).Bands;

        Assert.Equal(expected, bands.Select(band => band.Length));
        Assert.Equal(Enumerable.Range(0, columns), bands.SelectMany((band, i) => i == 0 ? band : band[1..]));
    }

    [Fact]
    public void Images_keep_their_shape()
    {
        MapGrid grid = new([""], ["photograph"]) { TileSize = 60, Scale = 1 };
        byte[] red = [.. Enumerable.Range(0, 200 * 100 * 3).Select(i => (byte)(i % 3 == 0 ? 254 : 0))];
        grid.Set(0, 0, new RgbImage(200, 100, red));

        RgbImage picture = grid.Draw();

        Assert.Equal(
            60 * 30,
            Enumerable.Range(0, picture.Width * picture.Height)
                .Count(i => picture.Pixels[3 * i] == 254 && picture.Pixels[(3 * i) + 1] == 0));
    }

    [Fact]
    public void The_same_content_gives_the_same_pixels()
    {
        Assert.Equal(Make().Pixels, Make().Pixels);

        static RgbImage Make()
        {
            MapGrid grid = new(["grad_cam", ""], ["original", "fc8"]) { Title = "t" };
            grid.Set(1, 1, Pattern.Noise(20, 20, 3), "ρ");
            return grid.Draw();
        }
    }

    [Fact]
    public void Titles_that_are_wider_than_the_tiles_are_broken()
    {
        MapGrid grid = new(["m"], ["original", "fc8"])
        {
            Scale = 1, Title = string.Join(' ', LongNames[..10]), Subtitle = string.Join(' ', LongNames) + "\nshort",
        };

        Assert.InRange(grid.Draw().Width, 400, 560);
    }

    [Fact]
    public void Wrong_places_and_sizes_are_refused()
    {
        MapGrid grid = new(["a"], ["b"]);

        Assert.Throws<ArgumentOutOfRangeException>(() => grid.Set(1, 0, null));
        Assert.Throws<ArgumentOutOfRangeException>(() => grid.Set(0, -1, null));
        Assert.Throws<ArgumentException>(() => new MapGrid([], ["b"]));
        Assert.Throws<InvalidOperationException>(() => new MapGrid(["a"], ["b"]) { TileSize = 8 }.Draw());
        Assert.Throws<InvalidOperationException>(() => new MapGrid(["a"], ["b"]) { Scale = 5 }.Draw());
        string[] many = [.. Enumerable.Repeat("x", 1000)];
        Assert.Throws<InvalidOperationException>(() => new MapGrid(many, many) { TileSize = 1024 }.Draw());
    }

    /// <summary>The outermost columns and rows with a pixel whose red is darker than a level.</summary>
    private static (int Left, int Top, int Right, int Bottom) Ink(RgbImage image, int darkerThan)
    {
        int[] dark = [.. Enumerable.Range(0, image.Width * image.Height).Where(i => image.Pixels[3 * i] < darkerThan)];
        return (dark.Min(i => i % image.Width), dark.Min(i => i / image.Width), dark.Max(i => i % image.Width),
            dark.Max(i => i / image.Width));
    }
}
