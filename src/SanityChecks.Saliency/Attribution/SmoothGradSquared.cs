using SanityChecks.Compute;
using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Saliency.Attribution;

/// <summary>SmoothGrad squared: the mean of the squared gradient at copies of the image with Gaussian noise (Hooker et al. 2019).</summary>
/// <remarks>The noise is SmoothGrad's, whose passes it shares where their parameters are equal. Not negative, unscaled, [3, H,
/// W].</remarks>
public sealed class SmoothGradSquared : AttributionMethod
{
    private SmoothGradSquared()
        : base("smooth_grad_squared", "SmoothGrad squared", "Hooker et al. 2019", MethodFamily.Gradients,
            "the mean of the squared gradient at noisy copies of the image", signed: false)
    {
    }

    /// <summary>The method.</summary>
    public static SmoothGradSquared Instance { get; } = new();

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => NoisyCopies.Parameters;

    /// <inheritdoc/>
    public override Tensor Compute(Explanation explanation, ConfiguredMethod configured)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        ArgumentNullException.ThrowIfNull(configured);
        double[] squares = NoisyGradients.Of(explanation, SmoothGrad.Instance.Name, configured.Values).MeanSquares;
        return explanation.Keep(explanation.Engine.Upload(
            explanation.Activation(explanation.Input).Shape, Array.ConvertAll(squares, square => (float)square)));
    }
}
