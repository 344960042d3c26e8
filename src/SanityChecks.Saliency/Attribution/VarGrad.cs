using SanityChecks.Compute;
using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Saliency.Attribution;

/// <summary>VarGrad: the variance of the gradient over copies of the image with Gaussian noise (Adebayo et al. 2018, "Local explanation
/// methods for deep neural networks lack sensitivity to parameter values").</summary>
/// <remarks>
/// The mean of the squares less the square of the mean, as captum has it. The noise is SmoothGrad's, whose passes it shares where their
/// parameters are equal. Not negative, unscaled, [3, H, W]; without noise all 0.
/// </remarks>
public sealed class VarGrad : AttributionMethod
{
    private VarGrad()
        : base("var_grad", "VarGrad", "Adebayo et al. 2018b", MethodFamily.Gradients,
            "the variance of the gradient over noisy copies of the image", signed: false)
    {
    }

    /// <summary>The method.</summary>
    public static VarGrad Instance { get; } = new();

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => NoisyCopies.Parameters;

    /// <inheritdoc/>
    public override Tensor Compute(Explanation explanation, ConfiguredMethod configured)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        ArgumentNullException.ThrowIfNull(configured);
        (double[] means, double[] squares) = NoisyGradients.Of(explanation, SmoothGrad.Instance.Name, configured.Values);
        float[] variances = [.. means.Zip(squares, (mean, square) => (float)Math.Max(square - (mean * mean), 0))];
        return explanation.Keep(explanation.Engine.Upload(explanation.Activation(explanation.Input).Shape, variances));
    }
}
