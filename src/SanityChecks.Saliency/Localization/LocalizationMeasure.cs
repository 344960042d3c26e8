using SanityChecks.RunFiles;
using SanityChecks.Saliency.Parameters;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Saliency.Localization;

/// <summary>Whether a map lies on the object that it should find: a number for each map, from 0 to 1.</summary>
/// <param name="Name">The name in configurations: <c>box_iou</c>.</param>
/// <param name="Title">The name as the literature writes it.</param>
/// <param name="Source">The paper that defines it.</param>
/// <param name="Description">What the number is, as the end of a sentence that begins with the title.</param>
/// <param name="ByChance">What a map that shows nothing has, in a line.</param>
/// <param name="Parameters">What it can be told.</param>
/// <param name="Score">The number of a finite map, or why it has none: a status for maps of the trained network
/// (<see cref="ScoreStatus.ConstantOriginal"/>).</param>
/// <param name="Chance">The number by chance, for a truth.</param>
public sealed record LocalizationMeasure(
    string Name, string Title, string Source, string Description, string ByChance, IReadOnlyList<Parameter> Parameters,
    Func<ParameterValues, LocalizedMap, TruthRegion, SimilarityScore> Score, Func<ParameterValues, TruthRegion, double> Chance)
{
    /// <summary>Whether boxes are not enough.</summary>
    public bool NeedsMasks { get; init; }

    /// <summary>Whether it takes long, so that nobody gets it who did not ask for it.</summary>
    public bool IsSlow { get; init; }
}

/// <summary>A measure of localization with the values of its parameters, under the name that its rows have.</summary>
/// <param name="Measure">The measure.</param>
/// <param name="Values">A value for each of its parameters.</param>
/// <param name="Id">The name in results: the measure's, or another where one measure is used twice.</param>
public sealed record ConfiguredLocalization(LocalizationMeasure Measure, ParameterValues Values, string Id)
{
    /// <summary>Its words in charts.</summary>
    public MeasureRecord Words => new()
    {
        Name = Id,
        Title = Measure.Title + (Id == Measure.Name ? "" : $" ({Id})"),
        Axis = Measure.Title,
        Zero = "beside the object",
        One = "on the object",
        Reading = $"Higher is closer to the object; {Measure.ByChance}.",
    };

    /// <summary>Sets a measure's parameters.</summary>
    /// <param name="measure">The measure.</param>
    /// <param name="given">Values by parameter, as configurations spell them; defaults stand for those that are not given.</param>
    /// <param name="id">The name in results; null for the measure's own.</param>
    /// <exception cref="InputException">A parameter is unknown, or its value is not allowed; the message says what is.</exception>
    public static ConfiguredLocalization Of(
        LocalizationMeasure measure, IReadOnlyDictionary<string, IReadOnlyList<string>>? given = null, string? id = null)
    {
        ArgumentNullException.ThrowIfNull(measure);
        return new ConfiguredLocalization(
            measure, ParameterValues.Of(measure.Name, measure.Parameters, given ?? new Dictionary<string, IReadOnlyList<string>>()),
            id ?? measure.Name);
    }

    /// <summary>The name in results.</summary>
    public override string ToString() => Id;
}
