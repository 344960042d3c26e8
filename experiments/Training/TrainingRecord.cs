using SanityChecks.RunFiles;

namespace SanityChecks.Experiments.Training;

/// <summary>What trained weights are and how good: <c>weights.json</c>.</summary>
public sealed record TrainingRecord
{
    /// <summary>Version of SanityChecks.</summary>
    public string Version { get; init; } = "";

    /// <summary>Commit that it was built from; null for a build outside a repository.</summary>
    public string? Commit { get; init; }

    /// <summary>The network.</summary>
    public required string Architecture { get; init; }

    /// <summary>The weight file, with its SHA-256.</summary>
    public required FileRecord Weights { get; init; }

    /// <summary>The weight file that the training began with; null for random weights.</summary>
    public FileRecord? Source { get; init; }

    /// <summary>The other files that the training began with: tensors and graph of an ONNX file.</summary>
    public IReadOnlyList<FileRecord> SourceParts { get; init; } = [];

    /// <summary>Number of learned values.</summary>
    public long Parameters { get; init; }

    /// <summary>Steps taken.</summary>
    public long Steps { get; init; }

    /// <summary>Images seen, counted each time.</summary>
    public long Images { get; init; }

    /// <summary>How long it took, in all sessions, validation included.</summary>
    public double Seconds { get; init; }

    /// <summary>Images that accuracy was measured on.</summary>
    public int ValidationImages { get; init; }

    /// <summary>Mean cross-entropy on them of the weights as they are in the file, in nats.</summary>
    public double Loss { get; init; }

    /// <summary>Part of them that the weights in the file tell right, in [0, 1].</summary>
    public double Accuracy { get; init; }

    /// <summary>The same for each class, in the order of the logits.</summary>
    public required IReadOnlyList<ClassRecord> Classes { get; init; }

    /// <summary>The engine.</summary>
    public required EngineRecord Engine { get; init; }

    /// <summary>The machine.</summary>
    public required MachineRecord Machine { get; init; }

    /// <summary>The resolved configuration: full keys and their values as YAML.</summary>
    public required IReadOnlyDictionary<string, string> Config { get; init; }

    /// <summary>Reads a record; null where there is none or it cannot be read as one.</summary>
    /// <param name="path">The file.</param>
    public static TrainingRecord? Read(string path) => RecordFile.Read<TrainingRecord>(path);

    /// <summary>Writes the record.</summary>
    /// <param name="path">An existing file is replaced.</param>
    public void Write(string path) => RecordFile.Write(path, this);
}

/// <summary>How well a class is told.</summary>
/// <param name="Name">The class.</param>
/// <param name="Images">Validation images of it.</param>
/// <param name="Accuracy">Part of them that is told right; null where there is none.</param>
public sealed record ClassRecord(string Name, int Images, double? Accuracy);
