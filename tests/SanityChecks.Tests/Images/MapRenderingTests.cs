using SanityChecks.Images;

namespace SanityChecks.Tests.Images;

public sealed class MapRenderingTests
{
    [Fact]
    public void A_positive_map_runs_from_0_to_its_largest_value()
    {
        RgbImage image = MapRendering.Positive([0, 1, 2, 4, -4], 5, 1, ColorMap.Gray);

        Assert.Equal([0, 64, 128, 255, 0], Reds(image));
    }

    [Fact]
    public void A_common_scale_makes_two_maps_comparable()
    {
        Assert.Equal([0, 32, 64], Reds(MapRendering.Positive([0, 1, 2], 3, 1, ColorMap.Gray, 8)));
    }

    [Fact]
    public void A_signed_map_is_symmetric_about_0()
    {
        RgbImage image = MapRendering.Signed([-2, -1, 0, 1, 2], 5, 1, ColorMap.Gray, 2);

        Assert.Equal([0, 64, 128, 192, 255], Reds(image));
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(-3f)]
    public void A_map_without_positive_values_takes_the_first_color(float constant)
    {
        RgbImage image = MapRendering.Positive([constant, constant], 2, 1, ColorMap.Viridis);

        Assert.Equal([68, 1, 84, 68, 1, 84], image.Pixels);
    }

    [Fact]
    public void A_signed_map_of_zeros_is_white()
    {
        Assert.Equal([255, 255], Reds(MapRendering.Signed([0, -0f], 2, 1, ColorMap.Diverging)));
    }

    [Fact]
    public void A_map_of_NaN_is_gray()
    {
        Assert.All(MapRendering.Positive([float.NaN, float.NaN], 2, 1, ColorMap.Jet).Pixels, value => Assert.Equal(128, value));
        Assert.All(MapRendering.Signed([float.NaN, float.NaN], 2, 1, ColorMap.Diverging).Pixels, value => Assert.Equal(128, value));
    }

    [Fact]
    public void Infinities_take_the_ends_and_do_not_set_the_scale()
    {
        float[] values = [float.NegativeInfinity, -1, 0, 1, float.PositiveInfinity];

        Assert.Equal([0, 0, 0, 255, 255], Reds(MapRendering.Positive(values, 5, 1, ColorMap.Gray)));
        Assert.Equal([0, 0, 128, 255, 255], Reds(MapRendering.Signed(values, 5, 1, ColorMap.Gray)));
    }

    // numpy.percentile(abs(v), p) of v = float32(sin(0.7 i) i), i = 0..999.
    [Theory]
    [InlineData(99.5, 951.7865585327148)]
    [InlineData(50, 253.50565338134766)]
    public void The_robust_magnitude_is_NumPys_percentile(double percentile, double expected)
    {
        float[] values = [.. Enumerable.Range(0, 1000).Select(i => (float)(Math.Sin(i * 0.7) * i))];

        Assert.Equal(expected, MapRendering.RobustMagnitude(values, percentile), 1e-4);
    }

    [Fact]
    public void One_outlier_does_not_fade_a_signed_map()
    {
        float[] values = [.. Enumerable.Repeat(1f, 999), 1000];

        Assert.Equal(1f, MapRendering.RobustMagnitude(values));
    }

    [Fact]
    public void A_nearly_empty_map_is_scaled_by_its_largest_value()
    {
        float[] values = new float[1000];
        values[3] = -5;

        Assert.Equal(5f, MapRendering.RobustMagnitude(values));
        Assert.Equal(0f, MapRendering.RobustMagnitude([float.NaN]));
    }

    [Theory]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_scale_that_is_no_length_is_refused(float largest)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => MapRendering.Signed([1], 1, 1, ColorMap.Gray, largest));
    }

    private static int[] Reds(RgbImage image) => [.. image.Pixels.Where((_, i) => i % 3 == 0).Select(value => (int)value)];
}
