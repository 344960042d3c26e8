using SanityChecks.Experiments;
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
    public void Each_step_of_a_cascade_adds_one_group_and_the_independent_step_has_that_group_alone(
        string architecture, string layers, LayerOrder order)
    {
        (Network network, Weights trained) = SmallNetworks.Narrow(architecture, width: 3);
        IReadOnlyList<LayerGroup> groups = LayerSelection.Select(network, [layers], order);
        var randomizer = new Randomizer(trained, Initializers.All[0], 1);
        IReadOnlyList<RandomizationStep> cascade = Steps(CascadingRandomization.Experiment, groups);
        IReadOnlyList<RandomizationStep> independent = Steps(IndependentRandomization.Experiment, groups);
        Assert.Equal(groups.Select(group => group.Name), cascade.Select(step => step.Name));
        Assert.Equal(groups.Select(group => group.Name), independent.Select(step => step.Name));
        Weights previous = trained;
        foreach ((LayerGroup group, RandomizationStep step, RandomizationStep alone) in groups.Zip(cascade, independent))
        {
            string[] own = [.. group.Layers.SelectMany(layer => layer.TensorNames).Order()];
            Weights cascaded = step.Weights(randomizer, 0), single = alone.Weights(randomizer, 0);
            Assert.Equal(own, Differing(previous, cascaded));
            Assert.Equal(own, Differing(trained, single));
            Assert.All(own, name => Assert.Same(cascaded[name], single[name]));
            previous = cascaded;
        }

        Assert.Equal(groups.Sum(group => group.Layers.Sum(layer => layer.TensorNames.Count())), Differing(trained, previous).Length);
    }

    [Fact]
    public void Another_draw_shares_nothing_with_the_first_but_untouched_tensors()
    {
        (Network network, Weights trained) = SmallNetworks.Narrow("vgg16", width: 3);
        IReadOnlyList<LayerGroup> groups = LayerSelection.Select(network, ["fc8", "conv3_2"], LayerOrder.TopDown);
        var randomizer = new Randomizer(trained, Initializers.All[0], 1);
        RandomizationStep step = Steps(CascadingRandomization.Experiment, groups)[1];
        Weights first = step.Weights(randomizer, 0), second = step.Weights(randomizer, 1);
        string[] names = ["classifier.6.bias", "classifier.6.weight", "features.12.bias", "features.12.weight"];
        Assert.Equal(names, Differing(first, second));
        Assert.All(names, name => Assert.NotEqual(first[name].Values.ToArray(), second[name].Values.ToArray()));
    }

    private static IReadOnlyList<RandomizationStep> Steps(ConfiguredExperiment experiment, IReadOnlyList<LayerGroup> groups) =>
        experiment.Experiment.Steps(groups, experiment.Values);

    private static string[] Differing(Weights a, Weights b) => [.. a.Names.Where(name => !ReferenceEquals(a[name], b[name])).Order()];
}
