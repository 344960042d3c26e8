namespace SanityChecks.Saliency.Attribution;

/// <summary>LayerCAM: ReLU(sum_k ReLU(g_k) A_k) (Jiang et al. 2021, equations 4 and 5).</summary>
/// <remarks>Where activations are not negative, neither is the map: it does not die. The paper's tanh scaling for shallow layers changes no
/// order of values and is left out.</remarks>
public sealed class LayerCam : ClassActivationMethod
{
    private LayerCam()
        : base("layer_cam", "LayerCAM", "Jiang et al. 2021",
            "a layer's channels times the positive part of their gradients, place by place")
    {
    }

    /// <summary>The method.</summary>
    public static LayerCam Instance { get; } = new();

    /// <inheritdoc/>
    protected override void Combine(LayerChannels layer, ConfiguredMethod configured, Span<double> map)
    {
        for (int channel = 0; channel < layer.Count; channel++)
        {
            ReadOnlySpan<float> activation = layer.Activation(channel), gradient = layer.Gradient(channel);
            for (int i = 0; i < map.Length; i++)
            {
                map[i] += (double)Math.Max(gradient[i], 0) * activation[i];
            }
        }
    }
}
