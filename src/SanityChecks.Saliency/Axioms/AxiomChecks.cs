using System.Globalization;
using SanityChecks.Compute;
using SanityChecks.Images;
using SanityChecks.Networks;
using SanityChecks.Saliency.Attribution;

namespace SanityChecks.Saliency.Axioms;

/// <summary>What attribution methods do about axioms that are asked of them (Sundararajan, Taly and Yan 2017), on functions whose answers
/// are known and on any network and image.</summary>
public static class AxiomChecks
{
    /// <summary>Two maps are the same where they differ by no more than this part of their largest magnitude: rounding goes that
    /// far.</summary>
    public const double SameTo = 1e-3;

    // One name for all pictures, so that two functions are explained with the same random numbers.
    private const string Picture = "toy";

    private const string NoFeatures = "weighs a layer's channels, not the input", NoNetwork = "explains no network";

    /// <summary>The known functions, one after another.</summary>
    /// <param name="engine">Computes.</param>
    /// <param name="method">The method.</param>
    public static IEnumerable<AxiomResult> OnToys(IEngine engine, ConfiguredMethod method)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(method);
        foreach ((string name, ToyFunction function) in new[]
        {
            ("sensitivity, saturated", ToyFunction.Saturated), ("sensitivity, rectified", ToyFunction.Rectified),
        })
        {
            yield return Result(
                name, $"what alone differs from the baseline, and changes the value, gets some: {function.Text}", method, [function], () =>
                {
                    float[] map = Map(engine, function, method);
                    return (map[0] != 0, Numbers(map[..1]));
                });
        }

        ToyFunction behind = ToyFunction.SubtractedBehind, before = ToyFunction.SubtractedBefore;
        yield return Result(
            "invariance", $"two ways to compute a function have one map: {behind.Text}, and {before.Text}", method, [behind, before], () =>
            {
                float[] one = Map(engine, behind, method), other = Map(engine, before, method);
                int shown = Math.Min(2, one.Length);
                return (Distance(one, other) <= SameTo, $"{Numbers(one[..shown])} and {Numbers(other[..shown])}");
            });
    }

    private static AxiomResult Result(
        string axiom, string asks, ConfiguredMethod method, ToyFunction[] functions, Func<(bool Holds, string Numbers)> check)
    {
        if (Refusal(method, functions.Select(function => function.Network), ofFeatures: true) is { } refusal)
        {
            return new AxiomResult(axiom, asks, method.Id, AxiomVerdict.DoesNotApply, refusal);
        }

        (bool holds, string numbers) = check();
        return new AxiomResult(axiom, asks, method.Id, holds ? AxiomVerdict.Pass : AxiomVerdict.Fail, numbers);
    }

    /// <summary>Why nothing can be asked of a method, or null.</summary>
    internal static string? Refusal(ConfiguredMethod method, IEnumerable<Network> networks, bool ofFeatures) =>
        method.Method.Family == MethodFamily.Controls ? NoNetwork
        : ofFeatures && method.Method.Family == MethodFamily.ClassActivation ? NoFeatures
        : networks.Select(method.Method.Obstacle).FirstOrDefault(obstacle => obstacle is not null);

    /// <summary>The largest difference of two maps as a part of their largest magnitude; 0 for two that are empty.</summary>
    internal static double Distance(float[] one, float[] other)
    {
        double largest = Math.Max(one.Max(Math.Abs), other.Max(Math.Abs));
        double difference = one.Zip(other).Max(pair => Math.Abs((double)pair.First - pair.Second));
        return difference == 0 ? 0 : difference / largest;
    }

    internal static string Numbers(params ReadOnlySpan<float> values)
    {
        string[] texts = new string[values.Length];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = (values[i] + 0f).ToString("0.####", CultureInfo.InvariantCulture);
        }

        return texts.Length == 1 ? texts[0] : $"({string.Join(", ", texts)})";
    }

    private static float[] Map(IEngine engine, ToyFunction function, ConfiguredMethod method)
    {
        using Tensor point = engine.Upload(new Shape(1, 3, 1, 1), function.Point);
        using ForwardPass pass = ForwardPass.Run(engine, function.Network, function.Weights, point, function.Network.Explained);
        var space = new InputSpace(0, [Picture], [new RgbImage(1, 1, new byte[3])], function.Normalization);
        using var explanation = new Explanation(pass, [0], function.Network.Explained, [method], space);
        return explanation.Download(method)[0].Values.ToArray();
    }
}
