using SanityChecks.Images;
using SanityChecks.Reporting.Grids;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Attribution;

namespace SanityChecks.Experiments.Execution;

/// <summary>What explains the colors of maps at the bottom of a grid.</summary>
public static class MapLegend
{
    /// <summary>A scale for the maps without a sign, where there are some, and one for the signed maps.</summary>
    /// <param name="methods">What made the maps.</param>
    /// <param name="style">How they are colored.</param>
    public static IReadOnlyList<ColorScale> Of(IEnumerable<ConfiguredMethod> methods, MapStyle style)
    {
        ArgumentNullException.ThrowIfNull(style);
        ConfiguredMethod[] all = [.. methods];
        return
        [
            .. all.Where(method => !method.Signed).Take(1).Select(method => Scale(method, "positive maps")),
            .. all.Where(method => method.Signed).Take(1).Select(method => Scale(method, "signed maps")),
        ];

        ColorScale Scale(ConfiguredMethod method, string subject) => style.BlendOf(method).Multiplies
            ? new(ColorMap.Gray, "image dark: 0", method.Signed ? "image: largest magnitude" : "image: largest", subject)
            : new(
                style.ColorsOf(method), style.IsSymmetric(method) ? "negative" : "0", style.IsSymmetric(method) ? "positive" : "largest",
                subject);
    }
}
