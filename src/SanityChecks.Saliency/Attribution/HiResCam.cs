namespace SanityChecks.Saliency.Attribution;

/// <summary>HiResCAM: ReLU(sum_k g_k A_k), the gradient taken place by place instead of averaged (Draelos and Carin 2020, equation
/// 4).</summary>
/// <remarks>Equals Grad-CAM where the gradient is the same at every place of a channel.</remarks>
public sealed class HiResCam : ClassActivationMethod
{
    private HiResCam()
        : base("hires_cam", "HiResCAM", "Draelos and Carin 2020",
            "a layer's channels times their gradients, place by place, the positive part of the sum")
    {
    }

    /// <summary>The method.</summary>
    public static HiResCam Instance { get; } = new();

    /// <inheritdoc/>
    protected override void Combine(LayerChannels layer, ConfiguredMethod configured, Span<double> map)
    {
        for (int channel = 0; channel < layer.Count; channel++)
        {
            ReadOnlySpan<float> activation = layer.Activation(channel), gradient = layer.Gradient(channel);
            for (int i = 0; i < map.Length; i++)
            {
                map[i] += (double)gradient[i] * activation[i];
            }
        }
    }
}
