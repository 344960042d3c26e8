using SanityChecks.Networks;
using SanityChecks.Networks.Architectures;
using SanityChecks.RunFiles;
using SanityChecks.Saliency.Randomization;

namespace SanityChecks.Tests.Randomization;

/// <summary>Which layers an experiment takes, in which order, and what it refuses.</summary>
public class LayerSelectionTests
{
    private const string Convolutions =
        "conv5_3 conv5_2 conv5_1 conv4_3 conv4_2 conv4_1 conv3_3 conv3_2 conv3_1 conv2_2 conv2_1 conv1_2 conv1_1";

    private static readonly Network Vgg16 = Vgg.Vgg16();

    [Theory]
    [InlineData("all", "fc8 fc7 fc6 " + Convolutions)]
    [InlineData("conv", Convolutions)]
    [InlineData("blocks", "fc8 fc7 fc6 conv5 conv4 conv3 conv2 conv1")]
    [InlineData("conv3", "conv3")]
    public void Keywords_list_from_the_logits_down(string keyword, string expected)
    {
        Assert.Equal(expected, Names(Select(LayerOrder.TopDown, keyword)));
        Assert.Equal(expected, Names(Select(LayerOrder.AsListed, keyword)));
        Assert.Equal(string.Join(' ', expected.Split(' ').Reverse()), Names(Select(LayerOrder.BottomUp, keyword)));
    }

    [Fact]
    public void Blocks_of_squeezenet_are_its_fire_modules()
    {
        IReadOnlyList<LayerGroup> groups = LayerSelection.Select(SqueezeNet.SqueezeNet11(), ["blocks"], LayerOrder.TopDown);
        Assert.Equal("conv10 fire9 fire8 fire7 fire6 fire5 fire4 fire3 fire2 conv1", Names(groups));
        Assert.Equal("fire9.expand3x3 fire9.expand1x1 fire9.squeeze", string.Join(' ', groups[1].Layers));
    }

    [Fact]
    public void Blocks_hold_their_layers_from_the_logits_down()
    {
        IReadOnlyList<LayerGroup> groups = Select(LayerOrder.TopDown, "blocks");
        Assert.Equal("conv5_3 conv5_2 conv5_1", string.Join(' ', groups[3].Layers));
        Assert.Equal(Vgg16.WeightLayers, groups.SelectMany(group => group.Layers));
    }

    [Theory]
    [InlineData(LayerOrder.AsListed, "conv1_1 fc8 conv4 conv5_2")]
    [InlineData(LayerOrder.TopDown, "fc8 conv5_2 conv4 conv1_1")]
    [InlineData(LayerOrder.BottomUp, "conv1_1 conv4 conv5_2 fc8")]
    public void Lists_name_layers_in_either_spelling_and_blocks(LayerOrder order, string expected) =>
        Assert.Equal(expected, Names(Select(order, "features.0", "fc8", "conv4", "features.26")));

    [Theory]
    [InlineData("fc8", "fc8", "fc8")]
    [InlineData("features.28", "conv5_3", "conv5_3")]
    [InlineData("conv5", "conv5_1", "conv5_1")]
    [InlineData("conv5_1", "conv5", "conv5_1")]
    public void A_layer_that_occurs_twice_is_refused_by_name(string first, string second, string named) => Assert.Equal(
        $"randomization.layers names {named} more than once.",
        Assert.Throws<InputException>(() => Select(LayerOrder.TopDown, first, "fc7", second)).Message);

    [Theory]
    [InlineData("conv5_9")]
    [InlineData("relu5_3")]
    [InlineData("pool5")]
    [InlineData("input")]
    [InlineData("")]
    public void A_name_without_weights_is_refused_with_those_that_there_are(string name) => Assert.Equal(
        $"vgg16 has no layer or block '{name}' with weights; its layers are fc8, fc7, fc6, {Convolutions.Replace(" ", ", ", StringComparison.Ordinal)}, "
        + "its blocks fc8, fc7, fc6, conv5, conv4, conv3, conv2, conv1.",
        Assert.Throws<InputException>(() => Select(LayerOrder.TopDown, "fc8", name)).Message);

    [Fact]
    public void A_keyword_within_a_list_is_no_layer() =>
        Assert.StartsWith(
            "vgg16 has no layer or block 'conv'", Assert.Throws<InputException>(() => Select(LayerOrder.TopDown, "fc8", "conv")).Message);

    private static IReadOnlyList<LayerGroup> Select(LayerOrder order, params string[] layers) =>
        LayerSelection.Select(Vgg16, layers, order);

    private static string Names(IEnumerable<LayerGroup> groups) => string.Join(' ', groups.Select(group => group.Name));
}
