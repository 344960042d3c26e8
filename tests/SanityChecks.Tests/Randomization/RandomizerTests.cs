using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Saliency.Randomization;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.Randomization;

/// <summary>Which tensors are replaced, by what, and which stay the very objects.</summary>
public class RandomizerTests
{
    private static readonly (Network Network, Weights Weights) Small = SmallNetworks.Narrow("vgg16");

    public static TheoryData<string> InitializerNames => [.. Initializers.All.Select(initializer => initializer.Name)];

    [Fact]
    public void Only_the_layers_own_tensors_are_replaced()
    {
        float[][] before = [.. Small.Weights.Select(one => one.Value.Values.ToArray())];
        Weights randomized = Using("pytorch_default").Randomize([Small.Network.Find("conv5_3"), Small.Network.Find("fc7")], 0);
        string[] replaced = ["features.28.weight", "features.28.bias", "classifier.3.weight", "classifier.3.bias"];
        Assert.Equal(Small.Weights.Names, randomized.Names);
        Assert.Equal(replaced, randomized.Names.Where(name => !ReferenceEquals(Small.Weights[name], randomized[name])));
        Assert.All(replaced, name => Assert.Equal(Small.Weights[name].Shape, randomized[name].Shape));
        Assert.All(replaced, name => Assert.NotEqual(Small.Weights[name].Values.ToArray(), randomized[name].Values.ToArray()));
        Assert.Equal(before, Small.Weights.Select(one => one.Value.Values.ToArray()));
    }

    [Theory, MemberData(nameof(InitializerNames))]
    public void Values_do_not_depend_on_the_order_or_the_set_of_layers(string initializer)
    {
        IReadOnlyList<Layer> layers = Small.Network.WeightLayers;
        Weights together = Using(initializer).Randomize(layers, 2), reversed = Using(initializer).Randomize(layers.Reverse(), 2);
        Randomizer oneByOne = Using(initializer);
        foreach (Layer layer in layers)
        {
            Weights alone = oneByOne.Randomize([layer], 2), afresh = Using(initializer).Randomize([layer], 2);
            Assert.All(layer.TensorNames, name => Assert.All(
                new[] { reversed, alone, afresh }, other => Assert.Equal(together[name].Values.ToArray(), other[name].Values.ToArray())));
        }
    }

    [Fact]
    public void Values_are_the_initializers_with_the_layers_fan_in_and_the_tensors_own_stream()
    {
        Weights randomized = Using("pytorch_default", seed: 9).Randomize(Small.Network.WeightLayers, 3);
        foreach ((string name, int fanIn) in new[] { ("features.0.bias", 27), ("features.5.weight", 54), ("classifier.0.bias", 294),
            ("classifier.6.weight", 10) })
        {
            var stream = new RandomStream(9, 3, name);
            double bound = 1 / Math.Sqrt(fanIn);
            float[] values = randomized[name].Values.ToArray();
            Assert.Equal(Enumerable.Range(0, values.Length).Select(i => (float)(((2 * stream.Uniform(i)) - 1) * bound)), values);
        }
    }

    [Theory]
    [InlineData("pytorch_default")]
    [InlineData("trained_normal")]
    [InlineData("truncated_normal")]
    public void No_two_tensors_seeds_or_draws_share_values(string initializer)
    {
        Randomizer first = Using(initializer), second = Using(initializer, seed: 2);
        Weights[] all =
            [first.Randomize(Small.Network.WeightLayers, 0), first.Randomize(Small.Network.WeightLayers, 1),
                second.Randomize(Small.Network.WeightLayers, 0)];

        // Between tensors of different scale, the same stream would show in the order of the first values.
        string[] shapes = [.. all.SelectMany(weights => weights).Where(one => one.Value.Shape.Count >= 50)
            .Select(one => string.Join(' ', Enumerable.Range(0, 12).OrderBy(i => one.Value.Values[i])))];
        Assert.Equal(3 * 16, shapes.Length);
        Assert.Equal(shapes.Length, shapes.Distinct().Count());
    }

    [Theory]
    [InlineData(BiasRule.WithWeight)]
    [InlineData(BiasRule.Keep)]
    [InlineData(BiasRule.Zero)]
    public void Biases_follow_their_rule_and_weights_do_not(BiasRule rule)
    {
        Layer layer = Small.Network.Find("fc6");
        Weights randomized = new Randomizer(Small.Weights, Initializers.All[0], 1, rule).Randomize([layer], 0);
        HostTensor bias = randomized["classifier.0.bias"], trained = Small.Weights["classifier.0.bias"];
        Assert.Equal(rule == BiasRule.Keep, ReferenceEquals(trained, bias));
        Assert.Equal(rule == BiasRule.Zero, bias.Values.ToArray().All(value => value == 0));
        Assert.Equal(rule == BiasRule.Keep, bias.Values.SequenceEqual(trained.Values));
        Assert.Equal(
            Using("pytorch_default").Randomize([layer], 0)["classifier.0.weight"].Values.ToArray(),
            randomized["classifier.0.weight"].Values.ToArray());
    }

    [Theory]
    [InlineData(BatchNormRule.KeepStatistics)]
    [InlineData(BatchNormRule.ResetStatistics)]
    public void Batch_normalisation_is_reset_and_its_statistics_follow_their_rule(BatchNormRule rule)
    {
        Network network = GraphSketch.Residual();
        Weights trained = SmallNetworks.Fill(network);
        Layer layer = network.Find("bn1");
        Assert.True(layer.HasWeights);
        foreach (BiasRule bias in Enum.GetValues<BiasRule>())
        {
            Weights randomized = new Randomizer(trained, Initializers.All[0], 1, bias, rule).Randomize([layer], 0);
            Assert.Equal([1, 1, 1, 1], randomized["bn1.weight"].Values.ToArray());
            Assert.Equal([0, 0, 0, 0], randomized["bn1.bias"].Values.ToArray());
            if (rule == BatchNormRule.KeepStatistics)
            {
                Assert.Same(trained["bn1.running_mean"], randomized["bn1.running_mean"]);
                Assert.Same(trained["bn1.running_var"], randomized["bn1.running_var"]);
            }
            else
            {
                Assert.Equal([0, 0, 0, 0], randomized["bn1.running_mean"].Values.ToArray());
                Assert.Equal([1, 1, 1, 1], randomized["bn1.running_var"].Values.ToArray());
            }

            Assert.All(
                trained.Names.Where(name => !name.StartsWith("bn1.", StringComparison.Ordinal)), name =>
                    Assert.Same(trained[name], randomized[name]));
        }
    }

    [Fact]
    public void No_layers_leave_the_trained_weights_themselves() => Assert.Same(Small.Weights, Using("pytorch_default").Randomize([], 0));

    private static Randomizer Using(string initializer, ulong seed = 1) => new(Small.Weights, Initializers.Find(initializer), seed);
}
