using SanityChecks.Compute;

namespace SanityChecks.Saliency.Attribution;

/// <summary>The input itself, as the network reads it: a control that no network changes.</summary>
/// <remarks>Its similarity to itself is 1 at every step: a method whose curve looks like this one shows the image. Signed, [3, H,
/// W].</remarks>
public sealed class InputImage : AttributionMethod
{
    private InputImage()
        : base("input", "Input (control)", "control", MethodFamily.Controls, "the image itself, a control that no network changes",
            showsClass: false)
    {
    }

    /// <summary>The method.</summary>
    public static InputImage Instance { get; } = new();

    /// <inheritdoc/>
    public override Tensor Compute(Explanation explanation, ConfiguredMethod configured)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        Tensor image = explanation.Activation(explanation.Input);
        float[] values = new float[image.Shape.Count];
        explanation.Engine.Download(image, values);
        return explanation.Keep(explanation.Engine.Upload(image.Shape, values));
    }
}
