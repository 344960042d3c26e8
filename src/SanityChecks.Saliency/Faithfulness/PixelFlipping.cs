using SanityChecks.Saliency.Attribution;
using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Saliency.Faithfulness;

/// <summary>Pixel flipping: the target's mean output while pixels become those of a baseline, the most salient first (Bach et al.
/// 2015).</summary>
/// <remarks>
/// As Quantus has it, the curve begins after the first step. Other than there, a pixel is all its channels, which there are flipped one by
/// one, and the area is divided by the number of steps, so that it does not grow with them. Black is the value that a black pixel has after
/// normalization.
/// </remarks>
public sealed class PixelFlipping : PixelCurve
{
    private PixelFlipping()
        : base("pixel_flipping", "Pixel flipping", "Bach et al. 2015",
            "the target's mean output while pixels become black, the most salient first; 0 to 1 for probabilities, a faithful map's is low")
    {
    }

    /// <summary>The measure.</summary>
    public static PixelFlipping Instance { get; } = new();

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; } = [StepsParameter, Baseline.Parameter, TargetOutput.Parameter];

    private protected override bool BeginsUnchanged => false;

    private protected override bool ReadsLogits(ParameterValues values) => TargetOutput.IsLogit(values);

    private protected override (float[]? Before, float[]? After) Ends(ParameterValues values, RankedImages batch)
    {
        float[] baseline = new float[batch.Shape.Count];
        batch.Explanation.Engine.Download(Baseline.Of(values[Baseline.Parameter.Name], batch.Explanation), baseline);
        return (null, baseline);
    }
}
