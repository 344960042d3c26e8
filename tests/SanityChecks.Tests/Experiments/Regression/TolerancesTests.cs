using SanityChecks.Experiments;
using SanityChecks.Experiments.Regression;
using SanityChecks.RunFiles;

namespace SanityChecks.Tests.Experiments.Regression;

public class TolerancesTests
{
    private static IReadOnlyList<string> Metrics => [.. Catalogue.Vocabulary.Metrics.Select(metric => metric.Name)];

    [Fact]
    public void Every_metric_tolerates_rounding_and_nothing_that_a_chart_would_show() => Assert.All(Metrics, metric =>
    {
        Assert.InRange(Tolerances.Default[metric], 1e-6, 0.05);
        Assert.Equal(Tolerances.Default[metric], Tolerances.Default.OfMean(metric, 1));
        Assert.Equal(Tolerances.Default[metric] / 10, Tolerances.Default.OfMean(metric, 100), 15);
    });

    [Fact]
    public void An_override_is_for_its_metric_alone_and_the_last_one_wins()
    {
        Tolerances tolerances = Tolerances.Default.With(["hog=1", " spearman = 2.5e-2", "hog=0"], Metrics);
        Assert.Equal(0.025, tolerances["spearman"]);
        Assert.Equal(0, tolerances["hog"]);
        Assert.Equal(Tolerances.Default["ssim"], tolerances["ssim"]);
        Assert.Equal(0, tolerances.OfMean("hog", 4));
        Assert.NotEqual(0, Tolerances.Default["hog"]);
    }

    [Theory]
    [InlineData("spearmann=0.01", "--tolerance spearmann=0.01: 'spearmann' is not known, nearest is 'spearman'; allowed: spearman, spearman_abs, ssim, hog")]
    [InlineData("=0.01", "--tolerance =0.01: '' is not known; allowed: ")]
    [InlineData("0.01", "--tolerance 0.01: must be metric=value, such as spearman=0.01")]
    [InlineData("ssim=", "--tolerance ssim=: '' is no tolerance; it must be a number from 0 on with a decimal point, such as 0.01")]
    [InlineData("ssim=0,01", "--tolerance ssim=0,01: '0,01' is no tolerance")]
    [InlineData("ssim=-0.1", "--tolerance ssim=-0.1: '-0.1' is no tolerance")]
    [InlineData("ssim=NaN", "--tolerance ssim=NaN: 'NaN' is no tolerance")]
    [InlineData("ssim=1e999", "--tolerance ssim=1e999: '1e999' is no tolerance")]
    [InlineData("ssim=a=1", "--tolerance ssim=a=1: 'a=1' is no tolerance")]
    public void A_wrong_override_is_refused_with_what_is_right(string text, string message) =>
        Assert.StartsWith(
            message, Assert.Throws<InputException>(() => Tolerances.Default.With([text], Metrics)).Message, StringComparison.Ordinal);
}
