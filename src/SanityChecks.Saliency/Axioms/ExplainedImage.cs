using System.Globalization;
using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Networks.Operations;
using SanityChecks.Saliency.Attribution;

namespace SanityChecks.Saliency.Axioms;

/// <summary>The axioms on one network and image.</summary>
/// <param name="engine">Computes.</param>
/// <param name="network">The network.</param>
/// <param name="weights">Its weights.</param>
/// <param name="camLayer">The layer that Grad-CAM reads.</param>
/// <param name="image">[1, 3, H, W]; stays the caller's.</param>
/// <param name="space">What its values mean.</param>
/// <param name="target">The class that is explained.</param>
public sealed class ExplainedImage(
    IEngine engine, Network network, Weights weights, Layer camLayer, Tensor image, InputSpace space, int target)
{
    private const int PartOfSide = 7; // a feature that is told apart from a pixel's noise

    private readonly Dictionary<ConfiguredMethod, (float[] Map, IReadOnlyList<MethodFact> Facts)> maps = [];

    /// <summary>Every axiom for one method.</summary>
    public IEnumerable<AxiomResult> Check(ConfiguredMethod method)
    {
        ArgumentNullException.ThrowIfNull(method);
        return
        [
            Result(
                "sensitivity", "a square of the image on black that changes the logit gets some of the map", method, Sensitivity,
                ofFeatures: true),
            Result("completeness", "the map adds up to what the logit gains over the baseline", method, Completeness, ofFeatures: true),
            Result("identity inserted", "a convolution before all others that changes nothing changes no map", method, one =>
                Variant(one, NetworkVariants.WithIdentity(network, weights))),
            Result("batch norm merged", "batch normalizations multiplied into convolutions change no map", method, Merged),
            Result("linearity", "twice a logit less another has twice the one's map less the other's", method, Linearity),
            Result("rule acts", "a rule for ReLUs gives another map than the gradient", method, RuleActs),
        ];
    }

    private static AxiomResult Result(
        string axiom, string asks, ConfiguredMethod method, Func<ConfiguredMethod, (bool? Holds, string Says)> check,
        bool ofFeatures = false)
    {
        (bool? holds, string says) = AxiomChecks.Refusal(method, [], ofFeatures) is { } refusal ? (null, refusal) : check(method);
        return new AxiomResult(
            axiom, asks, method.Id, holds is not { } known ? AxiomVerdict.DoesNotApply : known ? AxiomVerdict.Pass : AxiomVerdict.Fail,
            says);
    }

    /// <summary>Of a black picture with one square of the image: where that changes the logit, the map is not 0 there.</summary>
    private (bool?, string) Sensitivity(ConfiguredMethod method)
    {
        int height = image.Shape[2], width = image.Shape[3], plane = height * width;
        (int tall, int wide) = (Math.Max(height / PartOfSide, 1), Math.Max(width / PartOfSide, 1));
        (int top, int left) = ((height - tall) / 2, (width - wide) / 2);
        int[] inside =
            [.. Enumerable.Range(0, plane)
                .Where(i => i / width >= top && i / width < top + tall && i % width >= left && i % width < left + wide)];
        float[] values = Black();
        float black = Logit(values);
        float[] whole = new float[image.Shape.Count];
        engine.Download(image, whole);
        foreach (int i in inside)
        {
            for (int channel = 0; channel < 3; channel++)
            {
                values[(channel * plane) + i] = whole[(channel * plane) + i];
            }
        }

        double gain = (double)Logit(values) - black;
        if (gain == 0)
        {
            return (null, "a square of the image on black does not change the logit");
        }

        using Tensor input = engine.Upload(image.Shape, values);
        float[] map = Map(method, network, weights, camLayer, input, target).Map;
        double largest = inside.Max(
            i => Enumerable.Range(0, map.Length / plane).Max(channel => Math.Abs((double)map[(channel * plane) + i])));
        return (largest > 0, $"{Text(largest)} for {Text(gain)}");
    }

    private (bool?, string) Completeness(ConfiguredMethod method)
    {
        (float[] map, IReadOnlyList<MethodFact> facts) = Original(method);
        if (facts.FirstOrDefault(fact => fact.Method == method && fact.Name == "completeness_error") is not { } fact)
        {
            return (null, "does not claim to add up");
        }

        double error = fact.Values[0], gain = map.Sum(value => (double)value) - error;
        return (Math.Abs(error) <= 0.05 * Math.Abs(gain), $"{Text(gain + error)} for {Text(gain)}");
    }

    private (bool?, string) Merged(ConfiguredMethod method)
    {
        MergedNetwork merged = MergedNetwork.Of(network);
        return merged.Network == network
            ? (null, "no batch normalization follows a convolution")
            : Variant(method, (merged.Network, merged.Weights(weights)));
    }

    private (bool?, string) Variant(ConfiguredMethod method, (Network Network, Weights Weights) variant)
    {
        float[] other = Map(method, variant.Network, variant.Weights, Same(variant.Network, camLayer), image, target).Map;
        double distance = AxiomChecks.Distance(Original(method).Map, other);
        return (distance <= AxiomChecks.SameTo, Text(distance));
    }

    /// <summary>The map of twice one logit less another is twice the one's map less the other's.</summary>
    private (bool?, string) Linearity(ConfiguredMethod method)
    {
        if (!method.Signed)
        {
            return (null, "maps are not negative");
        }

        int other = target == 0 ? 1 : 0;
        if (network.Classes < 2
            || NetworkVariants.WithCombinedClass(network, weights, (target, 2), (other, -1)) is not { } combined)
        {
            return (null, "the network does not end in a linear layer of two classes");
        }

        float[] minus = Map(method, network, weights, camLayer, image, other).Map;
        float[] expected = [.. Original(method).Map.Zip(minus, (a, b) => (2 * a) - b)];
        float[] actual = Map(
            method, combined.Network, combined.Weights, Same(combined.Network, camLayer), image, network.Classes).Map;
        double distance = AxiomChecks.Distance(expected, actual);
        return (distance <= AxiomChecks.SameTo, Text(distance));
    }

    /// <summary>A rule for ReLUs that changes nothing would be the gradient under another name.</summary>
    private (bool?, string) RuleActs(ConfiguredMethod method)
    {
        if (method.Method is not (GuidedBackprop or Deconvnet))
        {
            return (null, "no rule for ReLUs alone");
        }

        double distance = AxiomChecks.Distance(Original(method).Map, Original(InputGradient.Instance).Map);
        return (distance > 0, $"{Text(distance)} from the gradient");
    }

    private (float[] Map, IReadOnlyList<MethodFact> Facts) Original(ConfiguredMethod method)
    {
        if (!maps.TryGetValue(method, out (float[], IReadOnlyList<MethodFact>) known))
        {
            known = Map(method, network, weights, camLayer, image, target);
            maps.Add(method, known);
        }

        return known;
    }

    private (float[] Map, IReadOnlyList<MethodFact> Facts) Map(
        ConfiguredMethod method, Network of, Weights with, Layer layer, Tensor input, int explained)
    {
        using ForwardPass pass = ForwardPass.Run(engine, of, with, input, layer);
        using var explanation = new Explanation(pass, [explained], layer, [method], space);
        return (explanation.Download(method)[0].Values.ToArray(), [.. explanation.Facts]);
    }

    private float[] Black()
    {
        int plane = image.Shape[2] * image.Shape[3];
        return [.. Enumerable.Range(0, 3).SelectMany(channel => Enumerable.Repeat(space.Value(0, channel, byte.MinValue), plane))];
    }

    private float Logit(float[] values)
    {
        using Tensor input = engine.Upload(image.Shape, values);
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, input);
        float[] logits = new float[pass.Logits.Shape.Count];
        engine.Download(pass.Logits, logits);
        return logits[target];
    }

    /// <summary>The layer of a variant; a normalization that was merged is its convolution.</summary>
    private static Layer Same(Network variant, Layer layer) =>
        variant.Layers.FirstOrDefault(other => other.Name == layer.Name)
        ?? variant.Layers.First(other => layer.Operation is BatchNormOperation && other.Name == layer.Inputs[0].Name);

    private static string Text(double value) =>
        value.ToString(value == 0 || Math.Abs(value) is >= 1e-3 and < 1e4 ? "0.####" : "0.##e0", CultureInfo.InvariantCulture);
}
