using System.Globalization;

namespace SanityChecks.RunFiles.Statistics;

/// <summary>Puts a verdict into words.</summary>
/// <param name="title">The method's.</param>
/// <param name="experiment">The experiment in its own words.</param>
/// <param name="steps">How many steps there are.</param>
internal sealed class VerdictWords(string title, ExperimentRecord experiment, int steps)
{
    // A metric whose unrelated maps score as high as this has a floor that has to be told; of maps with as many zeros, most ranks are ties.
    private const double Floor = 0.25, Ties = 0.5;

    /// <summary>The verdict with its numbers.</summary>
    /// <param name="verdict">By the run's first metric.</param>
    /// <param name="untouched">The untouched network's maps against the null.</param>
    /// <param name="neighbors">The correlation of neighboring pixels of its maps.</param>
    public string Sentence(MetricVerdict verdict, SummaryRow? untouched, SummaryRow? neighbors) =>
        $"{title} {OutcomeWords.Of(verdict.Outcome)}: {Numbers(verdict, untouched, neighbors)} ({Extent(verdict)}).{Course(verdict)}";

    /// <summary>Where metrics disagree, and why, and where a turned sign hides a picture.</summary>
    /// <param name="metrics">The verdict of each metric; the first is the run's first.</param>
    /// <param name="course">The first metric's numbers of every step.</param>
    /// <param name="zeros">The mean share of zeros in the maps of a step.</param>
    public IEnumerable<string> Notes(MetricVerdict[] metrics, MetricVerdict[] course, Func<int, double?> zeros)
    {
        MetricVerdict first = metrics[0];
        foreach (MetricVerdict other in metrics[1..])
        {
            string reason = Reason(first, other, zeros(other.Step));
            if (other.Outcome != first.Outcome)
            {
                yield return $"{Name(other)} disagrees: by it {title} {OutcomeWords.Of(other.Outcome)}, {Value(other.Original)} at {Step(other)}, where {Null(other)} {Value(other.NullLevel)}{(reason.Length > 0 ? $"; {reason}" : "")}.";
            }
            else if (other.NullLevel.Mean >= Floor)
            {
                yield return $"{Name(other)} reads {Value(other.Original)}, but {reason}.";
            }
        }

        MetricVerdict? turned = course.Where(VerdictRule.FollowsSign).MaxBy(step => step.AbsoluteExcess.Low);
        if (turned is not null && first.Outcome is not (Outcome.KeepsUpToSign or Outcome.IgnoresWeightsUpToSign))
        {
            yield return $"At {Step(turned)} a mean {turned.Metric} of {Value(turned.Original)} is no lack of similarity: {Signs(turned)}.";
        }
    }

    /// <summary>How similar maps are that explain the same function by other weights, where the run knows it.</summary>
    /// <param name="first">The verdict by the run's first metric.</param>
    /// <param name="ceiling">The untouched network's maps against another training's.</param>
    public IEnumerable<string> Ceiling(MetricVerdict first, SummaryRow? ceiling)
    {
        if (ceiling is not null)
        {
            yield return $"Ceiling: a network trained to the same from another seed has maps of {Name(first)} {Value(new Estimate(ceiling.Mean, ceiling.CiLow, ceiling.CiHigh))} to the originals; more is not of the function alone.";
        }
    }

    private string Numbers(MetricVerdict verdict, SummaryRow? untouched, SummaryRow? neighbors) => verdict.Outcome switch
    {
        Outcome.IgnoresWeights => $"{Name(verdict)} to the original is never below {Value(verdict.Original)}, at {Step(verdict)}",
        Outcome.IgnoresWeightsUpToSign =>
            $"the magnitude of {Name(verdict)} is never below {Value(verdict.Absolute)}, while its mean is {Value(verdict.Original)} at {Step(verdict)}",
        Outcome.IgnoresImage =>
            $"the trained network's maps of two images have a {Name(verdict)} of {Value(new Estimate(untouched?.Mean, untouched?.CiLow, untouched?.CiHigh))}",
        Outcome.Noise =>
            $"neighboring pixels correlate by {Value(new Estimate(neighbors?.Mean, neighbors?.CiLow, neighbors?.CiHigh))}; that such maps change says nothing",
        Outcome.KeepsUpToSign => $"at {Step(verdict)} {Name(verdict)} is {Value(verdict.Original)} on average, but {Signs(verdict)}",
        Outcome.ChangesLate =>
            $"{Name(verdict)} to the original is still {Value(verdict.Original)} at {Step(verdict)}, where {Null(verdict)} {Value(verdict.NullLevel)}, and near that at the last step",
        _ => $"{Name(verdict)} to the original is {Value(verdict.Original)} at {Step(verdict)}{(verdict.Null is null ? "" : $", where {Null(verdict)} {Value(verdict.NullLevel)}")}",
    };

    private static string Signs(MetricVerdict verdict) =>
        $"its magnitude is {Value(verdict.Absolute)} where {Null(verdict)} {Value(verdict.NullAbsolute)}, and times the sign of the logits {Value(verdict.Aligned)}";

    /// <summary>Where the curve falls.</summary>
    private string Course(MetricVerdict verdict) => verdict.Outcome switch
    {
        Outcome.Changes or Outcome.ChangesLate or Outcome.Keeps or Outcome.KeepsUpToSign or Outcome.Undecided when experiment.Connected =>
            verdict.CollapseStep is { } step
                ? $" The mean stays below half of the way from step {Invariant(step)} on, {experiment.StepName(step, verdict.CollapseLayer)} (95 %: {Invariant(verdict.CollapseLow)} to {(verdict.CollapseHigh is { } high ? Invariant(high) : "none")})."
                : " The mean never stays below half of the way.",
        _ => "",
    };

    private static string Reason(MetricVerdict first, MetricVerdict other, double? zeros)
    {
        string[] reasons =
        [
            .. other.NullLevel.Mean >= Floor ? [$"its floor is high, {Null(other)} {Value(other.NullLevel)}"] : Array.Empty<string>(),
            .. VerdictRule.FollowsSign(first) && other.Outcome != first.Outcome ? ["it does not see the sign"] : Array.Empty<string>(),
            .. zeros >= Ties
                ? [string.Create(CultureInfo.InvariantCulture, $"{zeros:0%} of the pixels are 0, whose ranks are ties")]
                : Array.Empty<string>(),
        ];
        return string.Join("; ", reasons);
    }

    private string Step(MetricVerdict verdict) =>
        $"step {Invariant(verdict.Step)} of {Invariant(steps)} ({experiment.StepName(verdict.Step, verdict.Layer)})";

    private static string Extent(MetricVerdict verdict)
    {
        string undefined = verdict.Undefined > 0 ? $", {Invariant(verdict.Undefined)} undefined" : "";
        string draws = verdict.Draws <= 1 ? "1 draw: no interval over draws" : $"{Invariant(verdict.Draws)} draws";
        return $"n = {Invariant(verdict.N)}{undefined}; {draws}";
    }

    private static string Name(MetricVerdict verdict) =>
        verdict.Resolution == "input" ? verdict.Metric : $"{verdict.Metric} ({verdict.Resolution})";

    private static string Null(MetricVerdict verdict) =>
        verdict.Null == ScoreRow.OtherImage ? "maps of other images have" : $"the null {verdict.Null} has";

    private static string Value(Estimate estimate) => estimate.Mean is not { } mean ? "undefined"
        : estimate.Low is null ? Number(mean)
        : $"{Number(mean)} [{Number(estimate.Low.Value)}, {Number(estimate.High!.Value)}]";

    private static string Number(double value) => value.ToString("0.00;-0.00;0.00", CultureInfo.InvariantCulture);

    private static string Invariant(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "none";
}
