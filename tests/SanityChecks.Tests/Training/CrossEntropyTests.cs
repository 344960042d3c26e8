using System.Text.Json;
using SanityChecks.Tests.Networks;
using SanityChecks.Training;

namespace SanityChecks.Tests.Training;

public class CrossEntropyTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Loss_and_gradient_equal_pytorchs(int index)
    {
        JsonElement expected = TorchTraining.Numbers.GetProperty("cross_entropy")[index];
        CrossEntropy actual = CrossEntropy.Of(SmallNetworks.Values(1, 20, 6), [3, 0, 4, 4], expected.GetProperty("smoothing").GetDouble());
        Assert.Equal(expected.GetProperty("loss").GetDouble(), actual.Loss, 5e-7 * actual.Loss);
        TorchTraining.AssertClose(expected.GetProperty("gradient"), actual.LogitGradient.Values.ToArray());
    }

    [Fact]
    public void Equal_logits_cost_the_logarithm_of_the_number_of_classes()
    {
        CrossEntropy even = CrossEntropy.Of([7, 7, 7, 7], [1]);
        Assert.Equal(Math.Log(4), even.Loss, 1e-12);
        Assert.Equal([0.25f, -0.75f, 0.25f, 0.25f], even.LogitGradient.Values.ToArray());
    }

    [Fact]
    public void Logits_of_any_size_give_finite_numbers()
    {
        CrossEntropy sure = CrossEntropy.Of([3e38f, -3e38f, 1000, 2000], [0, 1], 0.1);
        Assert.True(double.IsFinite(sure.Loss));
        Assert.All(sure.LogitGradient.Values.ToArray(), value => Assert.True(float.IsFinite(value)));
        Assert.Equal(0, CrossEntropy.Of([500, -500], [0]).Loss);
        Assert.Equal(1000, CrossEntropy.Of([500, -500], [1]).Loss);
    }

    [Fact]
    public void Of_equal_logits_the_first_is_the_answer() =>
        Assert.Equal((1, 0), (CrossEntropy.Of([1, 3, 3], [1]).Correct, CrossEntropy.Of([1, 3, 3], [2]).Correct));

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void A_label_that_is_no_class_is_refused(int label) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => CrossEntropy.Of([1, 2, 3], [label]));

    [Fact]
    public void A_row_for_each_label_is_needed() => Assert.Throws<ArgumentException>(() => CrossEntropy.Of([1, 2, 3], [0, 1]));
}
