using SanityChecks.Compute;
using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Saliency.Attribution;

/// <summary>SmoothGrad: the mean gradient at copies of the image with Gaussian noise (Smilkov et al. 2017, equation 2).</summary>
/// <remarks>
/// The noise's deviation is a part of the range of the image's own values, largest less smallest over all channels. It is the same at every
/// randomization step: what changes from one map to another is the network. Signed, unscaled, [3, H, W] in the normalized input's space.
/// </remarks>
public sealed class SmoothGrad : AttributionMethod
{
    private SmoothGrad()
        : base("smooth_grad", "SmoothGrad", "Smilkov et al. 2017", MethodFamily.Gradients,
            "the mean gradient at noisy copies of the image")
    {
    }

    /// <summary>The method.</summary>
    public static SmoothGrad Instance { get; } = new();

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => NoisyCopies.Parameters;

    /// <inheritdoc/>
    public override Tensor Compute(Explanation explanation, ConfiguredMethod configured)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        ArgumentNullException.ThrowIfNull(configured);
        double[] means = NoisyGradients.Of(explanation, configured.Id, configured.Values).Means;
        return explanation.Keep(explanation.Engine.Upload(
            explanation.Activation(explanation.Input).Shape, Array.ConvertAll(means, mean => (float)mean)));
    }
}
