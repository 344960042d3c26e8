using SanityChecks.Images;

namespace SanityChecks.Tests.Images;

public sealed class OverlayTests
{
    private static readonly RgbImage Image = new(2, 1, [0, 1, 255, 10, 200, 3]);
    private static readonly RgbImage Map = new(2, 1, [1, 1, 0, 20, 100, 255]);

    [Theory]
    [InlineData(0.5, new byte[] { 1, 1, 128, 15, 150, 129 })]
    [InlineData(0, new byte[] { 0, 1, 255, 10, 200, 3 })]
    [InlineData(1, new byte[] { 1, 1, 0, 20, 100, 255 })]
    [InlineData(0.25, new byte[] { 0, 1, 191, 13, 175, 66 })]
    public void Blending_pins(double opacity, byte[] expected)
    {
        Assert.Equal(expected, Overlay.Blend(Image, Map, opacity).Pixels);
    }

    [Fact]
    public void Multiplying_pins()
    {
        Assert.Equal([0, 1, 128, 10, 200, 3], Overlay.Multiply(Image, [0.5f, 2f]).Pixels);
        Assert.Equal([0, 0, 64, 0, 0, 0], Overlay.Multiply(Image, [0.25f, float.NaN]).Pixels);
        Assert.Equal([0, 1, 255, 0, 0, 0], Overlay.Multiply(Image, [float.PositiveInfinity, -1f]).Pixels);
    }

    [Fact]
    public void Sizes_must_agree()
    {
        var error = Assert.Throws<ArgumentException>(() => Overlay.Blend(Image, new RgbImage(1, 2, new byte[6])));

        Assert.StartsWith("The map has 1 x 2 pixels, the image 2 x 1.", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Overlay.Multiply(Image, [1f]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Overlay.Blend(Image, Map, double.NaN));
    }
}
