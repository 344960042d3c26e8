using System.Globalization;

namespace SanityChecks.Experiments.Configuration;

/// <summary>One element of an output, as what is explained: section <c>target</c>.</summary>
/// <param name="Output">Key <c>output</c>: the name of an .onnx file's output; null for the first.</param>
/// <param name="Index">Key <c>index</c>: a position from 0 along each axis behind the images.</param>
public sealed record TargetElement(string? Output, IReadOnlyList<int> Index)
{
    /// <summary>As a configuration has it: <c>{output: answers, index: [1, 2]}</c>.</summary>
    public override string ToString() =>
        $"{{{(Output is null ? "" : $"output: {YamlText.Scalar(Output)}, ")}index: [{string.Join(", ", Index.Select(position => position.ToString(CultureInfo.InvariantCulture)))}]}}";

    /// <inheritdoc/>
    public bool Equals(TargetElement? other) => other is not null && Output == other.Output && Index.SequenceEqual(other.Index);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Output, Index.Count);

    /// <summary>Reads the section.</summary>
    /// <param name="section">The section.</param>
    internal static TargetElement Read(ConfigSection section)
    {
        string? output = section.OptionalText("output", "must be the name of an output, or null");
        IReadOnlyList<double>? index = section.Numbers(
            "index", "must be a position from 0 for each axis of the output behind the images",
            numbers => numbers.Count > 0 && numbers.All(number => number >= 0 && number <= int.MaxValue && number == Math.Floor(number)),
            orAuto: false);
        return new TargetElement(output, [.. (index ?? [0]).Select(number => (int)number)]);
    }
}
