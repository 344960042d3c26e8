using MathNet.Numerics.Statistics;
using SanityChecks.Compute;
using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Saliency.Attribution;

/// <summary>Guided Integrated Gradients: the integral of the gradient on a way from a baseline to the image that first changes what the
/// logit depends on least (Kapishnikov et al. 2021).</summary>
/// <remarks>
/// <para>
/// As in PAIR's code (<c>guided_ig.py</c>). Every step takes the same part off the distance to the image (sum of magnitudes), with one
/// gradient: the values with the smallest magnitudes of gradient, a <c>fraction</c> of all, go towards the end of the step's corridor,
/// which reaches <c>max_dist</c> of the whole way before and behind the straight way; then the next, until the step is done. That takes at
/// most 1 / fraction + 2 rounds. With a corridor of no width the way is Integrated Gradients' straight one, with gradients at the lower
/// ends of its steps.
/// </para>
/// <para>
/// Places are kept in double precision on the host. Signed, unscaled, [3, H, W]; 0 where the image is the baseline, and NaN throughout
/// where a gradient is. By completeness a map's sum is y(x) - y(b), but for the sum's error, which is said as <c>completeness_error</c> and
/// which more steps need not make smaller: a value crosses its corridor at once, with the gradient from before.
/// </para>
/// </remarks>
public sealed class GuidedIntegratedGradients : AttributionMethod
{
    private const string Steps = "steps", Fraction = "fraction", MaxDistance = "max_dist";

    private GuidedIntegratedGradients()
        : base("guided_ig", "Guided IG", "Kapishnikov et al. 2021", MethodFamily.Gradients,
            "Integrated Gradients on a way that first changes what the logit depends on least")
    {
    }

    /// <summary>The method.</summary>
    public static GuidedIntegratedGradients Instance { get; } = new();

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        new IntegerParameter(Steps, 200, 1, 10_000, "gradients on the way, one pass each"),
        new NumberParameter(
            Fraction, 0.25, 0.01, 1, "the part of the values that are changed at a time, those with the smallest gradients"),
        new NumberParameter(MaxDistance, 0.02, 0, 1, "how far a value may be from the straight way, as a part of its whole way"),
        Baseline.Parameter,
    ];

    /// <inheritdoc/>
    public override Tensor Compute(Explanation explanation, ConfiguredMethod configured)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        ArgumentNullException.ThrowIfNull(configured);
        IEngine engine = explanation.Engine;
        Tensor image = explanation.Activation(explanation.Input);
        Tensor baseline = Baseline.Of(configured.Values[Baseline.Parameter.Name], explanation);
        float[] end = new float[image.Shape.Count], start = new float[end.Length];
        engine.Download(image, end);
        engine.Download(baseline, start);
        int size = end.Length / image.Shape[0], steps = configured.Values.Integer(Steps), step = 0;
        Way[] ways = [.. start.Chunk(size).Zip(end.Chunk(size), (from, to) => new Way(from, to))];
        double fraction = configured.Values.Number(Fraction), distance = configured.Values.Number(MaxDistance);
        explanation.ForEachGradient(
            steps, _ => Upload(way => way.Place), gradient =>
            {
                step++;
                Parallel.For(
                    0, ways.Length, n => ways[n].Go((double)step / steps, gradient.AsSpan(n * size, size), fraction, distance));
            });
        Tensor map = explanation.Keep(Upload(way => way.Attribution));
        explanation.Say(Completeness.ErrorOf(configured, explanation, map, baseline));
        return map;

        Tensor Upload(Func<Way, double[]> values) =>
            engine.Upload(image.Shape, [.. ways.SelectMany(values, (_, value) => (float)value)]);
    }

    /// <summary>One image's way.</summary>
    private sealed class Way(float[] start, float[] end)
    {
        private const double Close = 1e-9;

        private readonly double[] before = new double[start.Length];
        private readonly double[] ranks = new double[start.Length];
        private readonly double whole = end.Zip(start, (to, from) => Math.Abs(to - (double)from)).Sum();

        /// <summary>Where it has come to.</summary>
        public double[] Place { get; } = Array.ConvertAll(start, value => (double)value);

        /// <summary>The integral so far.</summary>
        public double[] Attribution { get; } = new double[start.Length];

        /// <summary>Takes a step.</summary>
        /// <param name="share">The part of the distance that lies behind it after the step.</param>
        /// <param name="gradient">At the place where it is.</param>
        /// <param name="fraction">Of the values, for a round.</param>
        /// <param name="distance">Half the corridor's width.</param>
        public void Go(double share, ReadOnlySpan<float> gradient, double fraction, double distance)
        {
            if (whole == 0)
            {
                return;
            }

            foreach (float value in gradient)
            {
                if (float.IsNaN(value))
                {
                    Array.Fill(Attribution, double.NaN);
                    return;
                }
            }

            double least = Math.Max(share - distance, 0), most = Math.Min(share + distance, 1);
            while (Round(whole * (1 - share), gradient, fraction, least, most))
            {
            }
        }

        /// <summary>Changes the values that are next.</summary>
        /// <returns>Whether the step needs another round.</returns>
        private bool Round(double target, ReadOnlySpan<float> gradient, double fraction, double least, double most)
        {
            Place.CopyTo(before, 0);
            double distance = CatchUp(least);
            if (Math.Abs(distance - target) <= Math.Max(Close * Math.Max(distance, target), Close))
            {
                Add(gradient);
                return false;
            }

            for (int i = 0; i < ranks.Length; i++)
            {
                ranks[i] = Place[i] == On(i, most) ? double.PositiveInfinity : Math.Abs(gradient[i]);
            }

            // Put into another order by the search, so ranks are asked for again below.
            double threshold = ArrayStatistics.OrderStatisticInplace(ranks, 1 + (int)(fraction * (ranks.Length - 1)));
            double reach = 0;
            for (int i = 0; i < ranks.Length; i++)
            {
                reach += IsNext(i, gradient[i]) ? Math.Abs(Place[i] - On(i, most)) : 0;
            }

            double gamma = reach > 0 ? (distance - target) / reach : double.PositiveInfinity;
            for (int i = 0; i < ranks.Length; i++)
            {
                if (IsNext(i, gradient[i]))
                {
                    Place[i] = gamma > 1 ? On(i, most) : Place[i] + ((On(i, most) - Place[i]) * gamma);
                }
            }

            Add(gradient);
            return gamma > 1 && reach > 0; // Without reach PAIR's loop would not end.

            bool IsNext(int i, float slope) => Math.Abs(slope) <= threshold && !float.IsInfinity(slope) && Place[i] != On(i, most);
        }

        /// <summary>Moves what has fallen behind the corridor to its edge.</summary>
        /// <returns>The distance to the image.</returns>
        private double CatchUp(double least)
        {
            double distance = 0;
            for (int i = 0; i < Place.Length; i++)
            {
                double way = end[i] - (double)start[i];
                if (way != 0 && (Place[i] - start[i]) / way < least)
                {
                    Place[i] = On(i, least);
                }

                distance += Math.Abs(Place[i] - end[i]);
            }

            return distance;
        }

        private double On(int i, double share) => start[i] + ((end[i] - (double)start[i]) * share);

        private void Add(ReadOnlySpan<float> gradient)
        {
            for (int i = 0; i < gradient.Length; i++)
            {
                Attribution[i] += (Place[i] - before[i]) * gradient[i];
            }
        }
    }
}
