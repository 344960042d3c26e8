using Onnx;

namespace SanityChecks.Networks.Onnx;

/// <summary>The softmax that many files have behind the logits, which maps are not of.</summary>
internal static class ClassifierHead
{
    private static readonly HashSet<string> Softmaxes = ["Softmax", "LogSoftmax", "Sigmoid"];
    private static readonly HashSet<string> Passing = ["Identity", "Flatten", "Reshape", "Squeeze", "Unsqueeze", "Cast", "Dropout"];

    /// <summary>The softmax, if nothing but changes of shape follows it; else nothing.</summary>
    /// <param name="producers">By a value's name, the node that gives it.</param>
    /// <param name="output">The graph's output.</param>
    public static IReadOnlySet<NodeProto> Of(IReadOnlyDictionary<string, NodeProto> producers, string output)
    {
        var seen = new HashSet<NodeProto>(ReferenceEqualityComparer.Instance);
        for (string name = output; producers.TryGetValue(name, out NodeProto? node) && node.Input.Count > 0 && seen.Add(node);)
        {
            if (Softmaxes.Contains(node.OpType))
            {
                return new HashSet<NodeProto>(ReferenceEqualityComparer.Instance) { node };
            }

            if (!Passing.Contains(node.OpType))
            {
                break;
            }

            name = node.Input[0];
        }

        return new HashSet<NodeProto>(ReferenceEqualityComparer.Instance);
    }
}
