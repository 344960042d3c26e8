using SanityChecks.Compute;
using SanityChecks.Networks.Operations;
using SanityChecks.RunFiles;

namespace SanityChecks.Networks;

/// <summary>An immutable graph of named layers, without weights: the same network serves trained and randomized
/// <see cref="Weights"/>.</summary>
public sealed class Network
{
    private readonly Dictionary<string, Layer> byName = new(StringComparer.Ordinal);
    private readonly int? classes;
    private readonly IReadOnlyList<int>? outputAxes;

    /// <summary>Closes a graph.</summary>
    /// <param name="architecture">Its name: <c>vgg16</c>.</param>
    /// <param name="layers">In computing order; the first is the input [N, C, H, W], the last gives the logits [N, classes].</param>
    /// <param name="explained">The layer that Grad-CAM reads by default: the last convolution's ReLU.</param>
    /// <exception cref="ArgumentException">Two layers share a name.</exception>
    public Network(string architecture, IReadOnlyList<Layer> layers, Layer explained)
    {
        Architecture = architecture;
        Layers = layers;
        Explained = explained;
        foreach (Layer layer in layers)
        {
            byName.Add(layer.Name, layer);
            if (layer.PaperName != layer.Name)
            {
                byName.Add(layer.PaperName, layer);
            }
        }

        WeightLayers = [.. layers.Where(layer => layer.HasWeights).Reverse()];
        Tensors = [.. layers.SelectMany(layer => layer.Operation?.Parameters.Select(p => ($"{layer.Name}.{p.Suffix}", p.Shape)) ?? [])];
    }

    /// <summary>The architecture's name.</summary>
    public string Architecture { get; }

    /// <summary>All layers; each comes after those that it reads.</summary>
    public IReadOnlyList<Layer> Layers { get; }

    /// <summary>The image batch, [N, C, H, W].</summary>
    public Layer Input => Layers[0];

    /// <summary>The images that it was made for; most networks take other sizes too.</summary>
    public ImageSize ImageSize { get; init; } = new(3, 224, 224);

    /// <summary>The layer that gives the logits, [N, classes].</summary>
    public Layer Output => Layers[^1];

    /// <summary>The layer that Grad-CAM reads unless told otherwise.</summary>
    public Layer Explained { get; }

    /// <summary>The layers with weights, from the logits down: the order in which a cascade randomizes them.</summary>
    public IReadOnlyList<Layer> WeightLayers { get; }

    /// <summary>Names and shapes of the tensors that a weight file must hold.</summary>
    public IReadOnlyList<(string Name, Shape Shape)> Tensors { get; }

    /// <summary>The number of classes; that of the outputs of the last layer with weights unless it was set.</summary>
    public int Classes
    {
        get => classes ?? WeightLayers[0].Operation!.Parameters[0].Shape[0];
        init => classes = value;
    }

    /// <summary>The axes behind the images that the outputs had before they became a row: [classes] for a classifier.</summary>
    public IReadOnlyList<int> OutputAxes
    {
        get => outputAxes ?? [Classes];
        init => outputAxes = value;
    }

    /// <summary>Whether a ReLU lies anywhere in it: without one the guided rule would change nothing.</summary>
    public bool HasRelu => Layers.Any(layer => layer.Operation is ActivationOperation);

    /// <summary>The place in the row of outputs of one element.</summary>
    /// <param name="index">A position from 0 along each of <see cref="OutputAxes"/>.</param>
    /// <exception cref="InputException">There is no such element.</exception>
    public int ElementAt(IReadOnlyList<int> index)
    {
        ArgumentNullException.ThrowIfNull(index);
        bool exists = index.Count == OutputAxes.Count && index.Zip(OutputAxes).All(one => one.First >= 0 && one.First < one.Second);
        return exists
            ? index.Zip(OutputAxes).Aggregate(0, (place, one) => (place * one.Second) + one.First)
            : throw new InputException($"the output has the axes [{string.Join(", ", OutputAxes)}] behind the images, and no element [{string.Join(", ", index)}]");
    }

    /// <summary>The layer of a name in either spelling.</summary>
    /// <param name="name">torchvision's (<c>features.28</c>) or the literature's (<c>conv5_3</c>).</param>
    /// <exception cref="InputException">There is none; the message lists the names.</exception>
    public Layer Find(string name) => byName.TryGetValue(name, out Layer? layer)
        ? layer
        : throw new InputException(
            $"{Architecture} has no layer '{name}'; its layers are {string.Join(", ", Layers.Skip(1).Select(Both))}.");

    private static string Both(Layer layer) => layer.Name == layer.PaperName ? layer.Name : $"{layer.PaperName} ({layer.Name})";
}
