using SanityChecks.RunFiles;
using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Saliency.Faithfulness;

/// <summary>A measure of faithfulness with the values of its parameters, under the name that its rows have.</summary>
/// <param name="Measure">The measure.</param>
/// <param name="Values">A value for each of its parameters.</param>
/// <param name="Id">The name in results: the measure's, or another where one measure is used twice.</param>
public sealed record ConfiguredFaithfulness(FaithfulnessMeasure Measure, ParameterValues Values, string Id)
{
    /// <summary>A measure with its defaults.</summary>
    public static implicit operator ConfiguredFaithfulness(FaithfulnessMeasure measure) => Of(measure);

    /// <summary>Sets a measure's parameters.</summary>
    /// <param name="measure">The measure.</param>
    /// <param name="given">Values by parameter, as configurations spell them; defaults stand for those that are not given.</param>
    /// <param name="id">The name in results; null for the measure's own.</param>
    /// <exception cref="InputException">A parameter is unknown, or its value is not allowed; the message says what is.</exception>
    public static ConfiguredFaithfulness Of(
        FaithfulnessMeasure measure, IReadOnlyDictionary<string, IReadOnlyList<string>>? given = null, string? id = null)
    {
        ArgumentNullException.ThrowIfNull(measure);
        return new ConfiguredFaithfulness(
            measure, ParameterValues.Of(measure.Name, measure.Parameters, given ?? new Dictionary<string, IReadOnlyList<string>>()),
            id ?? measure.Name);
    }

    /// <summary>The name in results.</summary>
    public override string ToString() => Id;
}
