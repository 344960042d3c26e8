using SanityChecks.Experiments.CascadingRandomization;
using SanityChecks.Experiments.IndependentRandomization;
using SanityChecks.Networks;
using SanityChecks.Saliency.Randomization;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.Randomization;

/// <summary>How the steps of a cascade and of an independent run nest.</summary>
public class RandomizationStepTests
{
    [Theory]
    [InlineData("vgg16", "all", LayerOrder.TopDown)]
    [InlineData("vgg16", "all", LayerOrder.BottomUp)]
    [InlineData("vgg16", "conv", LayerOrder.TopDown)]
    [InlineData("vgg16", "blocks", LayerOrder.TopDown)]
    [InlineData("squeezenet1_1", "all", LayerOrder.TopDown)]
    [InlineData("squeezenet1_1", "blocks", LayerOrder.BottomUp)]
    public void Each_step_of_a_cascade_adds_one_group_and_the_independent_step_has_that_group_alone(string architecture, string layers, LayerOrder order)
    {
        (Network network, Weights trained) = SmallNetworks.Narrow(architecture, width: 3);
        IReadOnlyList<LayerGroup> groups = LayerSelection.Select(network, [layers], order);
        var randomizer = new Randomizer(trained, Initializers.All[0], 1);
        IReadOnlyList<RandomizationStep> cascade = CascadingRandomization.Experiment.Steps(groups, randomizer, 0);
        IReadOnlyList<RandomizationStep> independent = IndependentRandomization.Experiment.Steps(groups, randomizer, 0);
        Assert.Equal(groups.Select((group, i) => (i + 1, group.Name)), cascade.Select(step => (step.Number, step.Layer)));
        Assert.Equal(groups.Select((group, i) => (i + 1, group.Name)), independent.Select(step => (step.Number, step.Layer)));
        Weights previous = trained;
        foreach ((LayerGroup group, RandomizationStep step, RandomizationStep alone) in groups.Zip(cascade, independent))
        {
            string[] own = [.. group.Layers.SelectMany(layer => layer.TensorNames).Order()];
            Assert.Equal(own, Differing(previous, step.Weights));
            Assert.Equal(own, Differing(trained, alone.Weights));
            Assert.All(own, name => Assert.Same(step.Weights[name], alone.Weights[name]));
            previous = step.Weights;
        }

        Assert.Equal(groups.Sum(group => group.Layers.Sum(layer => layer.TensorNames.Count())), Differing(trained, previous).Length);
    }

    [Fact]
    public void Another_draw_shares_nothing_with_the_first_but_untouched_tensors()
    {
        (Network network, Weights trained) = SmallNetworks.Narrow("vgg16", width: 3);
        IReadOnlyList<LayerGroup> groups = LayerSelection.Select(network, ["fc8", "conv3_2"], LayerOrder.TopDown);
        var randomizer = new Randomizer(trained, Initializers.All[0], 1);
        RandomizationStep first = CascadingRandomization.Experiment.Steps(groups, randomizer, 0)[1], second = CascadingRandomization.Experiment.Steps(groups, randomizer, 1)[1];
        string[] names = ["classifier.6.bias", "classifier.6.weight", "features.12.bias", "features.12.weight"];
        Assert.Equal(names, Differing(first.Weights, second.Weights));
        Assert.All(names, name => Assert.NotEqual(first.Weights[name].Values.ToArray(), second.Weights[name].Values.ToArray()));
    }

    private static string[] Differing(Weights a, Weights b) => [.. a.Names.Where(name => !ReferenceEquals(a[name], b[name])).Order()];
}
