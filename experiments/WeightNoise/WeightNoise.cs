using System.Globalization;
using SanityChecks.Compute;
using SanityChecks.RunFiles;
using SanityChecks.Saliency.Parameters;
using SanityChecks.Saliency.Randomization;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Experiments.WeightNoise;

/// <summary>How fast do the maps change as the network is disturbed, and how fast do its answers?</summary>
/// <remarks>
/// Normal noise is added to every weight and bias tensor of the chosen layers, with so many standard deviations as the step's scale of that
/// tensor's own trained values. All scales of a draw share the noise, so that a larger scale goes further the same way. Re-initialising
/// asks whether a map depends on the weights at all; this dose-response asks whether it changes as much as the function that it explains
/// (Hedstrom et al. 2025 compare the two distortions).
/// A batch normalization's scale and shift are weights, its running statistics are not. A tensor of equal values has no deviation and stays
/// as it is.
/// </remarks>
public static class WeightNoise
{
    private const string Scales = "scales";

    /// <summary>The experiment.</summary>
    public static Experiment Experiment { get; } = new(
        new ExperimentRecord
        {
            Name = "weight_noise",
            Randomization = "weight_noise",
            Title = "Noise on the weights",
            Question = "Do the maps change as far as the network's answers when its weights are disturbed?",
            Faithful = "Read against the logits: a faithful method keeps its maps while they stay, and falls {value} as they move away.",
            StepAxis = "noise on the weights, in standard deviations of each tensor",
            StepHeader = "noise",
            Connected = true,
            Original = "none",
            Step = "{layer}",
            GridStep = "noise {layer}",
            GridColumns =
                "Left the trained network, then the same with noise of so many standard deviations of each tensor on its weights.",
        },
        (groups, values) => [.. values.Numbers(Scales).Order().Select(scale => new RandomizationStep(
            scale.ToString("R", CultureInfo.InvariantCulture),
            (randomizer, draw) => randomizer.Change(groups.SelectMany(group => group.Layers), draw, tensor => Disturbed(tensor, scale))))])
    {
        Parameters =
            [new NumbersParameter(
                Scales, [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1], 0, 1000,
                "the noise's standard deviation, in standard deviations of each tensor's trained values")],
        Measures =
        [
            new NetworkMeasure(
                new MeasureRecord
                {
                    Name = "logit_distance",
                    Title = "distance of the logits from the trained network's",
                    Axis = "distance of the logits / their length",
                    Zero = "the same answers",
                    Reading = "How far the network's answers move: 1 is as far as the trained logits are from 0.",
                    Note = "logits moved {value}",
                },
                LogitDistance),
        ],
        Unused = ["randomization.order", "randomization.initializer", "randomization.bias", "randomization.batch_norm"],
    };

    private static float[] Disturbed(InitializedTensor tensor, double scale)
    {
        double deviation = tensor.TrainedMoments().Deviation;
        return tensor.Elements((trained, uniform) => trained + (scale * deviation * NormalQuantile.At(uniform)));
    }

    /// <summary>Euclidean distance of the logits, relative to the length of the trained ones.</summary>
    private static SimilarityScore LogitDistance(IReadOnlyList<float> trained, IReadOnlyList<float> other)
    {
        if (!trained.Concat(other).All(float.IsFinite))
        {
            return new SimilarityScore(null, ScoreStatus.NonFinite(!trained.All(float.IsFinite), !other.All(float.IsFinite)));
        }

        double length = Math.Sqrt(trained.Sum(value => (double)value * value));
        double distance = Math.Sqrt(trained.Zip(other, (a, b) => ((double)a - b) * ((double)a - b)).Sum());
        return length == 0
            ? new SimilarityScore(null, ScoreStatus.ConstantOriginal)
            : new SimilarityScore(distance / length, ScoreStatus.Ok);
    }
}
