using Google.Protobuf;
using Onnx;
using SanityChecks.Compute;
using SanityChecks.Networks.Onnx.Operators;
using SanityChecks.Networks.Operations;
using SanityChecks.Networks.WeightFiles;
using DataType = Onnx.TensorProto.Types.DataType;

namespace SanityChecks.Networks.Onnx;

/// <summary>Reads image classifiers from ONNX files: the graph becomes a <see cref="Network"/> with gradients of our own.</summary>
/// <remarks>
/// <para>Operators of versions 7 to 21, in 32-bit floats, whatever floating-point type the file has. Layers are named as the nodes, or as
/// their outputs where they have no name; the tensors of a layer are its own, so that where nodes share an initializer each layer is
/// randomized by itself, beginning with the same tensor.</para>
/// <para>A file comes from anywhere, so nothing in it is trusted: declared sizes are compared with what is there before memory is taken,
/// and nothing outside the file's folder is read. Specification: github.com/onnx/onnx, docs/IR.md and docs/Operators.md.</para>
/// </remarks>
public static class OnnxFile
{
    /// <summary>What a configuration calls a network that is read from such a file.</summary>
    public const string Architecture = "onnx";

    private const int Oldest = 7, Newest = 21, Side = 224, LargestSide = 8192, Listed = 8;

    // Shapes are small; what is transposed is no larger than the file.
    private const long SmallConstants = 1 << 24;

    /// <summary>Reads a classifier.</summary>
    /// <param name="path">An .onnx file; tensors may lie in files beside it.</param>
    /// <param name="output">The name of the output that is wanted, of any number of axes; null for the first, which must be a
    /// classifier's.</param>
    /// <param name="given">A tensor for each input but the images, under its name; null where there is no other input.</param>
    /// <exception cref="WeightFileException">The file cannot be read, is damaged, reaches out of its folder, or is no image classifier of
    /// supported operators; the message lists every node that is not supported, up to eight.</exception>
    public static ImportedNetwork Load(string path, string? output = null, Weights? given = null)
    {
        ((Network Network, Weights Weights, IReadOnlyList<string> Notes, IReadOnlyList<RunFiles.FileRecord> Files) read, string sha256) =
            WeightFile.Hashed(path, stream =>
            {
                using var files = new ExternalFiles(path);
                try
                {
                    (Network network, Weights weights, IReadOnlyList<string> notes) =
                        Import(ModelProto.Parser.ParseFrom(stream), files, SmallConstants + stream.Length, output, given);
                    return (network, weights, notes, files.Records());
                }
                catch (InvalidProtocolBufferException error)
                {
                    throw new WeightFileException(path, "this is no ONNX file, or it is damaged: " + error.Message, inner: error);
                }
                catch (UnsupportedNodeException error)
                {
                    throw new WeightFileException(path, error.Message, inner: error);
                }
            });
        return new ImportedNetwork(read.Network, read.Weights, sha256) { ExternalFiles = read.Files, Notes = read.Notes };
    }

    /// <summary>Prepares the graph of a model.</summary>
    /// <param name="model">As in the file.</param>
    /// <param name="output">The name of the output that is wanted.</param>
    /// <param name="files">Where tensors may lie.</param>
    /// <param name="budget">How many values computed constants may have together.</param>
    /// <param name="keepsHead">Whether a softmax behind the logits counts as any other node.</param>
    internal static GraphImport Begin(ModelProto model, string output, ExternalFiles files, long budget, bool keepsHead = false)
    {
        OperatorSetIdProto? operators = model.OpsetImport.FirstOrDefault(one => one.Domain is "" or "ai.onnx");
        return operators?.Version is >= Oldest and <= Newest
            ? new GraphImport(model.Graph, (int)operators.Version, output, new TensorReader(files), budget, keepsHead)
            : throw new UnsupportedNodeException(
                operators is null ? "it names no version of its operators"
                    : $"its operators are of version {operators.Version}; {Oldest} to {Newest} are supported");
    }

    private static (Network Network, Weights Weights, IReadOnlyList<string> Notes) Import(
        ModelProto model, ExternalFiles files, long budget, string? chosen, Weights? given)
    {
        if (model.Graph is not { Node.Count: > 0, Output.Count: > 0 } graph)
        {
            throw new UnsupportedNodeException("this is no ONNX file, or it is damaged: it has no graph with an output");
        }

        if (chosen is not null && graph.Output.All(one => one.Name != chosen))
        {
            throw new UnsupportedNodeException(
                $"it has no output '{chosen}'; its outputs are {string.Join(", ", graph.Output.Take(Listed).Select(one => one.Name))}");
        }

        string output = chosen ?? graph.Output[0].Name;
        GraphImport import = Begin(model, output, files, budget);
        ImageSize size = AddInputs(graph, import, given);
        GraphValue logits = import.Run(output);
        RequireSupported(import);
        int[] wide = [.. logits.Stored.Where(axis => axis > 1)];
        if (logits.Layer is null || (wide.Length > 1 && chosen is null))
        {
            throw new UnsupportedNodeException($"its output '{output}' is {logits.Description}; a classifier's is [N, classes]");
        }

        logits = import.InStoredOrder(new NodeProto { Name = output }, logits);
        IReadOnlyList<int> outputAxes = chosen is null ? [checked((int)logits.Count)] : logits.Stored;
        if (logits.Stored.Count > 1)
        {
            logits = import.Add(
                new NodeProto { Name = "flatten" }, "", new FlattenOperation(), [checked((int)logits.Count)], [],
                [GraphValue.Of(logits.Layer!, logits.Stored)]);
        }

        (IReadOnlyList<Layer> layers, Func<Layer, IReadOnlyList<int>> axes, Func<Layer, IReadOnlyList<HostTensor>> tensors) =
            import.LeadingTo(logits.Layer!);
        if (!layers.Any(layer => layer.Operation is ConvolutionOperation or LinearOperation))
        {
            throw new UnsupportedNodeException("it has neither a convolution nor a fully connected layer, so nothing to randomize");
        }

        Layer explained = LayerRoles.Explained(layers, layer => axes(layer) is [_, var height, var width] && (long)height * width > 1);
        var network = new Network(Architecture, layers, explained) 
        {
            ImageSize = size, Classes = logits.Stored[0], OutputAxes = outputAxes,
        };
        var weights = new Weights(layers.SelectMany(layer => layer.TensorNames.Zip(tensors(layer), KeyValuePair.Create)));
        return (network, weights, import.Notes);
    }

    /// <summary>Adds the images and what is given for the other inputs.</summary>
    private static ImageSize AddInputs(GraphProto graph, GraphImport import, Weights? given)
    {
        ValueInfoProto[] inputs = [.. graph.Input.Where(input => !import.IsInitializer(input.Name))];
        string Names(IEnumerable<ValueInfoProto> some) => string.Join(", ", some.Take(Listed).Select(input => input.Name));
        if (given?.Names.FirstOrDefault(name => inputs.All(input => input.Name != name)) is { } unknown)
        {
            throw new UnsupportedNodeException($"a tensor is given for '{Shortened(unknown)}', but its inputs are {Names(inputs)}");
        }

        ValueInfoProto[] read = [.. inputs.Where(input => import.IsRead(input.Name))];
        ValueInfoProto[] open = [.. read.Where(input => given is null || !given.TryGet(input.Name, out _))];
        if (open is not [var images])
        {
            throw new UnsupportedNodeException(open.Length == 0
                ? "its output does not depend on an input"
                : $"it has {open.Length} inputs ({Names(open)}); all but the images need a tensor in the file of inputs");
        }

        (ImageSize size, Layer layer) = AddImages(images, import);
        foreach (ValueInfoProto input in read.Where(input => input != images))
        {
            AddGiven(input, given![input.Name], layer, import);
        }

        return size;
    }

    /// <summary>Adds a tensor that is the same for every image, as a layer.</summary>
    private static void AddGiven(ValueInfoProto input, HostTensor tensor, Layer images, GraphImport import)
    {
        long[] declared = [.. input.Type?.TensorType?.Shape?.Dim.Select(axis => axis.DimValue) ?? []];
        if ((DataType)(input.Type?.TensorType?.ElemType
            ?? 0) is not (DataType.Float or DataType.Float16 or DataType.Bfloat16 or DataType.Double))
        {
            throw new UnsupportedNodeException($"its input '{input.Name}' is of integers; floating-point inputs are supported");
        }

        int[] axes = tensor.Shape.Rank == declared.Length - 1 ? [1, .. tensor.Shape.Axes] : tensor.Shape.Axes.ToArray();
        bool fits = axes.Length == declared.Length && axes.Length >= 2 && axes[0] == 1
            && axes.Skip(1).Zip(declared.Skip(1)).All(one => one.Second <= 0 || one.First == one.Second);
        if (!fits)
        {
            throw new UnsupportedNodeException(
                $"the tensor given for its input '{input.Name}' is {tensor.Shape}; {string.Join(" x ", declared.Skip(1).Select(axis => axis > 0 ? $"{axis}" : "any"))}, the same for all images, is needed");
        }

        Layer layer = import.AddSource(
            input.Name, new GivenOperation(new HostTensor(new Shape(axes), tensor.Values.ToArray())), axes[1..], images);
        import.Define(input.Name, GraphValue.Of(layer, axes[1..]));
    }

    /// <summary>Adds the images as a layer [N, C, H, W], which the graph may see as [N, H, W, C].</summary>
    private static (ImageSize Size, Layer Layer) AddImages(ValueInfoProto images, GraphImport import)
    {
        TypeProto.Types.Tensor? type = images.Type?.TensorType;
        if (type?.Shape is not { Dim.Count: 4 } shape
            || (DataType)type.ElemType is not (DataType.Float or DataType.Float16 or DataType.Bfloat16 or DataType.Double))
        {
            throw new UnsupportedNodeException($"its input '{images.Name}' is {(type is null ? "no tensor" : $"{(DataType)type.ElemType} of {type.Shape?.Dim.Count ?? 0} axes")}; floating-point images [N, C, H, W] or [N, H, W, C] are supported");
        }

        long[] axes = [.. shape.Dim.Select(axis => axis.DimValue)];
        bool channelsLast = axes[1] is not (1 or 3) && axes[3] is 1 or 3;
        long channels = channelsLast ? axes[3] : axes[1];
        (long height, long width) = channelsLast ? (axes[1], axes[2]) : (axes[2], axes[3]);
        (height, width) = (height > 0 ? height : Side, width > 0 ? width : Side);
        if (channels is not (1 or 3) || height > LargestSide || width > LargestSide)
        {
            throw new UnsupportedNodeException(
                $"its input '{images.Name}' is [{string.Join(", ", axes)}]; 1 or 3 channels and sides up to {LargestSide} are supported");
        }

        int[] stored = [(int)channels, (int)height, (int)width];
        Layer layer = import.AddSource("input", null, stored);
        import.Define(images.Name, GraphValue.Of(layer, stored, channelsLast ? [1, 2, 0] : null));
        return (new ImageSize((int)channels, (int)height, (int)width), layer);
    }

    private static void RequireSupported(GraphImport import)
    {
        if (import.Unsupported.Count == 0)
        {
            return;
        }

        IEnumerable<string> lines = import.Unsupported.Take(Listed).Select(one =>
            $"'{Shortened(one.Node.Name.Length > 0 ? one.Node.Name : one.Node.Output.FirstOrDefault() ?? "")}' ({Shortened(one.Node.OpType)}): {one.Reason}");
        int others = import.Unsupported.Count - Listed;
        bool lacksOperator = import.Unsupported.Any(one => !OperatorTable.Names.Contains(one.Node.OpType));
        throw new UnsupportedNodeException(
            $"{import.Unsupported.Count} of {import.Needed.Count} nodes cannot be read: {string.Join("; ", lines)}"
            + (others > 0 ? $"; and {others} more" : "")
            + (lacksOperator ? $"; the operators are {string.Join(", ", OperatorTable.Names)}" : ""));
    }

    private static string Shortened(string name) => name.Length > 80 ? name[..80] + "..." : name;
}
