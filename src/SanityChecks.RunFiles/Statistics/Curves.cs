using MathNet.Numerics.Statistics;

namespace SanityChecks.RunFiles.Statistics;

/// <summary>Makes the rows of <c>curves.csv</c>: how high a method's curve lies, and where it collapses.</summary>
public static class Curves
{
    // Of an image and draw that lacks more of the curve than this, the area would be guessed.
    private const double LeastDefined = 0.5;

    // Half of the way from the null to the original.
    private const double Half = 0.5;

    /// <summary>The curves of every method, metric and resolution.</summary>
    /// <param name="table">The scores.</param>
    /// <param name="connected">Whether each step goes on from the one before.</param>
    public static IReadOnlyList<CurveRow> Of(ScoreTable table, bool connected)
    {
        ArgumentNullException.ThrowIfNull(table);
        string? nullName = Nulls.Among(table.Groups.Select(group => group.Reference).Distinct());
        var curves = table.Groups
            .Where(group => group.Reference == ScoreRow.Original && group.Method != ScoreRow.Network)
            .GroupBy(group => (group.Randomization, group.Method, group.Metric, group.Resolution))
            .Select(curve => curve.OrderBy(group => group.Step).ToArray())
            .Where(curve => curve[^1].Step > 0)
            .SelectMany(curve => StatisticWords.All.Select(statistic => (curve, statistic)));
        return [.. curves.AsParallel().AsOrdered().Select(one => Row(table, one.curve, one.statistic, nullName, connected))];
    }

    private static CurveRow Row(
        ScoreTable table, ScoreGroup[] curve, Statistic statistic, string? nullName, bool connected)
    {
        ScoreCells[] steps = [.. curve.Select(group => table.Cells(group, statistic))];
        ScoreCells areas = Areas(steps, connected);
        Estimate area = table.Bootstrap.Estimate(areas);
        ScoreGroup first = curve[0];
        var row = new CurveRow(
            first.Randomization, first.Method, first.Metric, first.Resolution, statistic, areas.Defined.Count(), area.Mean, area.Low,
            area.High, null, "", null, null);
        if (!connected)
        {
            return row;
        }

        ScoreCells?[] nulls = [.. curve.Select(group => group with { Reference = nullName ?? "" })
            .Select(group => table.Has(group) ? table.Cells(group, statistic) : null)];
        double[][] means = [.. steps.Select(table.Bootstrap.Means)];
        double[]?[] levels = [.. nulls.Select(cells => cells is null ? null : table.Bootstrap.Means(cells))];
        double[] collapses = [.. Enumerable.Range(0, TwoLevelBootstrap.Resamples).Select(
            r => (double)Collapse([.. means.Select(step => step[r])], [.. levels.Select(step => step is null ? 0 : step[r])])).Order()];
        int collapse = Collapse(
            [.. steps.Select(Mean)], [.. nulls.Select(cells => cells is null ? 0 : Mean(cells))]);
        return row with
        {
            CollapseStep = collapse < curve.Length ? curve[collapse].Step : null,
            CollapseLayer = collapse < curve.Length ? curve[collapse].Layer : "",
            CollapseLow = StepAt(SortedArrayStatistics.QuantileCustom(collapses, 0.025, QuantileDefinition.R1)),
            CollapseHigh = StepAt(SortedArrayStatistics.QuantileCustom(collapses, 0.975, QuantileDefinition.R1)),
        };

        int? StepAt(double index) => (int)index < curve.Length ? curve[(int)index].Step : null;
    }

    /// <summary>The index of the first step from which on the curve stays below half of the way; the number of steps where there is
    /// none.</summary>
    private static int Collapse(double[] means, double[] levels)
    {
        int collapse = means.Length;

        // A step without a score says nothing: it takes the side of the one after it.
        for (int step = means.Length - 1; step > 0; step--)
        {
            if (double.IsNaN(means[step]) || Nulls.PartOfTheWay(means[step] - levels[step], levels[step]) is null or < Half)
            {
                collapse = step;
            }
            else
            {
                break;
            }
        }

        return collapse;
    }

    private static double Mean(ScoreCells cells) => cells.Defined.DefaultIfEmpty(double.NaN).Average();

    /// <summary>The mean height of the curve of each image and draw.</summary>
    internal static ScoreCells Areas(ScoreCells[] steps, bool connected)
    {
        int draws = steps.Max(step => step.Draws), images = steps[0].Images, last = steps.Length - 1;
        return new ScoreCells([.. Enumerable.Range(0, draws).Select(draw => Enumerable.Range(0, images).Select(image =>
        {
            double sum = 0, defined = 0, all = 0;
            for (int step = connected ? 0 : 1; step <= last; step++)
            {
                // The untouched network is the same in every draw.
                double value = steps[step].Values[steps[step].Draws == 1 ? 0 : draw][image];
                double weight = connected && (step == 0 || step == last) ? 0.5 : 1;
                all += weight;
                if (!double.IsNaN(value))
                {
                    sum += weight * value;
                    defined += weight;
                }
            }

            return defined >= LeastDefined * all ? sum / defined : double.NaN;
        }).ToArray())]);
    }
}
