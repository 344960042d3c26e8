namespace SanityChecks.Saliency.Attribution;

/// <summary>XGrad-CAM: ReLU(sum_k w_k A_k) with w_k = sum over space of g_k A_k / sum over space of A_k (Fu et al. 2020, equation
/// 8).</summary>
/// <remarks>As its authors do, 1e-7 is added to the sum of activations, so that a channel without any has the weight 0.</remarks>
public sealed class XGradCam : ClassActivationMethod
{
    private XGradCam()
        : base("xgrad_cam", "XGrad-CAM", "Fu et al. 2020",
            "a layer's channels weighted by their gradient, averaged in proportion to the activation")
    {
    }

    /// <summary>The method.</summary>
    public static XGradCam Instance { get; } = new();

    /// <inheritdoc/>
    protected override void Combine(LayerChannels layer, ConfiguredMethod configured, Span<double> map)
    {
        const double Epsilon = 1e-7;
        for (int channel = 0; channel < layer.Count; channel++)
        {
            ReadOnlySpan<float> activation = layer.Activation(channel), gradient = layer.Gradient(channel);
            double products = 0, sum = 0;
            for (int i = 0; i < activation.Length; i++)
            {
                products += (double)gradient[i] * activation[i];
                sum += activation[i];
            }

            layer.Add(channel, products / (sum + Epsilon), map);
        }
    }
}
