namespace SanityChecks.RunFiles.Statistics;

/// <summary>The rule by which intervals become an outcome.</summary>
/// <remarks>It asks intervals, never means alone, and it asks how far a similarity is on the way from the null to the original, so that a
/// metric whose unrelated maps score high is read like one whose unrelated maps score 0.</remarks>
internal static class VerdictRule
{
    /// <summary>The rule, in words.</summary>
    public const string Words =
        "Similarities count as parts of the way from the null (maps of other images, where the run has them) to the original. "
        + "A picture is kept where the 95 % interval of that part lies above 0.2, gone where it lies below 0.2, of signed scores and of their magnitudes; "
        + "kept up to sign where only the magnitudes keep it. Where steps go on from each other the last one decides, and half of them say whether the change comes late; where they stand alone all of them do. "
        + "A method ignores the weights where the interval lies above 0.99 at every step, ignores the image where maps of other images do so without randomization, "
        + "and is noise where the correlation of neighboring pixels of its original maps lies below 0.05.";

    // A fifth of the way: less is no picture that anybody would recognize.
    private const double Kept = 0.2, Same = 0.99, Structure = 0.05;

    /// <summary>What a metric says of a method.</summary>
    /// <param name="steps">The numbers of every step but the first, in order; at least one.</param>
    /// <param name="untouched">The summary of the untouched network's maps against the null; null where there is none.</param>
    /// <param name="neighbors">The summary of the correlation of neighboring pixels of the untouched network's maps; null where there is
    /// none.</param>
    /// <param name="connected">Whether each step goes on from the one before.</param>
    /// <returns>The outcome, and the step that decides.</returns>
    public static (Outcome Outcome, MetricVerdict Step) Decide(
        IReadOnlyList<MetricVerdict> steps, SummaryRow? untouched, SummaryRow? neighbors, bool connected)
    {
        MetricVerdict last = steps[^1];
        MetricVerdict[] defined = [.. steps.Where(step => step.Original.Low is not null)];
        if (defined.Length > 0 && defined.All(step => step.Original.Low >= Same))
        {
            return (Outcome.IgnoresWeights, defined.MinBy(step => step.Original.Low)!);
        }

        if (defined.Length > 0 && defined.All(step => step.Absolute.Low >= Same))
        {
            return (Outcome.IgnoresWeightsUpToSign, defined.MinBy(step => step.Absolute.Low)!);
        }

        if (untouched?.AbsLow >= Same)
        {
            return (Outcome.IgnoresImage, last);
        }

        if (neighbors?.CiHigh < Structure)
        {
            return (Outcome.Noise, last);
        }

        return connected ? Connected(steps) : Alone(defined, last);
    }

    /// <summary>Whether a step's maps follow the sign of the logit: a picture is there once it is taken off, and not before.</summary>
    public static bool FollowsSign(MetricVerdict step) =>
        !KeepsSigned(step) && KeepsAbsolute(step) && Part(step.AlignedExcess.Low, step.NullLevel) > Kept;

    private static (Outcome Outcome, MetricVerdict Step) Connected(IReadOnlyList<MetricVerdict> steps)
    {
        MetricVerdict last = steps[^1], half = steps[(steps.Count - 1) / 2];
        return last.Original.Low is null ? (Outcome.TooFew, last)
            : KeepsSigned(last) ? (Outcome.Keeps, last)
            : KeepsAbsolute(last) ? (Outcome.KeepsUpToSign, last)
            : !IsGone(last) ? (Outcome.Undecided, last)
            : half != last && (KeepsSigned(half) || KeepsAbsolute(half))
                ? (Outcome.ChangesLate, half)
            : (Outcome.Changes, last);
    }

    private static (Outcome Outcome, MetricVerdict Step) Alone(MetricVerdict[] defined, MetricVerdict last)
    {
        if (defined.Length == 0)
        {
            return (Outcome.TooFew, last);
        }

        MetricVerdict[] signed = [.. defined.Where(KeepsSigned)];
        MetricVerdict[] kept = [.. defined.Where(step => KeepsSigned(step) || KeepsAbsolute(step))];
        MetricVerdict most = defined.MaxBy(step => Part(step.Excess.Mean, step.NullLevel))!;
        return 2 * signed.Length > defined.Length ? (Outcome.Keeps, most)
            : 2 * kept.Length > defined.Length ? (Outcome.KeepsUpToSign,
                kept.MaxBy(step => Part(step.AbsoluteExcess.Mean, step.NullAbsolute))!)
            : kept.Length > 0 ? (Outcome.ChangesInPart, most)
            : defined.All(IsGone) ? (Outcome.Changes, most)
            : (Outcome.Undecided, most);
    }

    private static bool KeepsSigned(MetricVerdict step) => Part(step.Excess.Low, step.NullLevel) > Kept;

    private static bool KeepsAbsolute(MetricVerdict step) => Part(step.AbsoluteExcess.Low, step.NullAbsolute) > Kept;

    private static bool IsGone(MetricVerdict step) =>
        Part(step.Excess.High, step.NullLevel) < Kept && !(Part(step.AbsoluteExcess.High, step.NullAbsolute) >= Kept);

    private static double? Part(double? excess, Estimate level) => Nulls.PartOfTheWay(excess, level.Mean ?? 0);
}
