namespace SanityChecks.Saliency.Attribution;

/// <summary>Grad-CAM element-wise: sum_k ReLU(g_k A_k), as the package pytorch-grad-cam defines it.</summary>
/// <remarks>HiResCAM with the positive part taken of each channel, so that no channel takes away what another adds. Where activations are
/// not negative it is LayerCAM.</remarks>
public sealed class GradCamElementwise : ClassActivationMethod
{
    private GradCamElementwise()
        : base("grad_cam_elementwise", "Grad-CAM element-wise", "Gildenblat 2021, pytorch-grad-cam",
            "the positive parts of a layer's channels times their gradients, place by place")
    {
    }

    /// <summary>The method.</summary>
    public static GradCamElementwise Instance { get; } = new();

    /// <inheritdoc/>
    protected override void Combine(LayerChannels layer, ConfiguredMethod configured, Span<double> map)
    {
        for (int channel = 0; channel < layer.Count; channel++)
        {
            ReadOnlySpan<float> activation = layer.Activation(channel), gradient = layer.Gradient(channel);
            for (int i = 0; i < map.Length; i++)
            {
                map[i] += Math.Max((double)gradient[i] * activation[i], 0);
            }
        }
    }
}
