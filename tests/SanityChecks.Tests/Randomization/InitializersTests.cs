using SanityChecks.Compute;
using SanityChecks.RunFiles;
using SanityChecks.Saliency.Randomization;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.Randomization;

/// <summary>The distributions that the initializers draw from.</summary>
public class InitializersTests
{
    private const int FanIn = 25, Outputs = 3000; // more elements than one thread's share

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pytorch_default_is_uniform_within_one_over_the_root_of_fan_in(bool isBias)
    {
        double[] values = Fill("pytorch_default", Trained(), isBias);
        Distribution.AssertFollows(values, x => (x + 0.2) / 0.4);
        Assert.InRange(values.Max(Math.Abs), 0.19999, 0.2000001);
    }

    [Fact]
    public void Pytorch_default_takes_its_elements_from_the_stream_at_their_index()
    {
        var stream = new RandomStream(1, 0, "x.weight");
        double[] values = Fill("pytorch_default", Trained(), false);
        Assert.Equal(Enumerable.Range(0, values.Length).Select(i => (double)(float)(((2 * stream.Uniform(i)) - 1) * 0.2)), values);
    }

    [Fact]
    public void He_normal_has_variance_two_over_fan_in()
    {
        double deviation = Math.Sqrt(2.0 / FanIn);
        double[] values = Fill("he_normal", Trained(), false);
        Distribution.AssertFollows(values, x => Distribution.Normal(x / deviation));
        AssertMoments(values, 0, deviation);
    }

    [Fact]
    public void He_normal_sets_biases_to_zero() => Assert.All(Fill("he_normal", Trained(), true), value => Assert.Equal(0, value));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Trained_normal_has_the_trained_tensors_moments(bool isBias)
    {
        HostTensor trained = Trained();
        double[] old = [.. trained.Values.ToArray().Select(value => (double)value)];
        (double mean, double deviation) = (Distribution.Mean(old), Distribution.Deviation(old));
        double[] values = Fill("trained_normal", trained, isBias);
        Distribution.AssertFollows(values, x => Distribution.Normal((x - mean) / deviation));
        AssertMoments(values, mean, deviation);
        Assert.Contains(values, value => Math.Abs(value - mean) > 3 * deviation);
    }

    [Fact]
    public void Truncated_normal_ends_at_two_deviations()
    {
        HostTensor trained = Trained();
        double[] old = [.. trained.Values.ToArray().Select(value => (double)value)];
        (double mean, double deviation) = (Distribution.Mean(old), Distribution.Deviation(old));
        double[] values = Fill("truncated_normal", trained, false);
        double tail = Distribution.Normal(-2);
        Distribution.AssertFollows(values, x => (Distribution.Normal((x - mean) / deviation) - tail) / (1 - (2 * tail)));
        Assert.InRange(values.Max(value => Math.Abs(value - mean) / deviation), 1.99, 2.000001);
        AssertMoments(values, mean, 0.879626 * deviation); // of a normal cut at two deviations: sqrt(1 - 4 phi(2) / (2 Phi(2) - 1))
    }

    [Fact]
    public void Permutation_keeps_the_values_and_moves_them()
    {
        HostTensor trained = Trained();
        double[] values = Fill("permutation", trained, false);
        double[] old = [.. trained.Values.ToArray().Select(value => (double)value)];
        Assert.Equal(old.Order(), values.Order());
        Assert.InRange(values.Zip(old).Count(pair => pair.First == pair.Second), 0, 12); // one on average
        Assert.InRange(Distribution.Correlation(values, old), -4 / Math.Sqrt(old.Length), 4 / Math.Sqrt(old.Length));
    }

    [Fact]
    public void Permutations_are_equally_likely()
    {
        var trained = new HostTensor(new Shape(3), [1, 2, 3]);
        int[] hits = [.. Enumerable.Range(0, 6000)
            .Select(
                i => string.Join(
                    ' ', Initializers.Find("permutation")
                        .Fill(new InitializedTensor(trained, 1, false, new RandomStream((ulong)i, 0, "x")))))
            .GroupBy(order => order).Select(group => group.Count())];
        Assert.Equal(6, hits.Length);
        Assert.All(hits, hit => Assert.InRange(hit, 1000 - 116, 1000 + 116)); // four standard deviations
    }

    [Fact]
    public void Every_initializer_gives_finite_values_of_its_stream_and_leaves_the_trained_ones()
    {
        HostTensor trained = Trained();
        float[] before = trained.Values.ToArray();
        foreach (Initializer initializer in Initializers.All)
        {
            double[] values = Fill(initializer.Name, trained, false);
            Assert.All(values, value => Assert.True(double.IsFinite(value)));
            Assert.Equal(values, Fill(initializer.Name, trained, false));
            Assert.NotEqual(values, Fill(initializer.Name, trained, false, seed: 2));
            Assert.Equal(before, trained.Values.ToArray());
            Assert.Same(initializer, Initializers.Find(initializer.Name));
        }
    }

    [Fact]
    public void The_first_is_pytorchs_and_an_unknown_one_is_named_with_those_that_there_are()
    {
        Assert.Equal("pytorch_default", Initializers.All[0].Name);
        Assert.Equal(
            "There is no initializer 'xavier'; the initializers are pytorch_default, he_normal, trained_normal, truncated_normal, unit_uniform, permutation.",
            Assert.Throws<InputException>(() => Initializers.Find("xavier")).Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Unit_uniform_fills_0_to_1_with_weights_and_biases_alike(bool isBias)
    {
        double[] values = Fill("unit_uniform", Trained(), isBias);
        Assert.All(values, value => Assert.InRange(value, 0, 1));
        AssertMoments(values, 0.5, Math.Sqrt(1.0 / 12));
    }

    private static double[] Fill(string name, HostTensor trained, bool isBias, ulong seed = 1) => [.. Initializers.Find(name)
        .Fill(new InitializedTensor(trained, FanIn, isBias, new RandomStream(seed, 0, "x.weight"))).Select(value => (double)value)];

    /// <summary>Skewed and away from zero, so that a wrong mean shows.</summary>
    private static HostTensor Trained() => new(
        new Shape(Outputs, 1, 5, 5),
        [.. SmallNetworks.Values(77, Outputs * FanIn, 1).Select(value => (0.3f * value * value) + (0.01f * value) + 0.05f)]);

    /// <summary>Within four standard errors.</summary>
    private static void AssertMoments(double[] values, double mean, double deviation)
    {
        Assert.InRange(
            Distribution.Mean(values), mean - (4 * deviation / Math.Sqrt(values.Length)),
            mean + (4 * deviation / Math.Sqrt(values.Length)));
        Assert.InRange(
            Distribution.Deviation(values) / deviation, 1 - (4 / Math.Sqrt(2 * values.Length)), 1 + (4 / Math.Sqrt(2 * values.Length)));
    }
}
