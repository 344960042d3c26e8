using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Tests.Similarity;

public class MapArraysTests
{
    [Fact]
    public void An_array_that_came_back_is_given_out_once_and_to_its_own_length_alone()
    {
        var arrays = new MapArrays<double>();
        double[] first = arrays.Rent(6);
        arrays.Return(first);
        Assert.NotSame(first, arrays.Rent(5));
        Assert.Same(first, arrays.Rent(6));
        double[] second = arrays.Rent(6);
        Assert.NotSame(first, second);
        Assert.Equal(6, second.Length);
    }

    [Fact]
    public void Arrays_of_ever_other_lengths_are_not_kept()
    {
        var arrays = new MapArrays<double>();
        double[] first = arrays.Rent(100);
        arrays.Return(first);
        for (int length = 1; length <= 16; length++)
        {
            arrays.Return(arrays.Rent(length));
        }

        Assert.NotSame(first, arrays.Rent(100));
        arrays.Return([]);
        Assert.Empty(arrays.Rent(0));
    }
}
