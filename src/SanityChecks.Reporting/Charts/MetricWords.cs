using SanityChecks.RunFiles;

namespace SanityChecks.Reporting.Charts;

/// <summary>What a chart says about its metric.</summary>
/// <param name="Name">The metric, as the file names it.</param>
/// <param name="Title">What is on the y axis, in words.</param>
/// <param name="Axis">The same, short.</param>
/// <param name="One">What a value of 1 means; empty where it means nothing by itself.</param>
/// <param name="Zero">What a value of 0 means.</param>
/// <param name="FallsTo">Where a faithful method goes.</param>
/// <param name="Reading">How to read the chart, where that is not by where a faithful method goes; null elsewhere.</param>
internal sealed record MetricWords(string Name, string Title, string Axis, string One, string Zero, string FallsTo, string? Reading = null)
{
    // SSIM and HOG of two unrelated maps are seldom 0: smooth regions agree, and histograms are never negative.
    private const string Floor = "towards 0 (unrelated maps may score above 0)";

    private static readonly MetricWords[] Known =
    [
        new("spearman", "Spearman rank correlation", "Spearman ρ", "identical", "unrelated", "to 0"),
        new("spearman_abs", "Spearman rank correlation of magnitudes", "Spearman ρ of |values|", "identical", "unrelated", "to 0"),
        new("ssim", "structural similarity (SSIM)", "SSIM", "identical", "dissimilar", Floor),
        new("hog", "correlation of HOG descriptors", "HOG correlation", "identical", "unrelated", Floor),
    ];

    /// <summary>The words of a measure of networks, or of where maps are.</summary>
    public static MetricWords Of(MeasureRecord measure) =>
        new(measure.Name, measure.Title, measure.Axis, measure.One ?? "", measure.Zero, "", measure.Reading);

    /// <summary>The words of a metric; of an unknown one, its own name with spaces for underscores.</summary>
    public static MetricWords Of(string metric)
    {
        string plain = metric.Replace('_', ' ');
        return Known.FirstOrDefault(words => words.Name == metric) ?? new(metric, plain, plain, "identical", "unrelated", "towards 0");
    }
}
