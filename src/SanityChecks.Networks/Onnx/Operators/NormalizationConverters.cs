using SanityChecks.Compute;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Networks.Onnx.Operators;

/// <summary>BatchNormalization with the statistics of the training set, and LRN.</summary>
internal static class NormalizationConverters
{
    /// <summary>Each value divided by a power of the mean square of neighboring channels.</summary>
    public static GraphValue LocalResponse(NodeImport node)
    {
        NodeAttributes attributes = node.Attributes;
        GraphValue input = node.Planes(0);
        int size = attributes.Integer("size");
        return size >= 1
            ? node.Add(
                new LocalResponseNormOperation(
                    size, attributes.Float("alpha", 0.0001f), attributes.Float("beta", 0.75f), attributes.Float("bias", 1)),
                input.Stored, [], input)
            : throw new UnsupportedNodeException($"size {size}; at least 1 is supported");
    }

    /// <summary>Scale, shift, mean and variance of each channel.</summary>
    public static GraphValue BatchNorm(NodeImport node)
    {
        // Exports that keep the training's form have more outputs, which nothing reads.
        node.RequireOneOutput();
        node.Attributes.RequireInteger("spatial", 1, 1);
        node.Attributes.RequireInteger("training_mode", 0, 0);
        GraphValue input = node.Activation(0);
        string[] names = ["scales", "shifts", "means", "variances"];
        HostTensor[] learned = [.. names.Select((name, i) => node.Constant(i + 1, name).RequireFloats(name))];
        if (input.Stored.Count is not (1 or 3))
        {
            throw new UnsupportedNodeException($"its input is {input.Description}; [N, C, H, W] and [N, C] are supported", ofShapes: true);
        }

        int channels = input.Stored[0];
        if (learned.FirstOrDefault(tensor => tensor.Shape != new Shape(channels)) is { } other)
        {
            throw new UnsupportedNodeException($"its input is {input.Description}, its statistics {other.Shape}", ofShapes: true);
        }

        return node.Add(new BatchNormOperation(channels, node.Attributes.Float("epsilon", 1e-5f)), input.Stored, learned, input);
    }
}
