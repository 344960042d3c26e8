using System.Runtime.CompilerServices;
using SanityChecks.Compute;
using SanityChecks.Networks.Architectures;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Networks;

/// <summary>A network that computes the same function, to rounding, without the batch normalizations that follow a convolution: each is
/// multiplied into it.</summary>
/// <remarks>weight s and (bias - mean) s + shift with s = scale / sqrt(variance + epsilon). A normalization that follows anything else, or
/// whose convolution has another reader too, stays.</remarks>
public sealed class MergedNetwork
{
    private const string Ending = "_bn";

    private static readonly ConditionalWeakTable<Network, MergedNetwork> Made = [];

    /// <summary>By the convolution's weight, what it was last merged with.</summary>
    private readonly ConditionalWeakTable<HostTensor, Merged> merged = [];

    /// <summary>By the convolution's name.</summary>
    private readonly Dictionary<string, Layer> normalizations;

    private MergedNetwork(Network network)
    {
        var readers = network.Layers.SelectMany(layer => layer.Inputs.Select(input => (input, layer)))
            .ToLookup(pair => pair.input, pair => pair.layer);
        normalizations = network.Layers
            .Where(layer => layer.Operation is BatchNormOperation && layer.Inputs[0].Operation is ConvolutionOperation
                && readers[layer.Inputs[0]].Count() == 1)
            .ToDictionary(layer => layer.Inputs[0].Name, StringComparer.Ordinal);
        Network = normalizations.Count == 0 ? network : Without(network);
    }

    /// <summary>The graph; the very network where there is nothing to merge.</summary>
    public Network Network { get; }

    /// <summary>The merged form of a network.</summary>
    public static MergedNetwork Of(Network network) => Made.GetValue(network, one => new MergedNetwork(one));

    /// <summary>Whether the merged form of an architecture is an architecture of its own: vgg16 of vgg16_bn.</summary>
    /// <param name="architecture">One of <see cref="ArchitectureList.Names"/>.</param>
    public static bool HasArchitecture(string architecture) =>
        architecture.EndsWith(Ending, StringComparison.Ordinal) && ArchitectureList.Names.Contains(architecture[..^Ending.Length]);

    /// <summary>Weights of <see cref="Network"/>. What is merged of the same tensors is the same tensor.</summary>
    /// <param name="weights">Weights of the network that was merged.</param>
    public Weights Weights(Weights weights) => normalizations.Count == 0 ? weights : new Weights(Network.Layers.SelectMany(layer =>
        normalizations.TryGetValue(layer.Name, out Layer? normalization)
            ? Of(layer, normalization, weights)
            : layer.TensorNames.Select(name => KeyValuePair.Create(name, weights[name]))));

    /// <summary>The merged network under the name of the architecture without normalizations, and with its tensor names.</summary>
    /// <param name="network">An architecture for which <see cref="HasArchitecture"/> holds.</param>
    /// <param name="weights">Its weights.</param>
    public static (Network Network, Weights Weights) AsArchitecture(Network network, Weights weights)
    {
        MergedNetwork without = Of(network);
        Weights values = without.Weights(weights);
        string architecture = network.Architecture[..^Ending.Length];

        // The names of modules count the normalizations; the literature's do not.
        var named = new Weights(ArchitectureList.Build(architecture).WeightLayers.Reverse().SelectMany(layer => layer.TensorNames.Select(
            name => KeyValuePair.Create(name, values[without.Network.Find(layer.PaperName).Name + name[layer.Name.Length..]]))));
        return (ArchitectureList.Build(architecture, named), named);
    }

    private Network Without(Network network)
    {
        var copies = new Dictionary<Layer, Layer>();
        var layers = new List<Layer>();
        foreach (Layer layer in network.Layers)
        {
            if (layer.Operation is BatchNormOperation && normalizations.ContainsValue(layer))
            {
                copies.Add(layer, copies[layer.Inputs[0]]);
                continue;
            }

            Operation? operation = normalizations.ContainsKey(layer.Name)
                ? ((ConvolutionOperation)layer.Operation!).WithBias()
                : layer.Operation;
            layers.Add(layer with
            {
                Index = layers.Count, Operation = operation, Inputs = [.. layer.Inputs.Select(input => copies[input])],
            });
            copies.Add(layer, layers[^1]);
        }

        return new Network(network.Architecture, layers, copies[network.Explained])
        {
            ImageSize = network.ImageSize, Classes = network.Classes,
        };
    }

    private IEnumerable<KeyValuePair<string, HostTensor>> Of(Layer layer, Layer normalization, Weights weights)
    {
        HostTensor weight = weights[layer.Name + ".weight"];
        weights.TryGet(layer.Name + ".bias", out HostTensor? bias);
        HostTensor?[] sources = [bias, .. normalization.TensorNames.Select(name => weights[name])];
        if (!merged.TryGetValue(weight, out Merged? made) || !made.Sources.SequenceEqual(sources))
        {
            made = Merged.Of(weight, sources, ((BatchNormOperation)normalization.Operation!).Epsilon);
            merged.AddOrUpdate(weight, made);
        }

        return [KeyValuePair.Create(layer.Name + ".weight", made.Weight), KeyValuePair.Create(layer.Name + ".bias", made.Bias)];
    }

    private sealed record Merged(HostTensor?[] Sources, HostTensor Weight, HostTensor Bias)
    {
        public static Merged Of(HostTensor weight, HostTensor?[] sources, float epsilon)
        {
            float[] values = weight.Values.ToArray(), shifts = new float[weight.Shape[0]];
            int filter = values.Length / shifts.Length;
            for (int o = 0; o < shifts.Length; o++)
            {
                double bias = sources[0] is { } own ? own.Values[o] : 0;
                double factor = Value(1) / Math.Sqrt(Value(4) + epsilon);
                shifts[o] = (float)(((bias - Value(3)) * factor) + Value(2));
                for (int i = o * filter; i < (o + 1) * filter; i++)
                {
                    values[i] = (float)(values[i] * factor);
                }

                // In the order of the operation's parameters, behind the convolution's bias: scale, shift, mean, variance.
                double Value(int source) => sources[source]!.Values[o];
            }

            return new Merged(sources, new HostTensor(weight.Shape, values), new HostTensor(new Shape(shifts.Length), shifts));
        }
    }
}
