namespace SanityChecks.Saliency.Attribution;

/// <summary>Eigen-CAM: the projection of the layer's channels, centered over space, onto their first principal component (Muhammad and
/// Yeasin 2020).</summary>
/// <remarks>The sign of a principal component is arbitrary: the largest magnitude is made positive, as Seg-Eigen-CAM does (Chung and Ying
/// 2025, equation 13); pytorch-grad-cam keeps the sign that its library happens to give. Reads no gradient: the same for every class, and
/// to the last bit the same while the layers at and below its own are.</remarks>
public sealed class EigenCam : ClassActivationMethod
{
    private EigenCam()
        : base("eigen_cam", "Eigen-CAM", "Muhammad and Yeasin 2020", "the first principal component of a layer's channels; shows no class",
            readsGradient: false)
    {
    }

    /// <summary>The method.</summary>
    public static EigenCam Instance { get; } = new();

    /// <inheritdoc/>
    protected override void Combine(LayerChannels layer, ConfiguredMethod configured, Span<double> map)
    {
        double[] values = new double[layer.Count * layer.Positions];
        for (int channel = 0; channel < layer.Count; channel++)
        {
            layer.Add(channel, 1, values.AsSpan(channel * layer.Positions, layer.Positions));
        }

        PrincipalComponent.Project(values, layer.Positions, map);
    }
}
