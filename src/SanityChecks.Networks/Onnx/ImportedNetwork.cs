using SanityChecks.RunFiles;

namespace SanityChecks.Networks.Onnx;

/// <summary>A network that was read from an ONNX file.</summary>
/// <param name="Network">The graph; layers are named as the file's nodes.</param>
/// <param name="Weights">Its learned tensors.</param>
/// <param name="Sha256">The file's SHA-256, in lower-case hexadecimal.</param>
public sealed record ImportedNetwork(Network Network, Weights Weights, string Sha256)
{
    /// <summary>The files beside it that hold tensors, by their names relative to the file's folder.</summary>
    public IReadOnlyList<FileRecord> ExternalFiles { get; init; } = [];

    /// <summary>A sentence each on what was decided in reading, for the user.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
