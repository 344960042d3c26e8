using SanityChecks.Compute;

namespace SanityChecks.Saliency.Attribution;

/// <summary>Ablation-CAM: ReLU(sum_k w_k A_k) with w_k = (y - y_k) / y, where y_k is the logit when channel k is 0 (Desai and Ramaswamy
/// 2020, equation 6).</summary>
/// <remarks>The quotient turns the map's sign where the logit is negative, and has no bound where it is near 0, as on random networks;
/// where the logit is 0 and a channel changes it, the map is not finite.
/// Each channel's pass begins behind the layer; reads no gradient.</remarks>
public sealed class AblationCam : AttributionMethod
{
    private AblationCam()
        : base("ablation_cam", "Ablation-CAM", "Desai and Ramaswamy 2020", MethodFamily.ClassActivation,
            "a layer's channels weighted by what part of the logit is lost without each", signed: false)
    {
    }

    /// <summary>The method.</summary>
    public static AblationCam Instance { get; } = new();

    /// <inheritdoc/>
    public override bool IsEnlarged => true;

    /// <inheritdoc/>
    public override Tensor Compute(Explanation explanation, ConfiguredMethod configured)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        IEngine engine = explanation.Engine;
        Tensor activation = explanation.Activation(explanation.CamLayer);
        Shape shape = activation.Shape;
        int positions = shape[2] * shape[3];
        float[] activations = ChannelMaps.Values(engine, activation), whole = explanation.TargetLogits();
        double[] weights = new double[shape[0] * shape[1]];
        float[] ablated = [.. activations];
        foreach (int[] channels in ChannelPasses.Of(activations, shape))
        {
            for (int n = 0; n < channels.Length; n++)
            {
                Of(channels, n, ablated).Clear();
            }

            using Tensor changed = engine.Upload(shape, ablated);
            using Explanation there = explanation.With(changed);
            float[] logits = there.TargetLogits();
            for (int n = 0; n < channels.Length; n++)
            {
                if (channels[n] >= 0)
                {
                    double loss = (double)whole[n] - logits[n];
                    weights[(n * shape[1]) + channels[n]] = loss == 0 ? 0 : loss / whole[n];
                    Of(channels, n, activations).CopyTo(Of(channels, n, ablated));
                }
            }
        }

        return ChannelMaps.Weighted(explanation, explanation.CamLayer, weights);

        Span<float> Of(int[] channels, int image, float[] values) =>
            channels[image] < 0 ? [] : values.AsSpan(((image * shape[1]) + channels[image]) * positions, positions);
    }
}
