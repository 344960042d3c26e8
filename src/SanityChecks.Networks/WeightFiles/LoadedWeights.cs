namespace SanityChecks.Networks.WeightFiles;

/// <summary>What a weight file holds, and which file it was.</summary>
/// <param name="Weights">The tensors in the order of the file.</param>
/// <param name="Sha256">SHA-256 of the whole file: 64 lower-case hexadecimal digits.</param>
/// <param name="Format">What the file's content turned out to be, whatever its name.</param>
/// <param name="Metadata">The notes in a safetensors header; empty for the other formats.</param>
public sealed record LoadedWeights(Weights Weights, string Sha256, WeightFormat Format, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The keys that lead to the state dict in what torch.save was given, with dots between; empty where it is all of
    /// it.</summary>
    public string StateDictPlace { get; init; } = "";
}

/// <summary>The layouts of weight files that are read.</summary>
public enum WeightFormat
{
    /// <summary>A JSON header followed by the raw tensors.</summary>
    Safetensors,

    /// <summary>What torch.save writes since PyTorch 1.6: a zip archive of a pickle and one entry per storage.</summary>
    TorchZip,

    /// <summary>What torch.save wrote before: several pickles and then the storages in one stream.</summary>
    TorchLegacy,
}
