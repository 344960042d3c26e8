using System.Text.Json;
using MathNet.Numerics.Statistics;
using SanityChecks.RunFiles.Statistics;

namespace SanityChecks.Tests.RunFiles.Statistics;

/// <summary>Against the analysis of variance of full tables, computed with NumPy and SciPy (<c>make_statistics.py</c>).</summary>
public class VarianceComponentsTests
{
    private static readonly JsonElement Cases = JsonDocument.Parse(File.ReadAllText(Path.Combine(
        SharedFolder.RepositoryRoot, "tests", "SanityChecks.Tests", "RunFiles", "Statistics", "statistics.json"))).RootElement;

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, Cases.GetArrayLength())];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Draws_images_and_the_interval_are_those_of_the_analysis_of_variance(int number)
    {
        (JsonElement expected, ScoreCells cells) = Case(number);
        var components = VarianceComponents.Of(cells);
        Assert.Equal(expected.GetProperty("sd_draw").GetDouble(), components.DrawDeviation!.Value, 1e-12);
        Assert.Equal(expected.GetProperty("sd_image").GetDouble(), components.ImageDeviation!.Value, 1e-12);
        Assert.Equal(expected.GetProperty("half_width").GetDouble(), components.HalfWidth!.Value, 1e-8);
        Estimate estimate = new TwoLevelBootstrap(cells.Draws, cells.Images).Estimate(cells);
        Assert.Equal(expected.GetProperty("mean").GetDouble(), estimate.Mean!.Value, 1e-12);
        Assert.Equal(2 * components.HalfWidth.Value, estimate.High!.Value - estimate.Low!.Value, 1e-12);
    }

    /// <summary>2000 resamples know a standard deviation to 1.6 % and a quantile to some 3 % of it.</summary>
    [Theory]
    [MemberData(nameof(Numbers))]
    public void Resamples_spread_as_far_as_those_of_NumPy(int number)
    {
        (JsonElement expected, ScoreCells cells) = Case(number);
        double[] means = [.. new TwoLevelBootstrap(cells.Draws, cells.Images).Means(cells).Order()];
        double deviation = expected.GetProperty("resampled").GetProperty("sd").GetDouble();
        Assert.Equal(deviation, means.StandardDeviation(), 0.07 * deviation);
        Assert.Equal(
            expected.GetProperty("resampled").GetProperty("low").GetDouble(), SortedArrayStatistics.Quantile(means, 0.025),
            0.15 * deviation);
        Assert.Equal(
            expected.GetProperty("resampled").GetProperty("high").GetDouble(), SortedArrayStatistics.Quantile(means, 0.975),
            0.15 * deviation);
    }

    [Fact]
    public void What_does_not_vary_has_an_interval_without_width_and_one_score_has_none()
    {
        var bootstrap = new TwoLevelBootstrap(2, 3);
        Assert.Equal(new Estimate(1, 1, 1), bootstrap.Estimate(new ScoreCells([[1, 1, 1], [1, double.NaN, 1]])));
        Assert.Equal(
            new Estimate(0.5, null, null),
            bootstrap.Estimate(new ScoreCells([[double.NaN, double.NaN, 0.5], [double.NaN, double.NaN, double.NaN]])));
        Assert.Equal(default, bootstrap.Estimate(new ScoreCells([[double.NaN, double.NaN, double.NaN]])));
    }

    private static (JsonElement Expected, ScoreCells Cells) Case(int number)
    {
        JsonElement expected = Cases[number];
        return (expected, new ScoreCells([.. expected.GetProperty("values").EnumerateArray()
            .Select(draw => draw.EnumerateArray().Select(value => value.GetDouble()).ToArray())]));
    }
}
