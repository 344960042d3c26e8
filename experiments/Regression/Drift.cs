namespace SanityChecks.Experiments.Regression;

/// <summary>Which row a difference is in.</summary>
/// <param name="Image">The image's id; null for a row of a summary.</param>
/// <param name="Randomization">The kind of randomization.</param>
/// <param name="Step">0 for the untouched network.</param>
/// <param name="Layer">What the step randomizes.</param>
/// <param name="Draw">From 1, 0 at step 0; null for a row of a summary.</param>
/// <param name="Method">The attribution method.</param>
/// <param name="Metric">The similarity.</param>
/// <param name="Resolution">At which size the maps were compared.</param>
/// <param name="Reference">What the maps were compared with.</param>
public sealed record RowPlace(
    string? Image, string Randomization, int Step, string Layer, int? Draw, string Method, string Metric, string Resolution,
    string Reference);

/// <summary>One quantity of one row, in the baseline and now.</summary>
/// <param name="Row">Where.</param>
/// <param name="Quantity">What was compared: <c>value</c>, <c>status</c>, <c>target</c>, <c>label</c>, <c>mean</c>, <c>sd</c>,
/// <c>defined</c> (how many of how many scores have a value), or the whole <c>row</c>.</param>
/// <param name="Baseline">In the baseline, as text.</param>
/// <param name="Now">Now, as text.</param>
/// <param name="Difference">Now less baseline; null where something changed that has no size, such as a status or a missing row.</param>
/// <param name="Tolerance">The largest difference that is none; null together with the difference.</param>
public sealed record Drift(RowPlace Row, string Quantity, string Baseline, string Now, double? Difference, double? Tolerance)
{
    /// <summary>How many tolerances the difference is; infinite where it has no size, is not a number, or nothing is tolerated and
    /// something differs.</summary>
    public double Ratio => Difference switch
    {
        null => double.PositiveInfinity,
        0 => 0,
        double difference when double.IsNaN(difference) => double.PositiveInfinity,
        double difference => Math.Abs(difference) / Tolerance!.Value,
    };

    /// <summary>Whether it is more than the tolerance allows.</summary>
    public bool IsBeyondTolerance => !(Math.Abs(Difference ?? double.NaN) <= Tolerance);
}
