using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Saliency.Faithfulness;

/// <summary>Deletion: the mean probability of the target while the most salient pixels become 0 first (Petsiuk, Das and Saenko 2018,
/// section 4.2, and the authors' <c>evaluation.py</c>).</summary>
/// <remarks>0 is what the normalization makes 0: the mean color of its data set.</remarks>
public sealed class Deletion : PixelCurve
{
    private Deletion()
        : base("deletion", "Deletion", "Petsiuk et al. 2018",
            "the target's mean probability while pixels become the mean color, the most salient first; 0 to 1, a faithful map's is low")
    {
    }

    /// <summary>The measure.</summary>
    public static Deletion Instance { get; } = new();

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; } = [StepsParameter];

    private protected override bool BeginsUnchanged => true;

    private protected override (float[]? Before, float[]? After) Ends(ParameterValues values, RankedImages batch) =>
        (null, new float[batch.Shape.Count]);
}
