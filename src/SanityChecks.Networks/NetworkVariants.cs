using SanityChecks.Compute;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Networks;

/// <summary>Networks made of others, to see what a change that says nothing does.</summary>
public static class NetworkVariants
{
    private const string Identity = "identity";

    /// <summary>The same function with a convolution before all others that changes nothing.</summary>
    /// <param name="network">The network.</param>
    /// <param name="weights">Its weights.</param>
    public static (Network Network, Weights Weights) WithIdentity(Network network, Weights weights)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(weights);
        int channels = network.ImageSize.Channels;
        var shape = new Shape(channels, channels, 1, 1);
        float[] ones = new float[shape.Count];
        for (int channel = 0; channel < channels; channel++)
        {
            ones[(channel * channels) + channel] = 1;
        }

        Layer input = network.Input;
        var identity = new Layer(
            1, Identity, Identity, input.Block, new ConvolutionOperation(shape, ConvolutionGeometry.Square(1, 0), bias: false), [input]);
        var copies = new Dictionary<Layer, Layer> { [input] = identity };
        var layers = new List<Layer> { input, identity };
        foreach (Layer layer in network.Layers.Skip(1))
        {
            layers.Add(layer with { Index = layers.Count, Inputs = [.. layer.Inputs.Select(read => copies[read])] });
            copies.Add(layer, layers[^1]);
        }

        return (
            new Network(network.Architecture, layers, copies[network.Explained])
            {
                ImageSize = network.ImageSize, Classes = network.Classes,
            },
            new Weights(weights.Prepend(KeyValuePair.Create(Identity + ".weight", new HostTensor(shape, ones)))));
    }

    /// <summary>The network with another number of classes: its last layer with weights has other outputs.</summary>
    /// <param name="network">A network whose last layer with weights gives its logits.</param>
    /// <param name="classes">How many.</param>
    /// <returns>Null where another layer than a fully connected one or a convolution gives them.</returns>
    public static Network? WithClasses(Network network, int classes)
    {
        ArgumentNullException.ThrowIfNull(network);
        Layer last = network.WeightLayers[0];
        Operation? operation = last.Operation switch
        {
            LinearOperation linear => linear.WithOutputs(classes),
            ConvolutionOperation convolution => convolution.WithOutputs(classes),
            _ => null,
        };
        if (operation is null || last.Operation!.Parameters[0].Shape[0] != network.Classes)
        {
            return null;
        }

        var copies = new Dictionary<Layer, Layer>();
        var layers = new List<Layer>();
        foreach (Layer layer in network.Layers)
        {
            layers.Add(layer with
            {
                Operation = layer == last ? operation : layer.Operation, Inputs = [.. layer.Inputs.Select(input => copies[input])],
            });
            copies.Add(layer, layers[^1]);
        }

        return new Network(network.Architecture, layers, copies[network.Explained]) { ImageSize = network.ImageSize, Classes = classes };
    }

    /// <summary>The network with one more class, whose logit is a combination of two others'.</summary>
    /// <param name="network">A network that ends in a fully connected layer.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="first">A class, and how often its logit counts.</param>
    /// <param name="second">Another.</param>
    /// <returns>Null where the network ends otherwise.</returns>
    public static (Network Network, Weights Weights)? WithCombinedClass(
        Network network, Weights weights, (int Class, float Times) first, (int Class, float Times) second)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(weights);
        Layer last = network.Output;
        if (last.Operation is not LinearOperation linear)
        {
            return null;
        }

        HostTensor weight = weights[last.Name + ".weight"];
        var shape = new Shape(weight.Shape[0] + 1, weight.Shape[1]);
        Layer[] layers = [.. network.Layers.SkipLast(1), last with { Operation = linear.WithOutputs(shape[0]) }];
        return (
            new Network(network.Architecture, layers, network.Explained == last ? layers[^1] : network.Explained)
            {
                ImageSize = network.ImageSize, Classes = shape[0],
            },
            new Weights(weights.Select(one => one.Value == weight ? KeyValuePair.Create(one.Key, Longer(weight, shape))
                : one.Key == last.Name + ".bias" ? KeyValuePair.Create(one.Key, Longer(one.Value, new Shape(shape[0]))) : one)));

        HostTensor Longer(HostTensor tensor, Shape longer)
        {
            int row = (int)(longer.Count - tensor.Shape.Count);
            float[] values = new float[longer.Count];
            tensor.Values.CopyTo(values);
            for (int i = 0; i < row; i++)
            {
                values[^(row - i)] = (first.Times * tensor.Values[(first.Class * row) + i])
                    + (second.Times * tensor.Values[(second.Class * row) + i]);
            }

            return new HostTensor(longer, values);
        }
    }
}
