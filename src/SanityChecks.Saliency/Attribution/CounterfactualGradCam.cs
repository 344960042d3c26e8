namespace SanityChecks.Saliency.Attribution;

/// <summary>Counterfactual Grad-CAM: ReLU(sum_k -alpha_k A_k), the places whose absence would raise the logit (Selvaraju et al. 2017,
/// section 3.3).</summary>
/// <remarks>Grad-CAM and this map are the positive and the negative part of the same sum: they overlap nowhere.</remarks>
public sealed class CounterfactualGradCam : ClassActivationMethod
{
    private CounterfactualGradCam()
        : base("counterfactual_grad_cam", "Counterfactual Grad-CAM", "Selvaraju et al. 2017",
            "Grad-CAM with the gradient's sign turned: what speaks against the class")
    {
    }

    /// <summary>The method.</summary>
    public static CounterfactualGradCam Instance { get; } = new();

    /// <inheritdoc/>
    protected override void Combine(LayerChannels layer, ConfiguredMethod configured, Span<double> map)
    {
        for (int channel = 0; channel < layer.Count; channel++)
        {
            double sum = 0;
            foreach (float value in layer.Gradient(channel))
            {
                sum += value;
            }

            layer.Add(channel, -sum / layer.Positions, map);
        }
    }
}
