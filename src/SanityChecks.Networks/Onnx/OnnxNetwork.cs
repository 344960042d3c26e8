using SanityChecks.Networks.WeightFiles;
using SanityChecks.RunFiles;

namespace SanityChecks.Networks.Onnx;

/// <summary>A trained network from an .onnx file alone, or from its graph and a file of weights that fine-tuning wrote.</summary>
public static class OnnxNetwork
{
    /// <summary>The note in a safetensors file that holds the SHA-256 of the .onnx file whose graph the tensors belong to.</summary>
    public const string GraphKey = "graph_sha256";

    /// <summary>Loads it.</summary>
    /// <param name="weights">The .onnx file; or, with a graph, a safetensors or PyTorch file with its tensors, of which those of the last
    /// layer may be for other classes.</param>
    /// <param name="graph">The .onnx file whose graph is used; null where <paramref name="weights"/> is it.</param>
    /// <param name="output">The name of the output that is explained; null for the first.</param>
    /// <param name="inputs">A weight file with a tensor for each input but the images; null where there is no other.</param>
    /// <exception cref="InputException">A file cannot be read, or the tensors are not the graph's.</exception>
    public static TrainedNetwork Load(string weights, string? graph, string? output = null, string? inputs = null)
    {
        LoadedWeights? given = inputs is null ? null : WeightFile.Load(inputs);
        ImportedNetwork imported = OnnxFile.Load(graph ?? weights, output, given?.Weights);
        if (given is not null)
        {
            FileRecord beside = new(Path.GetFileName(inputs!), given.Sha256);
            imported = imported with { ExternalFiles = [.. imported.ExternalFiles, beside] };
        }

        string[] notes = [.. imported.Notes.Select(note => $"{graph ?? weights}: {note}")];
        if (graph is null || graph == weights)
        {
            return new TrainedNetwork(imported.Network, imported.Weights, weights, imported.Sha256)
            {
                Parts = imported.ExternalFiles, Notes = notes,
            };
        }

        LoadedWeights loaded = WeightFile.Load(weights);
        if (loaded.Metadata.TryGetValue(GraphKey, out string? sha256) && sha256 != imported.Sha256)
        {
            throw new WeightFileException(
                weights, $"these tensors belong to another graph than {graph}: to the .onnx file with sha256 {sha256}");
        }

        Network network = imported.Network;
        if (loaded.Weights.TryGet(network.WeightLayers[0].Name + ".weight", out Compute.HostTensor? last) && last.Shape.Rank > 0)
        {
            network = NetworkVariants.WithClasses(network, last.Shape[0]) ?? network;
        }

        return new TrainedNetwork(
            network, WeightNames.Check(network.Tensors, loaded.Weights, weights), weights, loaded.Sha256)
        {
            Metadata = loaded.Metadata,
            Parts = [new FileRecord(Path.GetFileName(graph), imported.Sha256), .. imported.ExternalFiles],
            Notes = notes,
        };
    }
}
