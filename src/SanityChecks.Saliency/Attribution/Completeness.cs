using SanityChecks.Compute;

namespace SanityChecks.Saliency.Attribution;

/// <summary>The axiom that a map's values add up to what the logit gains over a baseline (Sundararajan, Taly and Yan 2017, section
/// 3).</summary>
internal static class Completeness
{
    /// <summary>Each map's sum less y(x) - y(b), in double precision, for users to see.</summary>
    /// <param name="configured">Whose map it is.</param>
    /// <param name="explanation">Has the images.</param>
    /// <param name="map">[N, 3, H, W].</param>
    /// <param name="baseline">b, of the images' shape.</param>
    public static MethodFact ErrorOf(ConfiguredMethod configured, Explanation explanation, Tensor map, Tensor baseline)
    {
        using Explanation start = explanation.Of(baseline);
        float[] there = explanation.TargetLogits(), here = start.TargetLogits();
        return new MethodFact(
            configured, "completeness_error",
            [.. explanation.Download(map)
                .Select((one, n) => one.Values.ToArray().Sum(value => (double)value) - (there[n] - (double)here[n]))]);
    }
}
