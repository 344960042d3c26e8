using static MathNet.Numerics.Statistics.Correlation;

namespace SanityChecks.RunFiles.Statistics;

/// <summary>Makes the rows of <c>responses.csv</c>: whether maps change as far as the networks' answers do.</summary>
/// <remarks>Over the steps almost any two curves that fall together correlate. Over the images of one step they do only where the images
/// whose answers moved further are those whose maps did.</remarks>
public static class Responses
{
    // A correlation of two points is 1 or -1, whatever they are.
    private const int Fewest = 3;

    /// <summary>The responses of every method, metric and resolution to every measure.</summary>
    /// <param name="table">The scores.</param>
    /// <param name="measures">What the experiment measures of its networks, by its names in the column <c>metric</c>.</param>
    public static IReadOnlyList<ResponseRow> Of(ScoreTable table, IReadOnlyList<string> measures)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(measures);
        ILookup<(string Method, string Metric, string Resolution), ScoreGroup> curves = table.Groups
            .Where(group => group.Reference == ScoreRow.Original && group.Step > 0)
            .ToLookup(group => (group.Method, group.Metric, group.Resolution));
        return
        [
            .. from measure in measures
               from curve in curves
               where curve.Key.Method != ScoreRow.Network
               let changes = Cells(curve, value => 1 - value)
               let answers = Cells(curves[(ScoreRow.Network, measure, ScoreRow.Output)], value => value)
               where answers.Length == changes.Length
               from row in Rows(table, curve.First(), measure, changes, answers)
               select row,
        ];

        double[][][] Cells(IEnumerable<ScoreGroup> steps, Converter<double, double> change) =>
            [.. steps.OrderBy(step => step.Step)
                .Select(step => table.Cells(step, Statistic.Signed).Values.Select(draw => Array.ConvertAll(draw, change)).ToArray())];
    }

    // Changes and answers are [step][draw][image].
    private static IEnumerable<ResponseRow> Rows(
        ScoreTable table, ScoreGroup curve, string measure, double[][][] changes, double[][][] answers)
    {
        int[] steps = [.. Enumerable.Range(0, changes.Length)];
        var overSteps = new ScoreCells([.. Enumerable.Range(0, table.Draws).Select(draw => Enumerable.Range(0, table.Images).Select(
            image => Correlation(steps.Select(step => (changes[step][draw][image], answers[step][draw][image])))).ToArray())]);
        yield return Row(ResponseRow.Steps, overSteps, table.Bootstrap.Estimate(overSteps));

        // Of each draw the mean over its steps.
        double[][] overImages = [.. Enumerable.Range(0, table.Draws).Select(draw => steps
            .Select(step => Correlation(changes[step][draw].Zip(answers[step][draw]))).Where(double.IsFinite).ToArray())];
        var means = new ScoreCells(
            [.. overImages.Select(draw => new[] { draw.DefaultIfEmpty(double.NaN).Average() })]);
        yield return Row(ResponseRow.Images, means, new TwoLevelBootstrap(table.Draws, 1).Estimate(means)) with
        {
            N = overImages.Sum(draw => draw.Length),
        };

        ResponseRow Row(string over, ScoreCells cells, Estimate estimate) => new(
            curve.Randomization, curve.Method, curve.Metric, curve.Resolution, measure, over, cells.Defined.Count(), estimate.Mean,
            estimate.Low, estimate.High);
    }

    private static double Correlation(IEnumerable<(double Change, double Answer)> pairs)
    {
        (double Change, double Answer)[] defined =
            [.. pairs.Where(pair => double.IsFinite(pair.Change) && double.IsFinite(pair.Answer))];
        return defined.Length < Fewest
            ? double.NaN
            : Pearson(defined.Select(pair => pair.Change), defined.Select(pair => pair.Answer));
    }
}
