namespace SanityChecks.Reporting;

/// <summary>One row of <c>summary.csv</c>: a metric of a method's maps at one step, over the images.</summary>
/// <param name="Randomization">The order of randomization, as in <c>cascading</c> or <c>independent</c>.</param>
/// <param name="Step">0 for the untouched network, then 1, 2 ...</param>
/// <param name="Layer">The layer that this step randomizes; empty at step 0.</param>
/// <param name="Method">The attribution method.</param>
/// <param name="Metric">The similarity metric.</param>
/// <param name="Resolution">The size at which the maps were compared.</param>
/// <param name="N">How many scores are defined: those that the numbers below are over.</param>
/// <param name="Undefined">How many more scores there are without a value.</param>
/// <param name="Mean">Their mean; null exactly when <paramref name="N"/> is 0.</param>
/// <param name="Sd">Their standard deviation, or null.</param>
/// <param name="CiLow">Lower end of the 95 % confidence interval of the mean; null together with the upper.</param>
/// <param name="CiHigh">Upper end of the interval.</param>
/// <param name="Median">Their median, or null.</param>
/// <param name="Line">Where the row stands in the file, from 1.</param>
public sealed record SummaryRow(
    string Randomization,
    int Step,
    string Layer,
    string Method,
    string Metric,
    string Resolution,
    int N,
    int Undefined,
    double? Mean,
    double? Sd,
    double? CiLow,
    double? CiHigh,
    double? Median,
    int Line);
