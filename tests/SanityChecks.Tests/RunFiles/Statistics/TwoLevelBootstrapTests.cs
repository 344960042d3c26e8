using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;
using SanityChecks.RunFiles.Statistics;

namespace SanityChecks.Tests.RunFiles.Statistics;

/// <summary>Whether a 95 % interval holds the true mean in 95 of 100 studies: simulated ones, whose truth is known.</summary>
public class TwoLevelBootstrapTests
{
    private const int Studies = 2000;

    /// <summary>Of one draw, the interval is over images; of one image, over draws. What both add to a score, either alone, neither
    /// or a part of the scores missing must not matter.</summary>
    [Theory]
    [InlineData(5, 24, 0.2, 0.2, 0.1, 0)]
    [InlineData(5, 24, 0.3, 0.1, 0.2, 0)]
    [InlineData(5, 24, 0, 0.3, 0.2, 0)]
    [InlineData(5, 24, 0.3, 0, 0.2, 0)]
    [InlineData(5, 24, 0.2, 0.2, 0.2, 0.2)]
    [InlineData(10, 10, 0.2, 0.2, 0.2, 0)]
    [InlineData(3, 50, 0.2, 0.2, 0.1, 0)]
    [InlineData(3, 50, 0.05, 0.2, 0.1, 0)]
    [InlineData(1, 24, 0, 0.3, 0.1, 0)]
    [InlineData(1, 50, 0, 0.3, 0.1, 0.3)]
    [InlineData(6, 1, 0.3, 0, 0, 0)]
    public void The_interval_holds_the_true_mean_in_95_of_100_studies(
        int draws, int images, double ofDraws, double ofImages, double ofRest, double missing)
    {
        const double Truth = 0.3;
        var random = new Xoshiro256StarStar(5);
        var bootstrap = new TwoLevelBootstrap(draws, images);
        int held = 0;
        for (int study = 0; study < Studies; study++)
        {
            double[] byImage = [.. Enumerable.Range(0, images).Select(_ => Normal.Sample(random, 0, ofImages + 1e-12))];
            var cells = new ScoreCells([.. Enumerable.Range(0, draws).Select(_ =>
            {
                double draw = Normal.Sample(random, 0, ofDraws + 1e-12);
                return byImage.Select(image => random.NextDouble() < missing
                    ? double.NaN
                    : Truth + draw + image + Normal.Sample(random, 0, ofRest + 1e-12)).ToArray();
            })]);
            Estimate estimate = bootstrap.Estimate(cells);
            held += estimate.Low <= Truth && Truth <= estimate.High ? 1 : 0;
        }

        Assert.True(held / (double)Studies is >= 0.93 and <= 0.97, $"{held} of {Studies}");
    }
}
