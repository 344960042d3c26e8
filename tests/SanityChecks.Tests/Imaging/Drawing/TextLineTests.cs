using SanityChecks.Imaging;
using SanityChecks.Imaging.Drawing;

namespace SanityChecks.Tests.Imaging.Drawing;

public sealed class TextLineTests
{
    private static readonly TextStyle Style = new(12, Rgb.Black);

    [Fact]
    public void The_font_has_all_printable_ASCII_and_the_signs_of_the_labels()
    {
        Assert.All(Enumerable.Range(' ', '~' - ' ' + 1), code => Assert.True(StrokeFont.Has((char)code), $"{(char)code}"));
        Assert.All("ρ±−×…·–—→≤≥≈°²ασ", sign => Assert.True(StrokeFont.Has(sign), $"{sign}"));
        Assert.False(StrokeFont.Has('é'));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(20)]
    public void No_two_characters_look_the_same(double size)
    {
        Dictionary<string, char> seen = [];
        foreach (char character in Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code).Concat("ρ±−×…\u00E9"))
        {
            string picture = Convert.ToBase64String(Picture($"{character}", Style with { Size = size }).Pixels);
            Assert.False(seen.TryGetValue(picture, out char other), $"'{character}' looks like '{other}' at {size} pixels");
            seen.Add(picture, character);
        }
    }

    [Theory]
    [InlineData("conv5_3", 12)]
    [InlineData("features.12.expand3x3", 12)]
    [InlineData("ρ −0.93 ± 0.05", 14)]
    [InlineData("WWW mmm jjj", 20)]
    public void The_measured_length_is_that_of_the_ink(string text, double size)
    {
        TextStyle style = Style with { Size = size };
        RgbImage picture = Picture(text, style);

        (int left, _, int right, _) = Ink(picture, 128);

        Assert.InRange(left, 20, 21);
        Assert.InRange(right - 20 + 1, TextLine.Measure(text, style) - 2, TextLine.Measure(text, style));
    }

    [Fact]
    public void All_letters_stand_on_the_base_line()
    {
        foreach (char letter in "abcdefhiklmnorstuvwxzABCDEFGHIKLMNOPRSTUVWXYZ0123456789")
        {
            Assert.Equal(39, Ink(Picture($"{letter}", Style), 128).Bottom);
        }
    }

    [Fact]
    public void Stems_are_black_and_have_clean_edges()
    {
        RgbImage picture = Picture("l", Style);
        int middle = 3 * ((34 * picture.Width) + 20);

        Assert.Equal(0, picture.Pixels[middle]);
        Assert.InRange((int)picture.Pixels[middle - 3], 200, 255);
        Assert.InRange((int)picture.Pixels[middle + 3], 200, 255);
    }

    [Fact]
    public void Text_that_runs_upwards_is_the_horizontal_text_turned()
    {
        Canvas level = new(100, 100, Rgb.White);
        TextLine.Draw(level, "expand1x1 gρ", 10, 40, Style);
        Canvas turned = new(100, 100, Rgb.White);
        TextLine.Draw(turned, "expand1x1 gρ", 40, 90, Style, TextDirection.Up);

        byte[] expected = level.ToImage().Pixels;
        byte[] actual = turned.ToImage().Pixels;
        for (int y = 0; y < 100; y++)
        {
            for (int x = 0; x < 100; x++)
            {
                Assert.InRange(Math.Abs(expected[3 * ((y * 100) + x)] - actual[3 * (((99 - x) * 100) + y)]), 0, 1);
            }
        }
    }

    [Fact]
    public void Diagonal_text_rises_as_far_as_it_runs()
    {
        Canvas canvas = new(200, 200, Rgb.White);
        TextLine.Draw(canvas, "features.12.expand3x3", 20, 180, Style, TextDirection.Diagonal);

        (int left, int top, int right, int bottom) = Ink(canvas.ToImage(), 128);

        double reach = TextLine.Measure("features.12.expand3x3", Style) * Math.Sqrt(0.5);
        Assert.InRange(bottom, 177, 181);
        Assert.InRange(right - left, reach - 2, reach + 10);
        Assert.InRange(bottom - top, reach - 2, reach + 10);
    }

    [Fact]
    public void What_lies_outside_of_the_canvas_is_cut_off()
    {
        Canvas canvas = new(8, 8, Rgb.White);

        TextLine.Draw(canvas, "cut off here", -10, 20, new TextStyle(40, Rgb.Black));
        canvas.Draw(Pattern.Noise(30, 30, 1), -11, -9);
        canvas.Draw(Pattern.Noise(3, 3, 1), 20, -30);
        canvas.Outline(-3, -3, 20, 20, Rgb.Black);

        RgbImage noise = Pattern.Noise(30, 30, 1);
        Assert.Equal(noise.Pixels[(3 * ((9 * 30) + 11))..(3 * ((9 * 30) + 19))], canvas.ToImage().Pixels[..24]);
    }

    [Theory]
    [InlineData("features.12.expand3x3", 112, new[] { "features.12.", "expand3x3" })]
    [InlineData("conv5_3", 112, new[] { "conv5_3" })]
    [InlineData("two words", 40, new[] { "two", "words" })]
    [InlineData("", 40, new[] { "" })]
    public void Titles_break_after_their_separators(string text, int width, string[] lines)
    {
        Assert.Equal(lines, TextBlock.Wrap(text, width, Style));
    }

    [Fact]
    public void A_title_without_separators_breaks_anywhere_and_loses_nothing()
    {
        List<string> lines = TextBlock.Wrap("classifier0123456789abcdefghij", 50, Style);

        Assert.Equal("classifier0123456789abcdefghij", string.Concat(lines));
        Assert.All(lines, line => Assert.InRange(TextLine.Measure(line, Style), 1, 50));
    }

    [Fact]
    public void A_text_that_is_too_long_ends_with_an_ellipsis()
    {
        string shown = TextBlock.Shorten("not a finite map at all", 80, Style);

        Assert.EndsWith("…", shown, StringComparison.Ordinal);
        Assert.InRange(TextLine.Measure(shown, Style), 60, 80);
        Assert.Equal("short", TextBlock.Shorten("short", 80, Style));
    }

    internal static (int Left, int Top, int Right, int Bottom) Ink(RgbImage image, int darkerThan)
    {
        var dark = Enumerable.Range(0, image.Width * image.Height).Where(i => image.Pixels[3 * i] < darkerThan).ToList();
        return (dark.Min(i => i % image.Width), dark.Min(i => i / image.Width), dark.Max(i => i % image.Width), dark.Max(i => i / image.Width));
    }

    private static RgbImage Picture(string text, TextStyle style)
    {
        Canvas canvas = new(300, 60, Rgb.White);
        TextLine.Draw(canvas, text, 20, 40, style);
        return canvas.ToImage();
    }
}
