namespace SanityChecks.Saliency.Attribution;

/// <summary>Mean activation: ReLU of the mean over channels of A_k; what is left of a CAM when the weights of its channels are
/// dropped.</summary>
/// <remarks>Reads no gradient: the same for every class, and to the last bit the same while the layers at and below its own are.</remarks>
public sealed class MeanActivation : ClassActivationMethod
{
    private MeanActivation()
        : base("mean_activation", "Mean activation", "Selvaraju et al. 2017, as the map without weights",
            "a layer's channels averaged; shows no class", readsGradient: false)
    {
    }

    /// <summary>The method.</summary>
    public static MeanActivation Instance { get; } = new();

    /// <inheritdoc/>
    protected override void Combine(LayerChannels layer, ConfiguredMethod configured, Span<double> map)
    {
        for (int channel = 0; channel < layer.Count; channel++)
        {
            layer.Add(channel, 1.0 / layer.Count, map);
        }
    }
}
