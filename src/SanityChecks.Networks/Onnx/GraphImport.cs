using System.Globalization;
using Onnx;
using SanityChecks.Compute;
using SanityChecks.Networks.Onnx.Operators;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Networks.Onnx;

/// <summary>Walks the nodes of a graph once, in their order, and makes layers and constants of them.</summary>
/// <remarks>A node that cannot become a layer is remembered, and its output taken for one of its input's shape, so that one reading
/// finds all of them.</remarks>
internal sealed class GraphImport
{
    private const int LongestName = 200;

    private readonly Dictionary<string, GraphValue> values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> readers = new(StringComparer.Ordinal);
    private readonly List<Layer> layers = [];
    private readonly Dictionary<int, IReadOnlyList<int>> axes = [];
    private readonly Dictionary<int, IReadOnlyList<HostTensor>> tensors = [];
    private readonly HashSet<int> behindWeights = [];
    /// <summary>How often each name was asked for.</summary>
    private readonly Dictionary<string, int> names = new(StringComparer.Ordinal);
    private readonly Dictionary<(HostTensor Tensor, string Change), HostTensor> changed = [];
    private readonly List<string> notes = [];
    private readonly Dictionary<string, TensorProto> initializers;
    private readonly List<NodeProto> needed;
    private long budget;

    /// <summary>Prepares a graph.</summary>
    /// <param name="graph">As in the file.</param>
    /// <param name="opset">The version of its operators.</param>
    /// <param name="output">The name of the output that is wanted; nodes that do not lead to it are left out.</param>
    /// <param name="reader">Reads tensors.</param>
    /// <param name="budget">How many values computed constants may have together.</param>
    /// <param name="keepsHead">Whether a softmax behind the logits counts as any other node.</param>
    public GraphImport(GraphProto graph, int opset, string output, TensorReader reader, long budget, bool keepsHead)
    {
        (Opset, Reader, this.budget) = (opset, reader, budget);
        initializers = new Dictionary<string, TensorProto>(StringComparer.Ordinal);
        foreach (TensorProto tensor in graph.Initializer)
        {
            initializers[tensor.Name] = tensor;
        }

        var producers = new Dictionary<string, NodeProto>(StringComparer.Ordinal);
        foreach (NodeProto node in graph.Node)
        {
            foreach (string name in node.Output)
            {
                producers[name] = node;
            }
        }

        var wanted = new HashSet<string>(StringComparer.Ordinal) { output };
        needed = [];
        foreach (NodeProto node in graph.Node.Reverse().Where(node => node.Output.Any(wanted.Contains)))
        {
            needed.Add(node);
            wanted.UnionWith(node.Input);
        }

        needed.Reverse();
        readers[output] = 1;
        foreach (string name in needed.SelectMany(node => node.Input).Where(name => name.Length > 0))
        {
            readers[name] = readers.GetValueOrDefault(name) + 1;
        }

        Head = keepsHead ? new HashSet<NodeProto>() : ClassifierHead.Of(producers, output);
    }

    /// <summary>The version of the operators.</summary>
    public int Opset { get; }

    /// <summary>Reads tensors.</summary>
    public TensorReader Reader { get; }

    /// <summary>The softmax behind the logits, which is left out.</summary>
    public IReadOnlySet<NodeProto> Head { get; }

    /// <summary>The nodes that lead to the output.</summary>
    public IReadOnlyList<NodeProto> Needed => needed;

    /// <summary>All layers so far; a list that grows.</summary>
    public IReadOnlyList<Layer> Layers => layers;

    /// <summary>What was decided, for the user.</summary>
    public IReadOnlyList<string> Notes => notes;

    /// <summary>The nodes that cannot become layers, with the reason each, in the graph's order.</summary>
    public List<(NodeProto Node, string Reason)> Unsupported { get; } = [];

    /// <summary>Adds a layer that reads none of the graph's: the images.</summary>
    public Layer AddSource(string name, Operation? operation, IReadOnlyList<int> shape, params Layer[] reads)
    {
        var layer = new Layer(layers.Count, Unique(name), name, name, operation, reads);
        layers.Add(layer);
        axes.Add(layer.Index, shape);
        return layer;
    }

    /// <summary>Says what a name stands for.</summary>
    public void Define(string name, GraphValue value) => values[name] = value;

    /// <summary>Whether a name is an initializer.</summary>
    public bool IsInitializer(string name) => initializers.ContainsKey(name);

    /// <summary>Makes layers of all nodes that lead to the output.</summary>
    /// <returns>The output.</returns>
    /// <exception cref="UnsupportedNodeException">Nothing defines the output; nodes that cannot become layers are in
    /// <see cref="Unsupported"/>.</exception>
    public GraphValue Run(string output)
    {
        foreach (NodeProto node in needed)
        {
            Convert(node);
        }

        return Find(output) ?? throw new UnsupportedNodeException($"no node gives the output '{output}'");
    }

    /// <summary>The layers that a layer depends on, and itself as the last, numbered anew; with the axes behind the batch and the learned
    /// tensors of each.</summary>
    public (IReadOnlyList<Layer> Layers, Func<Layer, IReadOnlyList<int>> Axes, Func<Layer, IReadOnlyList<HostTensor>> Tensors) LeadingTo(
        Layer last)
    {
        var needed = new HashSet<int> { 0, last.Index };
        for (int i = last.Index; i > 0; i--)
        {
            if (needed.Contains(i))
            {
                needed.UnionWith(layers[i].Inputs.Select(input => input.Index));
            }
        }

        var copies = new Dictionary<int, Layer>();
        var result = new List<Layer>();
        var sources = new List<int>();
        foreach (int index in needed.Order())
        {
            Layer layer = layers[index] with
            {
                Index = result.Count, Inputs = [.. layers[index].Inputs.Select(read => copies[read.Index])],
            };
            copies.Add(index, layer);
            result.Add(layer);
            sources.Add(index);
        }

        return (result, layer => axes[sources[layer.Index]], layer => tensors.GetValueOrDefault(sources[layer.Index]) ?? []);
    }

    public bool IsRead(string name) => readers.ContainsKey(name);

    public int Readers(string name) => readers.GetValueOrDefault(name);

    public bool IsBehindWeights(Layer layer) => behindWeights.Contains(layer.Index);

    public IReadOnlyList<HostTensor> Tensors(Layer layer) => tensors.GetValueOrDefault(layer.Index) ?? [];

    public GraphValue Add(
        NodeProto node, string suffix, Operation operation, IReadOnlyList<int> shape, IReadOnlyList<HostTensor> learned,
        IReadOnlyList<GraphValue> reads)
    {
        string name = Unique((node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault(output => output.Length > 0) ?? node.OpType)
            + suffix);
        var layer = new Layer(
            layers.Count, name, name, LayerRoles.Block(name, node, learned.Count > 0), operation, [.. reads.Select(read => read.Layer!)]);
        layers.Add(layer);
        axes.Add(layer.Index, shape);
        tensors.Add(layer.Index, learned);
        if (learned.Count > 0 || layer.Inputs.Any(IsBehindWeights))
        {
            behindWeights.Add(layer.Index);
        }

        return GraphValue.Of(layer, shape) with { IsGuess = reads.Any(read => read.IsGuess) };
    }

    public GraphValue Replace(GraphValue value, Operation operation, IReadOnlyList<HostTensor> learned)
    {
        Layer layer = value.Layer! with { Operation = operation };
        layers[layer.Index] = layer;
        tensors[layer.Index] = learned;
        return value.From(layer);
    }

    public GraphValue InStoredOrder(NodeProto node, GraphValue value) => value.Order is null
        ? value
        : ArrangingConverters.InOrder(new NodeImport(this, node, [value]), value);

    public HostTensor Changed(HostTensor tensor, string change, Func<HostTensor> make)
    {
        if (!changed.TryGetValue((tensor, change), out HostTensor? made))
        {
            Spend(tensor.Shape.Count);
            made = make();
            changed.Add((tensor, change), made);
        }

        return made;
    }

    public void Spend(long count)
    {
        budget -= count;
        if (budget < 0)
        {
            throw new UnsupportedNodeException("it computes larger constants than the file has tensors");
        }
    }

    public void Note(string note)
    {
        if (!notes.Contains(note))
        {
            notes.Add(note);
        }
    }

    private void Convert(NodeProto node)
    {
        GraphValue? guess = null;
        try
        {
            guess = node.Input.Select(name => values.GetValueOrDefault(name)).FirstOrDefault(input => input?.Layer is not null)
                ?? node.Input.Select(name => values.GetValueOrDefault(name)).FirstOrDefault(input => input is not null);
            GraphValue?[] inputs = [.. node.Input.Select(name => name.Length == 0 ? null : Required(name))];
            bool guessed = inputs.Any(input => input is { IsGuess: true });
            var import = new NodeImport(this, node, inputs);
            GraphValue value = OperatorTable.Converter(node)(import);
            Define(node.Output[0], guessed ? value with { IsGuess = true } : value);
            return;
        }
        catch (UnsupportedNodeException unsupported)
        {
            if (!(guess is { IsGuess: true } && (unsupported.OfShapes || guess.Constant is not null)))
            {
                Unsupported.Add((node, unsupported.Message));
            }
        }
        catch (OverflowException)
        {
            Unsupported.Add((node, "its sizes are too large"));
        }
        catch (ArgumentException error)
        {
            // The engine's own rules for shapes that do not fit each other.
            if (guess is not { IsGuess: true })
            {
                Unsupported.Add((node, error.Message.ReplaceLineEndings(" ")));
            }
        }

        foreach (string name in node.Output)
        {
            Define(name, (guess ?? GraphValue.Of(Constant.Row())) with { IsGuess = true });
        }
    }

    private GraphValue Required(string name) => Find(name) ?? throw new UnsupportedNodeException(
        $"it reads '{name}', which is no input, initializer or output of a node before it");

    /// <summary>What a name stands for; null for one that nothing defines.</summary>
    public GraphValue? Find(string name)
    {
        if (values.TryGetValue(name, out GraphValue? value))
        {
            return value;
        }

        if (!initializers.TryGetValue(name, out TensorProto? tensor))
        {
            return null;
        }

        value = GraphValue.Of(Reader.Read(tensor));
        values.Add(name, value);
        return value;
    }

    /// <summary>A name that no layer has yet; others follow with a number.</summary>
    private string Unique(string name)
    {
        string wanted = name.Length > LongestName ? name[..LongestName] : name, free = wanted;
        while (names.ContainsKey(free))
        {
            free = string.Create(CultureInfo.InvariantCulture, $"{wanted}_{++names[wanted]}");
        }

        names.Add(free, 1);
        return free;
    }
}
