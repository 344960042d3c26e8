using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Networks.Architectures;
using SanityChecks.Networks.Operations;
using SanityChecks.RunFiles;
using SanityChecks.Saliency.Randomization;

namespace SanityChecks.Training;

/// <summary>Networks that have not learned yet: all of them, or their last layer. Weights by he_normal (He et al. 2015), biases
/// 0.</summary>
public static class InitialWeights
{
    /// <summary>A new network of any width.</summary>
    /// <param name="architecture">One of <see cref="ArchitectureList.Names"/>.</param>
    /// <param name="width">Part of the published number of channels that each convolution gets, rounded, at least one channel; above
    /// 0.</param>
    /// <param name="hidden">Outputs of the fully connected layers below the last one; null for the published ones.</param>
    /// <param name="classes">Outputs of the last layer.</param>
    /// <param name="seed">Decides the weights.</param>
    /// <exception cref="InputException">The architecture is unknown.</exception>
    public static (Network Network, Weights Weights) Random(string architecture, double width, int? hidden, int classes, ulong seed)
    {
        Network published = ArchitectureList.Build(architecture);

        // A network takes its widths from the first axes of its weights.
        Network network = ArchitectureList.Build(
            architecture, new Weights(published.WeightLayers.Where(layer => layer.Operation is ConvolutionOperation or LinearOperation)
            .Select(layer => KeyValuePair.Create(layer.Name + ".weight", Zeros(new Shape(Outputs(layer)))))));
        var zeros = new Weights(network.Tensors.Select(tensor => KeyValuePair.Create(tensor.Name, Zeros(tensor.Shape))));
        return (network, Drawn(network, zeros, network.WeightLayers, seed));

        int Outputs(Layer layer)
        {
            int outputs = layer.Operation!.Parameters[0].Shape[0];
            return layer == published.WeightLayers[0] ? classes
                : layer.Operation is LinearOperation ? hidden ?? outputs
                : Math.Max(1, (int)Math.Round(outputs * width));
        }
    }

    /// <summary>The same network for other classes: a new last layer where their number differs, else what was given.</summary>
    /// <param name="network">The network.</param>
    /// <param name="weights">Its weights; every tensor but the last layer's is shared.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="seed">Decides the new layer's weights.</param>
    /// <exception cref="InputException">The network was read from a file, and its last layer with weights does not give its
    /// logits.</exception>
    public static (Network Network, Weights Weights) WithClasses(Network network, Weights weights, int classes, ulong seed)
    {
        if (network.Classes == classes)
        {
            return (network, weights);
        }

        string last = network.WeightLayers[0].Name + ".";
        var resized = new Weights(weights.Select(one => KeyValuePair.Create(
            one.Key, one.Key.StartsWith(last, StringComparison.Ordinal)
                ? Zeros(new Shape([classes, .. one.Value.Shape.Axes[1..]]))
                : one.Value)));
        Network other = ArchitectureList.Names.Contains(network.Architecture)
            ? ArchitectureList.Build(network.Architecture, resized)
            : NetworkVariants.WithClasses(network, classes) ?? throw new InputException(
                $"{network.Architecture}: the layer {network.WeightLayers[0]} does not give the logits, so that the {network.Classes} classes cannot become {classes}");
        return (other, Drawn(other, resized, [other.WeightLayers[0]], seed));
    }

    private static Weights Drawn(Network network, Weights weights, IReadOnlyList<Layer> layers, ulong seed) =>
        new Randomizer(weights, Initializers.Find("he_normal"), seed, batchNorm: BatchNormRule.ResetStatistics).Randomize(layers, draw: 0);

    private static HostTensor Zeros(Shape shape) => new(shape, new float[shape.Count]);
}
