namespace SanityChecks.RunFiles.Statistics;

/// <summary>Makes a run's verdict of its summary, contrasts and curves alone.</summary>
public static class Verdicts
{
    /// <summary>The verdict of each method.</summary>
    /// <param name="summary">The rows of <c>summary.csv</c>.</param>
    /// <param name="contrasts">The rows of <c>contrasts.csv</c>.</param>
    /// <param name="curves">The rows of <c>curves.csv</c>.</param>
    /// <param name="experiment">The experiment in its own words.</param>
    /// <param name="titles">The methods' titles by their names; what is missing is called by its name.</param>
    public static VerdictRecord Of(
        IReadOnlyList<SummaryRow> summary, IReadOnlyList<ContrastRow> contrasts, IReadOnlyList<CurveRow> curves,
        ExperimentRecord experiment, IReadOnlyDictionary<string, string> titles)
    {
        ArgumentNullException.ThrowIfNull(titles);
        string? nullName = Nulls.Among(summary.Select(row => row.Reference).Distinct());
        var rows = summary.ToLookup(row => (row.Method, row.Metric, row.Resolution, row.Reference));
        var differences = contrasts.Where(row => row.Null == nullName)
            .ToDictionary(row => (row.Step, row.Method, row.Metric, row.Resolution, row.Statistic));

        // What scores 1 without randomization is a similarity; other numbers of maps have no way from a null to an original.
        (string Method, string Metric, string Resolution)[] similarities = [.. summary
            .Where(row => row is { Step: 0, Reference: ScoreRow.Original, Mean: 1 or null } && row.Method != ScoreRow.Network)
            .Select(row => (row.Method, row.Metric, row.Resolution))];
        return new VerdictRecord
        {
            Rule = VerdictRule.Words,
            Methods = [.. similarities.GroupBy(one => one.Method).Select(method => Method(method.Key, [.. method]))],
        };

        MethodVerdict Method(string name, (string Method, string Metric, string Resolution)[] metrics)
        {
            MetricVerdict[][] steps = [.. metrics.Select(metric => Steps(metric).ToArray()).Where(all => all.Length > 0)];
            MetricVerdict[] decided = [.. steps.Select(Decided)];
            string title = titles.GetValueOrDefault(name, name);
            var words = new VerdictWords(title, experiment, steps.Length == 0 ? 0 : steps[0][^1].Step);
            return decided.Length == 0
                ? new MethodVerdict(name, title, Outcome.TooFew, $"{title} has no steps to judge by.", [], [])
                : new MethodVerdict(
                    name, title, decided[0].Outcome, words.Sentence(decided[0], Untouched(decided[0]), Of(MeasureNames.Neighbors, 0)),
                    [
                        .. words.Notes(decided, steps[0], step => Of(MeasureNames.Zeros, step)?.Mean),
                        .. words.Ceiling(decided[0], Ceiling()),
                    ], decided);

            SummaryRow? Ceiling() => rows[(name, decided[0].Metric, decided[0].Resolution, ScoreRow.OtherTraining)]
                .FirstOrDefault(row => row.Step == 0);

            MetricVerdict Decided(MetricVerdict[] all)
            {
                (Outcome outcome, MetricVerdict step) = VerdictRule.Decide(
                    all, Untouched(all[0]), Of(MeasureNames.Neighbors, 0), experiment.Connected);
                return step with { Outcome = outcome };
            }

            SummaryRow? Untouched(MetricVerdict one) =>
                rows[(name, one.Metric, one.Resolution, nullName ?? "")].FirstOrDefault(row => row.Step == 0);

            SummaryRow? Of(string measure, int step) => summary.FirstOrDefault(
                row => row.Step == step && row.Method == name && row.Metric == measure && row.Reference == ScoreRow.Itself);
        }

        IEnumerable<MetricVerdict> Steps((string Method, string Metric, string Resolution) one)
        {
            CurveRow? curve = curves.FirstOrDefault(
                row => (row.Method, row.Metric, row.Resolution) == one && row.Statistic == Statistic.Signed);
            return rows[(one.Method, one.Metric, one.Resolution, ScoreRow.Original)].Where(row => row.Step > 0).OrderBy(row => row.Step)
                .Select(row =>
            {
                SummaryRow? level = rows[(one.Method, one.Metric, one.Resolution, nullName ?? "")].FirstOrDefault(
                    other => other.Step == row.Step);
                return new MetricVerdict
                {
                    Metric = row.Metric,
                    Resolution = row.Resolution,
                    Outcome = Outcome.Undecided,
                    Step = row.Step,
                    Layer = row.Layer,
                    N = row.N,
                    Undefined = row.Undefined,
                    Draws = row.Draws,
                    Original = new Estimate(row.Mean, row.CiLow, row.CiHigh),
                    Absolute = new Estimate(row.MeanAbs, row.AbsLow, row.AbsHigh),
                    Aligned = new Estimate(row.MeanAligned, row.AlignedLow, row.AlignedHigh),
                    Null = nullName,
                    NullLevel = level is null ? default : new Estimate(level.Mean, level.CiLow, level.CiHigh),
                    NullAbsolute = level is null ? default : new Estimate(level.MeanAbs, level.AbsLow, level.AbsHigh),
                    Excess = nullName is null ? new Estimate(row.Mean, row.CiLow, row.CiHigh) : Excess(one, row.Step, Statistic.Signed),
                    AbsoluteExcess = Excess(one, row.Step, Statistic.Absolute),
                    AlignedExcess = Excess(one, row.Step, Statistic.Aligned),
                    Area = curve is null ? default : new Estimate(curve.Area, curve.AreaLow, curve.AreaHigh),
                    CollapseStep = curve?.CollapseStep,
                    CollapseLayer = curve?.CollapseLayer ?? "",
                    CollapseLow = curve?.CollapseLow,
                    CollapseHigh = curve?.CollapseHigh,
                };
            });
        }

        Estimate Excess((string Method, string Metric, string Resolution) one, int step, Statistic statistic) =>
            differences.TryGetValue((step, one.Method, one.Metric, one.Resolution, statistic), out ContrastRow? row)
                ? new Estimate(row.Difference, row.Low, row.High)
                : default;
    }
}
