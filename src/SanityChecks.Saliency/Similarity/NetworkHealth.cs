using SanityChecks.RunFiles;
using SanityChecks.Saliency.Attribution;

namespace SanityChecks.Saliency.Similarity;

/// <summary>Whether a randomized network still computes something: recorded of every network of every run, so that a map that changed can
/// be told from one of a network that broke.</summary>
public static class NetworkHealth
{
    /// <summary>1 where the network still predicts the trained one's class, 0 elsewhere.</summary>
    public const string Top1Agreement = "top1_agreement";

    /// <summary>The root mean square of a layer's activation, behind its activation function, over the trained network's.</summary>
    public const string ActivationScale = "activation_scale";

    /// <summary>Images of a run, from the first, whose activations are looked at: what randomization does to their scale is the same for
    /// all images, and networks have many layers.</summary>
    public const int ImagesWithScales = 8;

    /// <summary>What is measured by the logits.</summary>
    public static IReadOnlyList<NetworkMeasure> Measures { get; } =
    [
        new(
            new MeasureRecord
            {
                Name = MeasureNames.LogitEntropy,
                Title = "entropy of the class probabilities",
                Axis = "entropy / nat",
                Zero = "sure of one class",
                Reading = "How undecided the network is.",
            },
            (trained, logits) => Of(trained, logits, () => Entropy(logits))),
        new(
            new MeasureRecord
            {
                Name = Top1Agreement,
                Title = "share of images with the trained network's prediction",
                Axis = "same prediction",
                Zero = "never",
                Reading = "How often the network still predicts what the trained one does.",
            },
            (trained, logits) =>
                Of(trained, logits, () => TargetRule.LargestLogit([.. trained]) == TargetRule.LargestLogit([.. logits]) ? 1 : 0)),
    ];

    /// <summary>The scale of a layer's activation beside the trained network's.</summary>
    /// <param name="trained">Root mean square in the trained network.</param>
    /// <param name="randomized">Root mean square in the other.</param>
    public static SimilarityScore Scale(double trained, double randomized) =>
        !double.IsFinite(trained) || !double.IsFinite(randomized)
            ? new SimilarityScore(null, ScoreStatus.NonFinite(!double.IsFinite(trained), !double.IsFinite(randomized)))
            : trained == 0
                ? new SimilarityScore(null, randomized == 0 ? ScoreStatus.ConstantBoth : ScoreStatus.ConstantOriginal)
                : new SimilarityScore(randomized / trained, ScoreStatus.Ok);

    private static SimilarityScore Of(IReadOnlyList<float> trained, IReadOnlyList<float> logits, Func<double> measure)
    {
        bool original = !trained.All(float.IsFinite), randomized = !logits.All(float.IsFinite);
        return original || randomized
            ? new SimilarityScore(null, ScoreStatus.NonFinite(original, randomized))
            : new SimilarityScore(measure(), ScoreStatus.Ok);
    }

    private static double Entropy(IReadOnlyList<float> logits)
    {
        double largest = logits.Max();
        double sum = logits.Sum(logit => Math.Exp(logit - largest));
        return -logits.Sum(logit => Math.Exp(logit - largest) / sum * (logit - largest - Math.Log(sum))) + 0.0; // no negative zero
    }
}
