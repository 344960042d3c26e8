using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Saliency.Localization;

/// <summary>Which pixels count as the object.</summary>
internal static class TruthPixels
{
    private const string Name = "object", Mask = "mask", Box = "box";

    /// <summary>The choice.</summary>
    public static Parameter Parameter { get; } = new ChoiceParameter(
        Name, [Mask, Box], "what counts as the object: its pixels (those of its box where only that is known), or its box");

    /// <summary>The pixels.</summary>
    public static IReadOnlyList<bool> Of(ParameterValues values, TruthRegion truth) => values[Name] == Box ? truth.Boxed : truth.Mask;

    /// <summary>Their share of the picture.</summary>
    public static double Share(ParameterValues values, TruthRegion truth) =>
        Of(values, truth).Count(inside => inside) / (double)truth.Mask.Count;
}
