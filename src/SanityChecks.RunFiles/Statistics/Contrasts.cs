namespace SanityChecks.RunFiles.Statistics;

/// <summary>Makes the rows of <c>contrasts.csv</c>: what the similarity to the original is worth beside the similarity to what has nothing
/// to do with it.</summary>
/// <remarks>The difference is taken score by score, so that what an image or a draw adds to both drops out of its interval.</remarks>
public static class Contrasts
{
    /// <summary>The contrasts of every step but the first with every null that the run has.</summary>
    public static IReadOnlyList<ContrastRow> Of(ScoreTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        string[] nulls = [.. table.Groups.Select(group => group.Reference).Distinct()
            .Where(reference => reference
                is not (ScoreRow.Original or ScoreRow.OtherTraining or ScoreRow.Itself or ScoreRow.Network or ScoreRow.Truth))];
        var wanted =
            from original in table.Groups
            where original.Reference == ScoreRow.Original && original.Step > 0
            from name in nulls
            let other = original with { Reference = name }
            where table.Has(other)
            from statistic in StatisticWords.All
            select (original, other, statistic);
        return [.. wanted.AsParallel().AsOrdered().Select(one =>
        {
            ScoreCells cells = table.Cells(one.original, one.statistic).Less(table.Cells(one.other, one.statistic));
            Estimate estimate = table.Bootstrap.Estimate(cells);
            return new ContrastRow(
                one.original.Randomization, one.original.Step, one.original.Layer, one.original.Method, one.original.Metric,
                one.original.Resolution, one.other.Reference, one.statistic, cells.Defined.Count(), estimate.Mean, estimate.Low,
                estimate.High);
        })];
    }
}
