namespace SanityChecks.RunFiles.Statistics;

/// <summary>Makes the rows of <c>health.csv</c>: whether the networks of each step still compute something, and how many maps died of
/// what.</summary>
public static class Health
{
    /// <summary>Networks whose answer is no number.</summary>
    public const string NonFiniteNetworks = "non_finite";

    /// <summary>Maps with a NaN or an infinity, of networks whose answer has one, too.</summary>
    public const string NonFiniteWithNetwork = "maps_non_finite_with_network";

    /// <summary>Maps with a NaN or an infinity, of networks whose answer is finite.</summary>
    public const string NonFiniteMaps = "maps_non_finite";

    /// <summary>Maps that are 0 everywhere: of a class activation map, no evidence for the class is left.</summary>
    public const string DeadMaps = "maps_dead";

    /// <summary>Maps of one value that is not 0.</summary>
    public const string ConstantMaps = "maps_constant";

    /// <summary>The health of every step.</summary>
    /// <param name="rows">The rows of <c>scores.csv</c>.</param>
    public static IReadOnlyList<HealthRow> Of(IEnumerable<ScoreRow> rows)
    {
        return [.. rows.Where(row => row.Method == ScoreRow.Network || row.Reference == ScoreRow.Itself)
            .GroupBy(row => (row.Randomization, row.Step, row.Layer)).OrderBy(step => step.Key.Step)
            .SelectMany(step => OfStep([.. step]))];
    }

    private static IEnumerable<HealthRow> OfStep(ScoreRow[] rows)
    {
        HashSet<(string Image, int Draw)> broken = [.. rows.Where(row => row.Metric == MeasureNames.LogitEntropy && row.Value is null)
            .Select(row => (row.Image, row.Draw))];
        ScoreRow first = rows[0];
        foreach (IGrouping<(string Metric, string Resolution), ScoreRow> measure in rows.Where(row => row.Method == ScoreRow.Network)
            .GroupBy(row => (row.Metric, row.Resolution)))
        {
            double[] values = [.. measure.Where(row => row.Value is not null).Select(row => row.Value!.Value)];
            string subject = measure.Key.Resolution == ScoreRow.Output ? ScoreRow.Network : measure.Key.Resolution;
            yield return Row(subject, measure.Key.Metric, values.Length, values.Length > 0 ? values.Average() : null);
            if (measure.Key.Metric == MeasureNames.LogitEntropy)
            {
                yield return Row(ScoreRow.Network, NonFiniteNetworks, measure.Count(), measure.Count(row => row.Value is null));
            }
        }

        foreach (IGrouping<string, ScoreRow> method in rows.Where(row => row.Reference == ScoreRow.Itself).GroupBy(row => row.Method))
        {
            ScoreRow[] zeros = [.. method.Where(row => row.Metric == MeasureNames.Zeros)];
            ScoreRow[] infinite = [.. zeros.Where(row => row.Value is null)];
            int dead = zeros.Count(row => row.Value == 1);
            int even = method.Count(row => row.Metric == MeasureNames.Neighbors && row.Value is null) - infinite.Length;
            int withNetwork = infinite.Count(row => broken.Contains((row.Image, row.Draw)));
            yield return Row(method.Key, NonFiniteWithNetwork, zeros.Length, withNetwork);
            yield return Row(method.Key, NonFiniteMaps, zeros.Length, infinite.Length - withNetwork);
            yield return Row(method.Key, DeadMaps, zeros.Length, dead);
            yield return Row(method.Key, ConstantMaps, zeros.Length, even - dead);
        }

        HealthRow Row(string subject, string measure, int n, double? value) =>
            new(first.Randomization, first.Step, first.Layer, subject, measure, n, value);
    }
}
