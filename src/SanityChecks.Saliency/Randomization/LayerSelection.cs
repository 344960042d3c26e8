using SanityChecks.Networks;
using SanityChecks.Networks.Operations;
using SanityChecks.RunFiles;

namespace SanityChecks.Saliency.Randomization;

/// <summary>Layers that one step randomizes together, under the name that results show.</summary>
/// <param name="Name">The layer's name in the literature, or the block's.</param>
/// <param name="Layers">One layer, or those of a block.</param>
public sealed record LayerGroup(string Name, IReadOnlyList<Layer> Layers);

/// <summary>Which layers an experiment randomizes, and in which order.</summary>
public static class LayerSelection
{
    /// <summary>The layer groups of an experiment, in the order of its steps.</summary>
    /// <param name="network">The network.</param>
    /// <param name="layers"><c>all</c>, <c>conv</c> (convolutions only), <c>blocks</c> (each block at once), or names of layers or blocks,
    /// each a step.</param>
    /// <param name="order">The order of the steps; keywords list from the logits down.</param>
    /// <exception cref="InputException">A name is no layer with weights and no block, or a layer occurs twice; the message lists the
    /// names.</exception>
    public static IReadOnlyList<LayerGroup> Select(Network network, IReadOnlyList<string> layers, LayerOrder order)
    {
        List<LayerGroup> groups = layers switch
        {
            ["all"] => [.. network.WeightLayers.Select(One)],
            ["conv"] => [.. network.WeightLayers.Where(layer => layer.Operation is ConvolutionOperation).Select(One)],
            ["blocks"] => [.. network.WeightLayers.Select(layer => layer.Block).Distinct().Select(block => Find(network, block))],
            _ => [.. layers.Select(name => Find(network, name))],
        };
        if (order != LayerOrder.AsListed)
        {
            groups = [.. groups.OrderBy(group => group.Layers.Max(layer => layer.Index))];
            if (order == LayerOrder.TopDown)
            {
                groups.Reverse();
            }
        }

        Layer? twice = groups.SelectMany(group => group.Layers).GroupBy(layer => layer).FirstOrDefault(same => same.Count() > 1)?.Key;
        return twice is null ? groups : throw new InputException($"randomization.layers names {twice} more than once.");
    }

    private static LayerGroup One(Layer layer) => new(layer.PaperName, [layer]);

    private static LayerGroup Find(Network network, string name)
    {
        Layer? layer = network.WeightLayers.FirstOrDefault(layer => layer.Name == name || layer.PaperName == name);
        Layer[] block = [.. network.WeightLayers.Where(layer => layer.Block == name)];
        return layer is not null ? One(layer) : block.Length > 0 ? new LayerGroup(name, block) : throw new InputException(
            $"{network.Architecture} has no layer or block '{name}' with weights; its layers are {string.Join(", ", network.WeightLayers)}, "
            + $"its blocks {string.Join(", ", network.WeightLayers.Select(l => l.Block).Distinct())}.");
    }
}
