namespace SanityChecks.Saliency.Faithfulness;

/// <summary>The list of measures of faithfulness.</summary>
public static class FaithfulnessMeasures
{
    /// <summary>All of them, in the order in which lists show them.</summary>
    public static IReadOnlyList<FaithfulnessMeasure> All { get; } =
        [Deletion.Instance, Insertion.Instance, PixelFlipping.Instance, Road.Instance];
}
