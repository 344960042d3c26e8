using SanityChecks.Compute;
using SanityChecks.Networks;

namespace SanityChecks.Saliency.Attribution;

/// <summary>Guided Grad-CAM: signed Guided Backprop times the up-sampled Grad-CAM, channel by channel (Selvaraju et al. 2017, section
/// 3.2).</summary>
/// <remarks>[3, H, W] in input space, unscaled. Where Grad-CAM is 0 everywhere, so is this.</remarks>
public sealed class GuidedGradCam : AttributionMethod
{
    private GuidedGradCam()
        : base("guided_grad_cam", "Guided Grad-CAM", "Selvaraju et al. 2017", MethodFamily.Rules, "Guided Backprop times Grad-CAM")
    {
    }

    /// <summary>The method.</summary>
    public static GuidedGradCam Instance { get; } = new();

    /// <inheritdoc/>
    public override IEnumerable<(BackwardRule Rule, Layer Layer)> Gradients(Network network, Layer camLayer) =>
        [.. GradCam.Instance.Gradients(network, camLayer), .. GuidedBackprop.Instance.Gradients(network, camLayer)];

    /// <inheritdoc/>
    public override string? Obstacle(Network network) => GuidedBackprop.Instance.Obstacle(network);

    /// <inheritdoc/>
    public override Tensor Compute(Explanation explanation, ConfiguredMethod configured) => explanation.Keep(
        explanation.Engine.MultiplyByMap(explanation.Map(GuidedBackprop.Instance), explanation.Map(GradCam.Instance)));
}
