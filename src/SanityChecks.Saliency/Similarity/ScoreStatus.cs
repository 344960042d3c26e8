namespace SanityChecks.Saliency.Similarity;

/// <summary>The words of the <c>status</c> column: whether a score is sound, and if not, which map is why.</summary>
/// <remarks>"Constant" means that all the metric sees of a map is equal: its values, its magnitudes, or its HOG descriptor.</remarks>
public static class ScoreStatus
{
    /// <summary>Both maps are finite and vary; the score has a value.</summary>
    public const string Ok = "ok";

    /// <summary>The original map is constant; the score has no value.</summary>
    public const string ConstantOriginal = "constant_original";

    /// <summary>The randomized map is constant; the score has no value.</summary>
    public const string ConstantRandomized = "constant_randomized";

    /// <summary>Both maps are constant; the score has no value.</summary>
    public const string ConstantBoth = "constant_both";

    /// <summary>The original map holds a NaN or an infinity; the score has no value.</summary>
    public const string NonFiniteOriginal = "non_finite_original";

    /// <summary>The randomized map holds a NaN or an infinity; the score has no value.</summary>
    public const string NonFiniteRandomized = "non_finite_randomized";

    /// <summary>Both maps hold a NaN or an infinity; the score has no value.</summary>
    public const string NonFiniteBoth = "non_finite_both";

    /// <summary>The maps are smaller than the metric's window; the score has no value.</summary>
    public const string TooSmall = "too_small";

    /// <summary>The run has no other image whose map could be the reference; the score has no value.</summary>
    public const string NoOtherImage = "no_other_image";

    /// <summary>No value of the trained network's map is above 0, so that it marks no place; the score has no value.</summary>
    public const string NotPositiveOriginal = "not_positive_original";

    /// <summary>No value of the randomized network's map is above 0; the score has no value.</summary>
    public const string NotPositiveRandomized = "not_positive_randomized";

    /// <summary>Nothing tells where the object is; the score has no value.</summary>
    public const string NoTruth = "no_truth";

    /// <summary>The image has no object, or none within what the network sees of it; the score has no value.</summary>
    public const string TruthOutside = "truth_outside";

    /// <summary>Of the object only the box is known, where its pixels are needed; the score has no value.</summary>
    public const string NoMask = "no_mask";

    /// <summary>The status of a randomized network's map that has the given one as the trained network's.</summary>
    public static string OfRandomized(string status) => status switch
    {
        ConstantOriginal => ConstantRandomized,
        NotPositiveOriginal => NotPositiveRandomized,
        NonFiniteOriginal => NonFiniteRandomized,
        _ => status,
    };

    /// <summary>The status of a pair from which of its maps is constant.</summary>
    public static string Constant(bool original, bool randomized) =>
        Choose(original, randomized, ConstantOriginal, ConstantRandomized, ConstantBoth);

    /// <summary>Whether a status says that a map is constant.</summary>
    public static bool IsConstant(string status) => status is ConstantOriginal or ConstantRandomized or ConstantBoth;

    /// <summary>The status of a pair from which of its maps is non-finite.</summary>
    public static string NonFinite(bool original, bool randomized) =>
        Choose(original, randomized, NonFiniteOriginal, NonFiniteRandomized, NonFiniteBoth);

    private static string Choose(bool original, bool randomized, string first, string second, string both) =>
        (original, randomized) switch
        {
            (true, true) => both,
            (true, false) => first,
            (false, true) => second,
            _ => Ok,
        };
}
