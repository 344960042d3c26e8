using SanityChecks.Compute;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Tests.Similarity;

public class MapReductionTests
{
    private static readonly SaliencyMap Map = new(new Shape(3, 1, 2), [1, -2, -4, 1, 2, -0.5f]);

    [Theory]
    [InlineData(MapChannels.Sum, MapValues.Signed, new[] { -1f, -1.5f })]
    [InlineData(MapChannels.Sum, MapValues.Abs, new[] { 1f, 1.5f })]
    [InlineData(MapChannels.Sum, MapValues.Positive, new[] { 0f, 0 })]
    [InlineData(MapChannels.AbsSum, MapValues.Signed, new[] { 7f, 3.5f })]
    [InlineData(MapChannels.AbsMax, MapValues.Signed, new[] { 4f, 2 })]
    [InlineData(MapChannels.Separate, MapValues.Signed, new[] { 1f, -2, -4, 1, 2, -0.5f })]
    [InlineData(MapChannels.Separate, MapValues.Positive, new[] { 1f, 0, 0, 1, 2, 0 })]
    public void Channels_first_then_values(MapChannels channels, MapValues values, float[] expected)
    {
        SaliencyMap reduced = new MapReduction(channels, values).Of(Map);
        Assert.Equal(expected, reduced.Values.ToArray());
        Assert.Equal(new Shape(channels == MapChannels.Separate ? 3 : 1, 2), reduced.Shape);
    }

    [Fact]
    public void What_is_no_number_stays_so()
    {
        var broken = new SaliencyMap(new Shape(2, 1, 1), [float.NaN, 1]);
        Assert.All(
            from channels in Enum.GetValues<MapChannels>() from values in Enum.GetValues<MapValues>() select new MapReduction(
                channels, values),
            reduction => Assert.True(float.IsNaN(reduction.Of(broken).Values[0])));
    }
}
