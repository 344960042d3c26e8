using SanityChecks.Networks.Architectures;
using SanityChecks.Networks.Onnx;

namespace SanityChecks.Networks;

/// <summary>Where a trained network comes from, as a configuration says it.</summary>
/// <param name="Architecture">One of <see cref="Architectures"/>.</param>
/// <param name="Weights">The name of published or bundled weights, or the path of a file; an .onnx file's for
/// <see cref="OnnxFile.Architecture"/>.</param>
public sealed record NetworkSource(string Architecture, string Weights)
{
    /// <summary>Every architecture: those that are built here, and <see cref="OnnxFile.Architecture"/>.</summary>
    public static IReadOnlyList<string> Architectures { get; } = [.. ArchitectureList.Names, OnnxFile.Architecture];

    /// <summary>The .onnx file that gives the graph where the weights are another file, as fine-tuning writes it; null where there is
    /// none.</summary>
    public string? Graph { get; init; }

    /// <summary>Of an .onnx file: the name of the output that is explained; null for the first.</summary>
    public string? Output { get; init; }

    /// <summary>Of an .onnx file: a weight file with a tensor for each input but the images, the same for all of them; null where there is
    /// no other input.</summary>
    public string? Inputs { get; init; }

    /// <summary>A text file with a class on each line, in the order of the logits; null where there is none.</summary>
    public string? Classes { get; init; }
}
