namespace SanityChecks.RunFiles.Statistics;

/// <summary>What becomes of the answer when the test is made in every other defensible way.</summary>
/// <remarks>Metrics have floors of their own, so that specifications are compared by how far a curve lies on the way from the null to the
/// originals, on average over its steps (Simonsohn, Simmons and Nelson 2020, "Specification curve analysis").</remarks>
public static class SpecificationCurve
{
    /// <summary>The rows of one specification's run, method after method.</summary>
    /// <param name="table">Its scores.</param>
    /// <param name="connected">Whether each step goes on from the one before.</param>
    /// <param name="networks">What the run is.</param>
    /// <param name="metrics">The metrics as rows name them, with the metric and the treatment of maps that each stands for.</param>
    public static IReadOnlyList<SpecificationRow> Of(
        ScoreTable table, bool connected, Specification networks, IReadOnlyList<(string Id, string Metric, string Maps)> metrics)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(metrics);
        string nullName = Nulls.Among(table.Groups.Select(group => group.Reference).Distinct()) ?? "";
        var curves = table.Groups
            .Where(one => one is { Reference: ScoreRow.Original, Resolution: "input" } && one.Method != ScoreRow.Network)
            .ToLookup(one => (one.Method, one.Metric));
        return [.. from method in curves.Select(curve => curve.Key.Method).Distinct()
                   from metric in metrics
                   let steps = curves[(method, metric.Id)].OrderBy(one => one.Step).ToArray()
                   where steps.Length > 1
                   select Row(table, steps, nullName, connected) with
                   {
                       Metric = metric.Metric,
                       Maps = metric.Maps,
                       Networks = networks,
                   }];
    }

    /// <summary>How much each choice decides, method after method: of the variance over all specifications the share between a choice's
    /// options (the correlation ratio), and what is left for choices together.</summary>
    /// <remarks>An option whose combinations have no score, as where an initializer kills the network, is left out.</remarks>
    /// <param name="rows">The rows of all specifications.</param>
    public static IReadOnlyList<ChoiceShareRow> Shares(IReadOnlyList<SpecificationRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return [.. rows.GroupBy(row => row.Method).SelectMany(Shares)];
    }

    private static IEnumerable<ChoiceShareRow> Shares(IGrouping<string, SpecificationRow> method)
    {
        SpecificationRow[] rows = Complete([.. method]);
        double mean = rows.Select(row => row.Part!.Value).DefaultIfEmpty().Average();
        double total = rows.Sum(row => (row.Part!.Value - mean) * (row.Part.Value - mean));
        double left = 1;
        for (int choice = 0; choice < SpecificationRow.Choices.Count; choice++)
        {
            IGrouping<string, SpecificationRow>[] options = [.. rows.GroupBy(row => row.Options[choice])];
            if (method.Select(row => row.Options[choice]).Distinct().Count() > 1)
            {
                double between = options.Sum(group => group.Count() * Math.Pow(group.Average(row => row.Part!.Value) - mean, 2));
                left -= between / total;
                yield return new ChoiceShareRow(
                    method.Key, SpecificationRow.Choices[choice], options.Length, rows.Length, total > 0 ? between / total : null);
            }
        }

        yield return new ChoiceShareRow(method.Key, ChoiceShareRow.Together, 0, rows.Length, total > 0 ? Math.Max(0, left) : null);
    }

    /// <summary>The specifications that are left when options with combinations without a score are left out, those that lack the largest
    /// part of theirs first: only where all combinations of what is left are there do the shares add up.</summary>
    private static SpecificationRow[] Complete(SpecificationRow[] rows)
    {
        while (rows.Any(row => row.Part is null))
        {
            (int choice, string option) = Enumerable.Range(0, SpecificationRow.Choices.Count)
                .SelectMany(choice => rows.GroupBy(row => row.Options[choice]), (choice, group) => (choice, group))
                .OrderByDescending(one => one.group.Count(row => row.Part is null) / (double)one.group.Count())
                .Select(one => (one.choice, one.group.Key)).First();
            rows = [.. rows.Where(row => row.Options[choice] != option)];
        }

        return rows;
    }

    private static SpecificationRow Row(ScoreTable table, ScoreGroup[] steps, string nullName, bool connected)
    {
        ScoreCells areas = Areas(steps);
        ScoreGroup[] nulls = [.. steps.Select(group => group with { Reference = nullName }).Where(table.Has)];
        ScoreCells differences = nulls.Length == steps.Length ? areas.Less(Areas(nulls)) : areas;
        double? level = nulls.Length == steps.Length ? table.Bootstrap.Estimate(Areas(nulls)).Mean : 0;
        Estimate difference = table.Bootstrap.Estimate(differences);
        return new SpecificationRow(
            steps[0].Method, "", "", new Specification("", "", ""), differences.Defined.Count(), table.Bootstrap.Estimate(areas).Mean,
            level, Nulls.PartOfTheWay(difference.Mean, level), Nulls.PartOfTheWay(difference.Low, level),
            Nulls.PartOfTheWay(difference.High, level));

        ScoreCells Areas(ScoreGroup[] curve) =>
            Curves.Areas([.. curve.Select(group => table.Cells(group, Statistic.Signed))], connected);
    }
}
