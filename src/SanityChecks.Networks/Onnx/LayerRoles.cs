using System.Text.RegularExpressions;
using Onnx;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Networks.Onnx;

/// <summary>What the layers of an imported graph are for: the one that Grad-CAM reads, and the blocks that are randomized
/// together.</summary>
internal static partial class LayerRoles
{
    /// <summary>The layer that Grad-CAM reads: the last with more than one place, pooling left out, before the layer that gives the
    /// classes.</summary>
    /// <param name="layers">All layers, of which the last gives the logits.</param>
    /// <param name="isSpatial">Whether a layer gives [C, H, W] with H W above 1.</param>
    /// <returns>The input where no other layer has places.</returns>
    public static Layer Explained(IReadOnlyList<Layer> layers, Func<Layer, bool> isSpatial)
    {
        Layer? classifier = layers.LastOrDefault(layer => layer.HasWeights);

        // A convolution that gives the classes, whose means are the logits, has a channel for each class and a map of one of them.
        bool givesClasses = classifier is { Operation: ConvolutionOperation or LinearOperation }
            && layers.Skip(classifier.Index + 1)
                .All(layer => IsPooling(layer) || layer.Operation is ActivationOperation or FlattenOperation or ReshapeOperation);
        int end = givesClasses ? classifier!.Index : layers.Count;
        return layers.Take(end).LastOrDefault(layer => isSpatial(layer) && !IsPooling(layer) && !IsArranging(layer)) ?? layers[0];
    }

    /// <summary>The block of a node: PyTorch's module above the layer's own, Keras' block, or the layer itself.</summary>
    /// <param name="name">The layer's name.</param>
    /// <param name="node">The node.</param>
    /// <param name="hasWeights">Whether it has learned anything; only such layers' blocks are asked for.</param>
    public static string Block(string name, NodeProto node, bool hasWeights)
    {
        if (!hasWeights)
        {
            return name;
        }

        string[] parts = node.Name.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length > 1)
        {
            return OfPath(parts[..^1]);
        }

        // Files of older versions of PyTorch name their initializers as the modules, but not the nodes.
        string? weight = node.Input.Skip(1).FirstOrDefault(input => input.EndsWith(".weight", StringComparison.Ordinal));
        return weight is not null ? OfModule(weight[..^".weight".Length]) : name;
    }

    private static bool IsPooling(Layer layer) =>
        layer.Operation is MaxPoolOperation or AveragePoolOperation or AdaptiveAveragePoolOperation;

    private static bool IsArranging(Layer layer) =>
        layer.Operation is PadOperation or SurroundOperation or CropOperation or ChannelsOperation or PermuteOperation or ReshapeOperation;

    /// <summary>/layer4/layer4.1/conv1: a part that begins with the one before it is the same module's child in a sequence.</summary>
    private static string OfPath(string[] parts)
    {
        var modules = new List<string>();
        foreach (string part in parts)
        {
            if (modules.Count > 0 && part.StartsWith(modules[^1] + ".", StringComparison.Ordinal))
            {
                modules[^1] = part;
            }
            else
            {
                modules.Add(part);
            }
        }

        if (KerasBlock().Match(modules[^1]) is { Success: true } keras)
        {
            return keras.Groups[1].Value;
        }

        if (modules.Count == 1 || Numbered().IsMatch(modules[0]))
        {
            return modules.Count == 1 && NumberedChild().Match(modules[0]) is { Success: true } child ? child.Groups[1].Value : modules[0];
        }

        // A parent without a number, such as DenseNet's features, holds the whole network.
        string parent = string.Join('.', modules.SkipLast(1));
        return parent.Any(char.IsAsciiDigit) ? parent : string.Join('.', modules);
    }

    /// <summary>layer4.1.conv1: up to the first number that something follows.</summary>
    private static string OfModule(string module) =>
        NumberedChild().Match(module) is { Success: true } match ? match.Groups[1].Value : module;

    [GeneratedRegex(@"^((conv\d+_)?block_?\d+[a-z]?)_", RegexOptions.CultureInvariant)]
    private static partial Regex KerasBlock();

    [GeneratedRegex(@"\.\d+$", RegexOptions.CultureInvariant)]
    private static partial Regex Numbered();

    [GeneratedRegex(@"^(.+?\.\d+)\.", RegexOptions.CultureInvariant)]
    private static partial Regex NumberedChild();
}
