namespace SanityChecks.Saliency.Attribution;

/// <summary>Mean activation: ReLU of the mean over channels of A_k; what is left of a CAM when the weights of its channels are
/// dropped.</summary>
/// <remarks>Reads no gradient: the same for every class, and to the last bit the same while the layers at and below its own are.</remarks>
public sealed class MeanActivation : ClassActivationMethod
{
    private MeanActivation()
    {
    }

    /// <summary>The method.</summary>
    public static MeanActivation Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "mean_activation";

    /// <inheritdoc/>
    public override string Title => "Mean activation";

    /// <inheritdoc/>
    public override string Description => "Mean activation: a layer's channels averaged; shows no class";

    /// <inheritdoc/>
    public override string Source => "Selvaraju et al. 2017, as the map without weights";

    /// <inheritdoc/>
    protected override bool ReadsGradient => false;

    /// <inheritdoc/>
    protected override void Combine(LayerChannels layer, ConfiguredMethod configured, Span<double> map)
    {
        for (int channel = 0; channel < layer.Count; channel++)
        {
            layer.Add(channel, 1.0 / layer.Count, map);
        }
    }
}
