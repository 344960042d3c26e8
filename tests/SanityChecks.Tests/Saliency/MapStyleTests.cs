using SanityChecks.Compute;
using SanityChecks.Images;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Attribution;

namespace SanityChecks.Tests.Saliency;

public class MapStyleTests
{
    private static readonly RgbImage Image = new(4, 1, [200, 100, 50, 0, 255, 10, 17, 90, 240, 128, 128, 128]);
    private static readonly SaliencyMap Positive = new(new Shape(1, 4), [0, 1, 3, 4]), Signed = new(new Shape(1, 4), [-2, -1, 0, 2]);

    // floor(image + opacity (color - image) + 1/2) of matplotlib 3.6.3's cm.get_cmap(name)([0, .25, .75, 1], bytes=True)[:, :3].
    [Theory]
    [InlineData("jet", 0.5, new byte[] { 100, 50, 89, 0, 192, 133, 136, 119, 120, 128, 64, 64 })]
    [InlineData("jet", 0.25, new byte[] { 150, 75, 69, 0, 223, 71, 77, 105, 180, 128, 96, 96 })]
    [InlineData("jet", 1, new byte[] { 0, 0, 127, 0, 128, 255, 255, 148, 0, 127, 0, 0 })]
    [InlineData("viridis", 0.5, new byte[] { 134, 51, 67, 29, 169, 75, 56, 146, 169, 191, 180, 82 })]
    [InlineData("viridis", 0.25, new byte[] { 167, 75, 59, 15, 212, 42, 36, 118, 204, 159, 154, 105 })]
    [InlineData("plasma", 0.5, new byte[] { 106, 54, 92, 63, 129, 89, 133, 120, 152, 184, 188, 81 })]
    [InlineData("inferno", 0.25, new byte[] { 150, 75, 38, 22, 195, 35, 75, 103, 182, 159, 160, 137 })]
    [InlineData("gray", 0.5, new byte[] { 100, 50, 25, 32, 160, 37, 105, 141, 216, 192, 192, 192 })]
    [InlineData("gray", 0, new byte[] { 200, 100, 50, 0, 255, 10, 17, 90, 240, 128, 128, 128 })]
    public void A_map_without_sign_over_its_image(string colors, double opacity, byte[] expected) => Assert.Equal(
        expected,
        MapPicture.Render(
            GradCam.Instance, Positive, Image, new MapStyle { Positive = ColorMap.Find(colors)!, Blend = new MapBlend(opacity) }).Pixels);

    // The same of [0, .25, .5, 1].
    [Theory]
    [InlineData("viridis", new byte[] { 68, 1, 84, 58, 82, 139, 32, 144, 140, 253, 231, 36 })]
    [InlineData("gray", new byte[] { 0, 0, 0, 64, 64, 64, 128, 128, 128, 255, 255, 255 })]
    public void A_signed_map_has_0_in_the_middle_of_any_colors(string colors, byte[] expected) => Assert.Equal(
        expected,
        MapPicture.Render(GuidedBackprop.Instance, Signed, Image, new MapStyle { Signed = ColorMap.Find(colors)! }, 2).Pixels);

    [Fact]
    public void By_default_jet_lies_over_the_image_by_half_and_signed_maps_stand_alone()
    {
        Assert.Equal(
            [100, 50, 89, 0, 192, 133, 136, 119, 120, 128, 64, 64], MapPicture.Render(GradCam.Instance, Positive, Image).Pixels);
        Assert.Equal(
            [8, 36, 104], MapPicture.Render(GuidedBackprop.Instance, Signed, Image, MapStyle.Default, 2).Pixels[..3]);
        Assert.Equal(
            [255, 255, 255], MapPicture.Render(GuidedBackprop.Instance, Signed, Image, MapStyle.Default, 2).Pixels[6..9]);
    }

    [Fact]
    public void A_diverging_scale_shows_0_white_of_maps_without_sign_too()
    {
        var style = new MapStyle { Positive = ColorMap.Diverging, Blend = new MapBlend(1) };
        byte[] pixels = MapPicture.Render(GradCam.Instance, Positive, Image, style).Pixels;
        Assert.Equal([255, 255, 255], pixels[..3]);
        Assert.Equal([104, 6, 30], pixels[9..]);
    }

    [Fact]
    public void Multiplying_darkens_the_image_where_the_map_is_low()
    {
        var style = new MapStyle { Blend = MapBlend.Multiply };
        Assert.Equal(
            [0, 0, 0, 0, 64, 3, 13, 68, 180, 128, 128, 128], MapPicture.Render(GradCam.Instance, Positive, Image, style).Pixels);

        // Of a signed map by its magnitude.
        Assert.Equal(
            [200, 100, 50, 0, 128, 5, 0, 0, 0, 128, 128, 128],
            MapPicture.Render(GuidedBackprop.Instance, Signed, Image, style, 2).Pixels);
    }

    [Fact]
    public void A_map_of_zeros_is_the_first_color_and_leaves_nothing_of_a_multiplied_image()
    {
        var zeros = new SaliencyMap(new Shape(1, 4), new float[4]);
        var bare = new MapStyle { Blend = new MapBlend(1) };
        Assert.Equal(
            [0, 0, 127, 0, 0, 127, 0, 0, 127, 0, 0, 127], MapPicture.Render(GradCam.Instance, zeros, Image, bare).Pixels);
        Assert.All(
            MapPicture.Render(GradCam.Instance, zeros, Image, new MapStyle { Blend = MapBlend.Multiply }).Pixels, value =>
                Assert.Equal(0, value));
        Assert.All(MapPicture.Render(GuidedBackprop.Instance, zeros, Image, bare).Pixels, value => Assert.Equal(255, value));
    }
}
