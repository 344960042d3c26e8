using Onnx;
using SanityChecks.Compute;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Networks.Onnx;

/// <summary>A node while it becomes a layer or a constant: what it reads, its attributes, and the graph that grows.</summary>
/// <param name="graph">Gets the layers.</param>
/// <param name="node">The node.</param>
/// <param name="inputs">What it reads; null for an input that is left out.</param>
internal sealed class NodeImport(GraphImport graph, NodeProto node, IReadOnlyList<GraphValue?> inputs)
{
    /// <summary>The operator's name.</summary>
    public string Operator => node.OpType;

    /// <summary>The version of the operators.</summary>
    public int Opset => graph.Opset;

    /// <summary>The attributes.</summary>
    public NodeAttributes Attributes { get; } = new(node);

    /// <summary>What it reads.</summary>
    public IReadOnlyList<GraphValue?> Inputs => inputs;

    /// <summary>Whether all that it reads is known now.</summary>
    public bool IsConstant => inputs.All(input => input?.Constant is not null || input is null);

    /// <summary>Whether this is the softmax behind the logits.</summary>
    public bool IsAtTheEnd => graph.Head.Contains(node);

    /// <summary>Whether a layer with weights lies before this node.</summary>
    public bool IsBehindWeights => inputs.Any(input => input?.Layer is { } layer && graph.IsBehindWeights(layer));

    /// <summary>An input that must be there.</summary>
    public GraphValue Input(int index) => index < inputs.Count && inputs[index] is { } input
        ? input
        : throw new UnsupportedNodeException($"its input {index} is missing");

    /// <summary>An input that may be left out.</summary>
    public GraphValue? OptionalInput(int index) => index < inputs.Count ? inputs[index] : null;

    /// <summary>A layer's output with its axes as it stores them; put in order by a layer where the graph sees them otherwise.</summary>
    public GraphValue Activation(int index) => graph.InStoredOrder(node, Viewed(index));

    /// <summary>A layer's output, its axes in any order.</summary>
    public GraphValue Viewed(int index) => Input(index) is { Layer: not null } value
        ? value
        : throw new UnsupportedNodeException($"its input {index} is a constant; the output of a layer is supported", ofShapes: true);

    /// <summary>[C, H, W] for each image.</summary>
    public GraphValue Planes(int index) => Activation(index) is { Stored.Count: 3 } value
        ? value
        : throw new UnsupportedNodeException($"its input is {Input(index).Description}; [N, C, H, W] is supported", ofShapes: true);

    /// <summary>An input that must be known now.</summary>
    /// <param name="index">Which one.</param>
    /// <param name="what">What it is, for the error.</param>
    public Constant Constant(int index, string what) => Input(index).Constant
        ?? throw new UnsupportedNodeException($"its {what} are computed from the image; constants are supported");

    /// <summary>An input that must be known now, or null where it is left out.</summary>
    public Constant? OptionalConstant(int index, string what) => OptionalInput(index) is null ? null : Constant(index, what);

    /// <summary>Refuses a use of outputs behind the first.</summary>
    public void RequireOneOutput()
    {
        if (node.Output.Skip(1).FirstOrDefault(graph.IsRead) is { } read)
        {
            throw new UnsupportedNodeException($"its output '{read}' is used; only the first output is supported");
        }
    }

    /// <summary>How many outputs it has.</summary>
    public int Outputs => node.Output.Count;

    /// <summary>Says what an output stands for, for a node of several.</summary>
    public void Define(int index, GraphValue value) => graph.Define(node.Output[index], value);

    /// <summary>What an output stands for.</summary>
    public GraphValue Defined(int index) => graph.Find(node.Output[index])!;

    /// <summary>A layer's output with its axes as the graph sees them.</summary>
    public GraphValue InStoredOrder(GraphValue value) => graph.InStoredOrder(node, value);

    /// <summary>How many nodes and outputs read an input of this node.</summary>
    public int Readers(int index) => graph.Readers(node.Input[index]);

    /// <summary>Adds a layer that is called as the node.</summary>
    /// <param name="operation">What it computes.</param>
    /// <param name="axes">Its output's axes behind the batch.</param>
    /// <param name="tensors">What it has learned, in the order of the operation's parameters.</param>
    /// <param name="reads">What it reads, in their stored order.</param>
    public GraphValue Add(Operation operation, IReadOnlyList<int> axes, IReadOnlyList<HostTensor> tensors, params GraphValue[] reads) =>
        graph.Add(node, "", operation, axes, tensors, reads);

    /// <summary>As above, for another layer of the same node.</summary>
    public GraphValue AddPart(string suffix, Operation operation, IReadOnlyList<int> axes, params GraphValue[] reads) =>
        graph.Add(node, suffix, operation, axes, [], reads);

    /// <summary>A layer that changes no axis, seen as its input is.</summary>
    public GraphValue AddElementwise(Operation operation, GraphValue read) =>
        read.From(graph.Add(node, "", operation, read.Stored, [], [read]).Layer!);

    /// <summary>Puts another operation with more tensors in the place of the layer that was added last for a value.</summary>
    public GraphValue Replace(GraphValue value, Operation operation, IReadOnlyList<HostTensor> tensors) =>
        graph.Replace(value, operation, tensors);

    /// <summary>The learned tensors of a layer.</summary>
    public IReadOnlyList<HostTensor> Tensors(Layer layer) => graph.Tensors(layer);

    /// <summary>The same changed form of a tensor each time that it is asked for, so that nodes that share an initializer share
    /// it.</summary>
    public HostTensor Changed(HostTensor tensor, string change, Func<HostTensor> make) => graph.Changed(tensor, change, make);

    /// <summary>Makes sure that a computed constant does not grow without bounds.</summary>
    public void Spend(long values) => graph.Spend(values);

    /// <summary>Reads a tensor among the attributes.</summary>
    public Constant Read(TensorProto tensor) => graph.Reader.Read(tensor);

    /// <summary>Says something of the reading to the user.</summary>
    public void Note(string note) => graph.Note(note);
}
