using SanityChecks.RunFiles.Statistics;

namespace SanityChecks.RunFiles;

/// <summary>What a run says of each method: <c>verdict.json</c>. Every number in it stands in a CSV file of the run folder.</summary>
public sealed record VerdictRecord
{
    /// <summary>The file's name.</summary>
    public const string FileName = "verdict.json";

    /// <summary>The rule, in words.</summary>
    public required string Rule { get; init; }

    /// <summary>The verdict of each method, in the run's order.</summary>
    public required IReadOnlyList<MethodVerdict> Methods { get; init; }

    /// <summary>Reads a run folder's verdict; null where there is none or it cannot be read as one.</summary>
    public static VerdictRecord? Read(string folder) => RecordFile.Read<VerdictRecord>(Path.Combine(folder, FileName));

    /// <summary>Writes the verdict into a run folder.</summary>
    public void Write(string folder) => RecordFile.Write(Path.Combine(folder, FileName), this);
}

/// <summary>What a run says of one method.</summary>
/// <param name="Method">What the column <c>method</c> says.</param>
/// <param name="Title">As the literature writes it.</param>
/// <param name="Outcome">By the run's first metric.</param>
/// <param name="Sentence">The verdict in words, with its numbers.</param>
/// <param name="Notes">Where metrics disagree, and why; what else keeps the numbers from meaning what they seem to.</param>
/// <param name="Metrics">The same for every metric.</param>
public sealed record MethodVerdict(
    string Method, string Title, Outcome Outcome, string Sentence, IReadOnlyList<string> Notes, IReadOnlyList<MetricVerdict> Metrics);

/// <summary>What one metric says of a method: the numbers of the step that decides.</summary>
public sealed record MetricVerdict
{
    /// <summary>The similarity.</summary>
    public required string Metric { get; init; }

    /// <summary>At which size the maps were compared.</summary>
    public required string Resolution { get; init; }

    /// <summary>What it says.</summary>
    public required Outcome Outcome { get; init; }

    /// <summary>The step that decides.</summary>
    public int Step { get; init; }

    /// <summary>What that step randomizes.</summary>
    public string Layer { get; init; } = "";

    /// <summary>Defined scores of it.</summary>
    public int N { get; init; }

    /// <summary>Scores without a value.</summary>
    public int Undefined { get; init; }

    /// <summary>Draws.</summary>
    public int Draws { get; init; }

    /// <summary>Mean similarity to the original, with its interval.</summary>
    public Estimate Original { get; init; }

    /// <summary>Mean magnitude of it.</summary>
    public Estimate Absolute { get; init; }

    /// <summary>Mean of it times the sign of the two logits' product.</summary>
    public Estimate Aligned { get; init; }

    /// <summary>The null that it is held against; null where the run has none.</summary>
    public string? Null { get; init; }

    /// <summary>Mean similarity to the null.</summary>
    public Estimate NullLevel { get; init; }

    /// <summary>Mean magnitude of it.</summary>
    public Estimate NullAbsolute { get; init; }

    /// <summary>How much more similar the maps are to the original than to the null.</summary>
    public Estimate Excess { get; init; }

    /// <summary>The same of magnitudes.</summary>
    public Estimate AbsoluteExcess { get; init; }

    /// <summary>The same of scores times the sign of the two logits' product.</summary>
    public Estimate AlignedExcess { get; init; }

    /// <summary>Area under the curve.</summary>
    public Estimate Area { get; init; }

    /// <summary>The first step from which on the curve stays below half of the way; null where the last does not.</summary>
    public int? CollapseStep { get; init; }

    /// <summary>What it randomizes.</summary>
    public string CollapseLayer { get; init; } = "";

    /// <summary>Lower end of its interval.</summary>
    public int? CollapseLow { get; init; }

    /// <summary>Its upper end; null where it lies behind the last step.</summary>
    public int? CollapseHigh { get; init; }
}
