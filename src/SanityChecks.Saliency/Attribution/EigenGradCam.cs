namespace SanityChecks.Saliency.Attribution;

/// <summary>Eigen-Grad-CAM: Eigen-CAM of g_k A_k instead of A_k, as the package pytorch-grad-cam defines it.</summary>
/// <remarks>The sign is made as for Eigen-CAM.</remarks>
public sealed class EigenGradCam : ClassActivationMethod
{
    private EigenGradCam()
        : base("eigen_grad_cam", "Eigen-Grad-CAM", "Gildenblat 2021, pytorch-grad-cam",
            "the first principal component of a layer's channels times their gradients")
    {
    }

    /// <summary>The method.</summary>
    public static EigenGradCam Instance { get; } = new();

    /// <inheritdoc/>
    protected override void Combine(LayerChannels layer, ConfiguredMethod configured, Span<double> map)
    {
        double[] values = new double[layer.Count * layer.Positions];
        for (int channel = 0; channel < layer.Count; channel++)
        {
            ReadOnlySpan<float> activation = layer.Activation(channel), gradient = layer.Gradient(channel);
            for (int i = 0; i < layer.Positions; i++)
            {
                values[(channel * layer.Positions) + i] = (double)gradient[i] * activation[i];
            }
        }

        PrincipalComponent.Project(values, layer.Positions, map);
    }
}
