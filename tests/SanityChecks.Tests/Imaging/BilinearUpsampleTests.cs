using SanityChecks.Imaging;

namespace SanityChecks.Tests.Imaging;

public sealed class BilinearUpsampleTests
{
    private static readonly float[] Map = [0, 1, -2, 5, 3, 7, 0.5f, 2, -1, 4, 9, 6];

    // torch.nn.functional.interpolate(map, size, mode="bilinear", align_corners=False), PyTorch 1.13.
    [Theory]
    [InlineData(3, 4, new[] { 0f, 1f, -2f, 5f, 3f, 7f, .5f, 2f, -1f, 4f, 9f, 6f })]
    [InlineData(5, 7, new[]
    {
        0f, .3571429f, .9285715f, -.5000004f, -1.4999993f, 2.5000012f, 5f,
        1.2f, 1.9857144f, 3.2428575f, 1.1999997f, -.6571423f, 2.0857151f, 3.8f,
        2.9999998f, 4.4285712f, 6.7142859f, 3.7499993f, .6071435f, 1.4642862f, 2.0000002f,
        .5999997f, 2.242857f, 4.8714285f, 5.4000001f, 5.514286f, 4.8285718f, 4.4000006f,
        -1f, .7857145f, 3.6428573f, 6.5000005f, 8.7857141f, 7.0714283f, 6f,
    })]
    [InlineData(2, 3, new[] { 1.0416667f, .5624997f, 3.3125005f, .7916667f, 5.8125f, 5.3124995f })]
    [InlineData(1, 9, new[] { 3f, 3.6666667f, 5.4444447f, 6.6388888f, 3.75f, .8611109f, 1.0833334f, 1.75f, 2f })]
    public void Values_equal_those_of_PyTorch(int height, int width, float[] expected)
    {
        float[] stretched = BilinearUpsample.Upsample(Map, 3, 4, height, width);

        Assert.Equal(expected.Length, stretched.Length);
        float largest = expected.Zip(stretched, (a, b) => Math.Abs(a - b)).Max();
        Assert.True(largest <= 1e-5f, $"largest difference {largest}");
    }

    [Fact]
    public void A_constant_map_stays_constant()
    {
        Assert.All(BilinearUpsample.Upsample([2.5f], 1, 1, 7, 5), value => Assert.Equal(2.5f, value));
    }

    [Fact]
    public void A_map_of_another_length_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => BilinearUpsample.Upsample(Map, 3, 5, 6, 6));

        Assert.StartsWith("A map of 3 x 5 has 15 values, but 12 were given.", error.Message, StringComparison.Ordinal);
    }
}
