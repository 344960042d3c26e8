using SanityChecks.Compute;
using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Saliency.Attribution;

/// <summary>Score-CAM: ReLU(sum_k w_k A_k), where w_k is how the network scores the image under A_k as a mask (Wang et al. 2020).</summary>
/// <remarks>
/// The mask is A_k enlarged bilinearly with half-pixel centers, and brought from 0 to 1. It multiplies the normalized image. Three
/// definitions of w_k are in use; in all of them a channel that is the same everywhere masks the whole image. <c>increase</c>, the paper's
/// equation 8: the logit less that of the masked-out image. <c>softmax</c>, its algorithm 1 and pytorch-grad-cam: the softmax over channels
/// of the logits. <c>probability</c>, the authors' program: the target's probability, and 0 for a channel that is the same everywhere.
/// pytorch-grad-cam enlarges its masks with corners aligned instead. One pass for each channel; reads no gradient.
/// </remarks>
public sealed class ScoreCam : AttributionMethod
{
    private const string Score = "score", Probability = "probability", Softmax = "softmax", Increase = "increase";

    private ScoreCam()
        : base("score_cam", "Score-CAM", "Wang et al. 2020", MethodFamily.ClassActivation,
            "a layer's channels weighted by what the network makes of the image under each as a mask", signed: false)
    {
    }

    /// <summary>The method.</summary>
    public static ScoreCam Instance { get; } = new();

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        new ChoiceParameter(
            Score, [Probability, Softmax, Increase],
            "a channel's weight: the target's probability under its mask (the authors' program), the softmax over channels of the logit (pytorch-grad-cam), or what the logit gains over a masked-out image (the paper)"),
    ];

    /// <inheritdoc/>
    public override bool IsEnlarged => true;

    /// <inheritdoc/>
    public override Tensor Compute(Explanation explanation, ConfiguredMethod configured)
    {
        Tensor activation = explanation.Activation(explanation.CamLayer);
        Shape shape = activation.Shape;
        float[] activations = ChannelMaps.Values(explanation.Engine, activation);
        string score = configured.Values[Score];
        double[] weights = new double[shape[0] * shape[1]];
        double[] nothing = score == Probability ? new double[shape[0]] : OfNothing(explanation);
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = nothing[i / shape[1]];
        }

        foreach (int[] channels in ChannelPasses.Of(activations, shape))
        {
            using Tensor masks = Masks(explanation, activations, shape, channels);
            using Tensor masked = explanation.Engine.MultiplyByMap(explanation.Activation(explanation.Input), masks);
            using Explanation there = explanation.Of(masked);
            double[] scores =
                score == Probability ? there.TargetProbabilities() : Array.ConvertAll(there.TargetLogits(), logit => (double)logit);
            for (int n = 0; n < channels.Length; n++)
            {
                if (channels[n] >= 0)
                {
                    weights[(n * shape[1]) + channels[n]] = scores[n];
                }
            }
        }

        for (int n = 0; n < shape[0]; n++)
        {
            Finish(weights.AsSpan(n * shape[1], shape[1]), score, nothing[n]);
        }

        return ChannelMaps.Weighted(explanation, explanation.CamLayer, weights);
    }

    private static void Finish(Span<double> weights, string score, double nothing)
    {
        double largest = double.NegativeInfinity, sum = 0;
        foreach (double weight in weights)
        {
            largest = Math.Max(largest, weight);
        }

        foreach (ref double weight in weights)
        {
            weight = score == Increase ? weight - nothing : score == Softmax ? Math.Exp(weight - largest) : weight;
            sum += weight;
        }

        foreach (ref double weight in weights)
        {
            weight /= score == Softmax ? sum : 1;
        }
    }

    /// <summary>The logits of an image that is masked out.</summary>
    private static double[] OfNothing(Explanation explanation)
    {
        Shape shape = explanation.Activation(explanation.Input).Shape;
        using Tensor zeros = explanation.Engine.Upload(shape, new float[shape.Count]);
        using Explanation there = explanation.Of(zeros);
        return Array.ConvertAll(there.TargetLogits(), logit => (double)logit);
    }

    /// <summary>A channel of each image, enlarged and brought from 0 to 1: [N, 1, H, W].</summary>
    private static Tensor Masks(Explanation explanation, float[] activations, Shape shape, int[] channels)
    {
        int positions = shape[2] * shape[3];
        float[] small = new float[shape[0] * positions];
        for (int n = 0; n < channels.Length; n++)
        {
            if (channels[n] >= 0)
            {
                activations.AsSpan(((n * shape[1]) + channels[n]) * positions, positions).CopyTo(small.AsSpan(n * positions));
            }
        }

        (int height, int width) = explanation.InputSize;
        IEngine engine = explanation.Engine;
        using Tensor chosen = engine.Upload(new Shape(shape[0], 1, shape[2], shape[3]), small);
        using Tensor enlarged = engine.ResizeBilinear(chosen, height, width);
        float[] masks = ChannelMaps.Values(engine, enlarged);
        foreach (Range image in Enumerable.Range(0, shape[0]).Select(n => (n * height * width)..((n + 1) * height * width)))
        {
            Scale(masks.AsSpan(image));
        }

        return engine.Upload(enlarged.Shape, masks);
    }

    private static void Scale(Span<float> mask)
    {
        float least = float.PositiveInfinity, largest = float.NegativeInfinity;
        foreach (float value in mask)
        {
            (least, largest) = (Math.Min(least, value), Math.Max(largest, value));
        }

        foreach (ref float value in mask)
        {
            value = largest == least ? 0 : (value - least) / (largest - least);
        }
    }
}
