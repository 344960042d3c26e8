using System.Globalization;
using SanityChecks.Compute;
using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Saliency.Faithfulness;

/// <summary>ROAD, remove and debias: how much more the target's output falls when the most salient pixels are removed than when the least
/// salient are (Rong et al. 2022; the combination of both orders is pytorch-grad-cam's <c>ROADCombined</c>).</summary>
/// <remarks>
/// A removed pixel becomes a weighted mean of its neighbors (<see cref="NeighborImputation"/>) plus Gaussian noise, so that the network
/// cannot tell from the picture which pixels were removed. At percentile p exactly round(p HW / 100) pixels are removed, the most salient
/// (MoRF) and, another time, the least salient (LeRF); the measure is (LeRF - MoRF) / 2, averaged over the percentiles: 0 for a map that
/// shows nothing, at most 1/2. Where every pixel is removed, each becomes the channel's mean. The noise belongs to the seed, image,
/// measure, percentile and pixel: it is the same in both orders, at every step and for every method.
/// </remarks>
public sealed class Road : FaithfulnessMeasure
{
    private const string Percentiles = "percentiles", Noise = "noise";

    private Road()
        : base("road", "ROAD", "Rong et al. 2022",
            "how much more the target's output falls without the most salient pixels than without the least salient, halved; -1/2 to 1/2 for probabilities, a faithful map's is high, that of one that shows nothing about 0")
    {
    }

    /// <summary>The measure.</summary>
    public static Road Instance { get; } = new();

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        new NumbersParameter(
            Percentiles, [10, 20, 30, 40, 50, 60, 70, 80, 90], 0, 100, "how many of a hundred pixels are removed; two passes for each"),
        new NumberParameter(Noise, 0.01, 0, 10, "the standard deviation of the noise on removed pixels, in units of the network's input"),
        TargetOutput.Parameter,
    ];

    /// <inheritdoc/>
    public override int Passes(ParameterValues values, int pixels)
    {
        ArgumentNullException.ThrowIfNull(values);
        return 2 * values.Numbers(Percentiles).Count;
    }

    internal override Perturbation Of(ConfiguredFaithfulness configured, RankedImages batch) => new Removal(configured, batch);

    /// <summary>Numbers count the percentiles, for each first the most salient pixels, then the least.</summary>
    private sealed class Removal(ConfiguredFaithfulness configured, RankedImages batch) : Perturbation
    {
        private readonly IReadOnlyList<double> percentiles = configured.Values.Numbers(Percentiles);
        private readonly double noise = configured.Values.Number(Noise);

        public override int Count => 2 * percentiles.Count;

        public override bool ReadsLogits => TargetOutput.IsLogit(configured.Values);

        public override void Change(int image, int number, Span<float> input)
        {
            (int percentile, int least) = Math.DivRem(number, 2);
            int count = (int)Math.Round(percentiles[percentile] * batch.Plane / 100, MidpointRounding.AwayFromZero);
            ReadOnlySpan<int> order = batch.Order(image), removed = least == 1 ? order[^count..] : order[..count];
            batch.Pixels(image).CopyTo(input);
            NeighborImputation.Fill(input, batch.Shape[2], batch.Shape[3], removed);
            RandomStream stream = batch.Explanation.Space.Stream(
                image, string.Create(CultureInfo.InvariantCulture, $"faithfulness/{configured.Id}/{percentiles[percentile]}"));
            foreach (int place in removed)
            {
                for (int at = place; at < input.Length; at += batch.Plane)
                {
                    input[at] = (float)(input[at] + (noise * NormalQuantile.At(stream.Uniform(at))));
                }
            }
        }

        public override double Score(ReadOnlySpan<double> answers)
        {
            double sum = 0;
            for (int i = 0; i < answers.Length; i += 2)
            {
                sum += (answers[i + 1] - answers[i]) / 2;
            }

            return sum / percentiles.Count;
        }
    }
}
