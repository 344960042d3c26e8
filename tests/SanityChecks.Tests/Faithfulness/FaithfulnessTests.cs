using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Saliency.Faithfulness;
using SanityChecks.Saliency.Similarity;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.Faithfulness;

/// <summary>The measures on networks of which a hand finds every answer, and what holds of them by definition.</summary>
public sealed class FaithfulnessTests
{
    private const int Height = 5, Width = 4, Plane = Height * Width;

    private static readonly ConfiguredFaithfulness[] Each =
    [
        Sketches.With(Deletion.Instance, "steps=7"), Sketches.With(Insertion.Instance, "steps=7"),
        Sketches.With(PixelFlipping.Instance, "steps=7"), Road.Instance,
    ];

    public static TheoryData<string> Names => [.. FaithfulnessMeasures.All.Select(measure => measure.Name)];

    [Fact]
    public void Of_a_linear_model_curves_are_sums_of_what_the_pixels_that_are_left_add()
    {
        float[] weights = SmallNetworks.Values(3, Plane, 1), map = SmallNetworks.Values(4, Plane, 1);
        using HostTensor image = SmallNetworks.Images(5, 1, Height, Width, channels: 1);
        int[] order = [.. Enumerable.Range(0, Plane).OrderByDescending(i => map[i])];
        float[] blurred = Insertion.Blurred(image.Values, Height, Width);
        Check(Deletion.Instance, 0, _ => 0, Probability);
        Check(Insertion.Instance, 0, i => blurred[i], Probability, inserts: true);
        Check(Sketches.With(PixelFlipping.Instance, "output=logit"), 1, _ => -0.5, logit => logit);
        Check(Sketches.With(PixelFlipping.Instance, "output=logit", "baseline=mean"), 1, _ => image.Values.ToArray().Average(), logit =>
            logit);

        // 4 steps of 5 pixels each; 3 steps of 7, 6 and 7; more steps than pixels are a pixel each.
        void Check(
            ConfiguredFaithfulness measure, int first, Func<int, double> other, Func<double, double> answer, bool inserts = false)
        {
            foreach ((string steps, int[] changed) in new (string, int[])[]
            {
                ("4", [0, 5, 10, 15, 20]), ("3", [0, 7, 13, 20]), ("500", [.. Enumerable.Range(0, Plane + 1)]),
            })
            {
                double[] answers = [.. changed.Skip(first).Select(count => answer(order.Select((place, rank) =>
                    weights[place] * (rank < count != inserts ? other(place) : image.Values[place])).Sum()))];
                double area = (answers.Sum() - ((answers[0] + answers[^1]) / 2)) / (answers.Length - 1);
                ConfiguredFaithfulness configured = ConfiguredFaithfulness.Of(measure.Measure, measure.Values.All.ToDictionary(
                    one => one.Parameter.Name, one => one.Parameter.Name == "steps" ? [steps] : one.Value));
                SimilarityScore score = Sketches.Scores(
                    Sketches.Linear(new Shape(1, 1, Height, Width), weights), image, map, configured).Single();
                Assert.Equal(area, score.Value!.Value, 1e-6);
            }
        }

        static double Probability(double logit) => 1 / (1 + Math.Exp(-logit));
    }

    /// <summary>Half of the image gives the logit.</summary>
    [Fact]
    public void The_true_support_of_a_linear_model_is_more_faithful_than_a_random_map_by_every_measure()
    {
        const int Side = 12;
        float[] support = [.. Enumerable.Range(0, Side * Side).Select(i => i % Side is > 2 and < 9 && i / Side is > 2 and < 9 ? 1f : 0)];
        float[] weights = [.. support.Select(one => 0.3f * one)];

        // The picture is bright where it counts; around it lies what would fill the hole.
        using var image = new HostTensor(new Shape(1, 1, Side, Side), [.. support.Select((one, i) => one - 0.5f + (i % 7 * 0.01f))]);
        float[] random = SmallNetworks.Values(8, Side * Side, 1);
        (double good, double chance) = (Of(Deletion.Instance, support), Of(Deletion.Instance, random));
        Assert.InRange(good, 0, chance - 0.1);
        Assert.InRange(Of(PixelFlipping.Instance, support), 0, Of(PixelFlipping.Instance, random) - 0.1);
        Assert.InRange(Of(Insertion.Instance, support), Of(Insertion.Instance, random) + 0.1, 1);
        Assert.InRange(Of(Road.Instance, support), Of(Road.Instance, random) + 0.1, 0.5);

        // The wrong way round is as bad as it was good.
        Assert.InRange(Of(Deletion.Instance, [.. support.Select(one => -one)]), chance + 0.1, 1);

        double Of(ConfiguredFaithfulness measure, float[] map) =>
            Sketches.Scores(Sketches.Linear(new Shape(1, 1, Side, Side), weights), image, map, measure).Single().Value!.Value;
    }

    /// <summary>A CAM: nothing over most of the image.</summary>
    [Fact]
    public void Exactly_as_many_pixels_are_changed_as_rounding_says_however_many_are_equal_and_equal_ones_in_one_random_order()
    {
        const int Side = 20;
        float[] map = new float[Side * Side];
        map[250] = 2;
        map[7] = 1;
        int[] order = Order(map, "a");
        Assert.Equal([250, 7], order[..2]);
        Assert.Equal(Enumerable.Range(0, Side * Side), order.Order());

        // 398 of 400 equal pixels: the first half of a random order reaches all rows, with a mean of 9.5 and a deviation of 0.29.
        Assert.InRange(order[..200].Average(place => place / Side), 8.3, 10.7);
        Assert.NotEqual(order, Order(map, "b"));

        // Another method's ties follow the same order, and minus zero is zero.
        float[] other = new float[Side * Side];
        other[100] = -1;
        other[7] = -0f;
        Assert.Equal(
            order.Where(place => place is not (250 or 7 or 100)), Order(other, "a").Where(place => place is not (250 or 7 or 100)));
        Assert.NotEqual(399, Array.IndexOf(Order(other, "a"), 7));

        (Network network, Weights weights) = Sketches.Linear(new Shape(1, 1, Side, Side), new float[Side * Side]);
        using IEngine engine = Engines.Create("cpu");
        using HostTensor image = SmallNetworks.Images(5, 1, Side, Side, channels: 1);
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, image);
        using Explanation explanation = Sketches.Explained(pass, [0]);
        var ranked = new RankedImages(explanation, Sketches.Maps(image.Shape, map));
        Check(Sketches.With(Road.Instance, "percentiles=0 0.1 0.2 33.3 50 99.9 100"),
            [0, 0, 0, 0, 1, 1, 133, 133, 200, 200, 400, 400, 400, 400]);
        Check(Sketches.With(Deletion.Instance, "steps=7"), [0, 57, 114, 171, 229, 286, 343, 400]);
        Check(Sketches.With(PixelFlipping.Instance, "steps=7"), [57, 114, 171, 229, 286, 343, 400]);

        void Check(ConfiguredFaithfulness measure, int[] changed)
        {
            Perturbation perturbation = measure.Measure.Of(measure, ranked);
            Assert.Equal(changed.Length, measure.Measure.Passes(measure.Values, Side * Side));
            Assert.Equal(changed, Enumerable.Range(0, perturbation.Count).Select(number =>
            {
                float[] input = new float[Side * Side];
                perturbation.Change(0, number, input);
                return input.Zip(image.Values.ToArray()).Count(pair => pair.First != pair.Second);
            }));
        }

        static int[] Order(float[] map, string image) => RankedImages.Order(map, new RandomStream(1, 0, image));
    }

    [Theory, MemberData(nameof(Names))]
    public void A_map_that_ranks_nothing_has_no_score_and_says_why(string name)
    {
        ConfiguredFaithfulness measure = Each.Single(one => one.Id == name);
        using HostTensor images = SmallNetworks.Images(5, 4, Height, Width);
        float[] maps = SmallNetworks.Values(4, 4 * Plane, 1);
        Array.Fill(maps, 0, 0, Plane);
        maps[Plane + 3] = float.NaN;
        maps[(2 * Plane) + 5] = float.PositiveInfinity;
        (Network, Weights) network = Sketches.Linear(new Shape(1, 3, Height, Width), SmallNetworks.Values(6, 3 * Plane, 1));
        SimilarityScore[] scores = Sketches.Scores(network, images, maps, measure);
        Assert.Equal(
            [ScoreStatus.ConstantOriginal, ScoreStatus.NonFiniteOriginal, ScoreStatus.NonFiniteOriginal, ScoreStatus.Ok],
            scores.Select(score => score.Status));
        Assert.Equal([false, false, false, true], scores.Select(score => score.Value is not null));

        // One pixel ranks nothing either, and an answer that is no number is none.
        using HostTensor pixel = SmallNetworks.Images(5, 1, 1, 1);
        Assert.Equal(
            new SimilarityScore(null, ScoreStatus.ConstantOriginal),
            Sketches.Scores(Sketches.Linear(new Shape(1, 3, 1, 1), 1, 1, 1), pixel, [2], measure).Single());
        (Network, Weights) broken = Sketches.Linear(new Shape(1, 3, Height, Width), Enumerable.Repeat(float.MaxValue, 3 * Plane).ToArray());
        using HostTensor bright = new(new Shape(1, 3, Height, Width), [.. Enumerable.Range(0, 3 * Plane).Select(i => 2f + i)]);
        Assert.Equal(
            new SimilarityScore(null, ScoreStatus.NonFiniteOriginal),
            Sketches.Scores(broken, bright, maps[(3 * Plane)..], measure).Single());
    }

    [Theory, MemberData(nameof(Names))]
    public void A_score_is_the_same_to_the_bit_whatever_goes_through_the_network_together(string name)
    {
        ConfiguredFaithfulness measure = Each.Single(one => one.Id == name);
        (Network, Weights) network = SmallNetworks.Narrow("vgg16");
        using HostTensor images = SmallNetworks.Images(11, 2, 32, 40);
        float[] maps = SmallNetworks.Values(22, 2 * 32 * 40, 1);
        SimilarityScore[] expected = Sketches.Scores(network, images, maps, measure, 1, [3, 1]);
        Assert.All(expected, score => Assert.Equal(ScoreStatus.Ok, score.Status));
        foreach (int together in new[] { 3, 8, 1000 })
        {
            Assert.Equal(expected, Sketches.Scores(network, images, maps, measure, together, [3, 1]));
        }

        using var second = new HostTensor(new Shape(1, 3, 32, 40), images.Values[(3 * 32 * 40)..].ToArray());
        Assert.Equal(expected[1], Sketches.Scores(network, second, maps[(32 * 40)..], measure, 4, [1]).Single());
    }

    [Fact]
    public void Where_nothing_or_everything_is_removed_both_orders_are_the_same()
    {
        float[] weights = SmallNetworks.Values(3, Plane, 1);
        using HostTensor image = SmallNetworks.Images(5, 1, Height, Width, channels: 1);
        float[] map = SmallNetworks.Values(4, Plane, 1);
        Assert.Equal(0, Of("percentiles=0 100"));
        double middle = Of("percentiles=50");
        Assert.NotEqual(0, middle);
        Assert.Equal(middle / 3, Of("percentiles=0 50 100"), 1e-12);

        double Of(string percentiles) => Sketches.Scores(
            Sketches.Linear(new Shape(1, 1, Height, Width), weights), image, map, Sketches.With(Road.Instance, percentiles))
                .Single().Value!.Value;
    }

    [Fact]
    public void Removed_pixels_of_a_row_lie_on_the_line_between_the_known_ones_and_those_of_a_flat_image_change_nothing()
    {
        float[] row = [9, 2, 9, 9, 5, 9, 9, 9];
        NeighborImputation.Fill(row, 1, 8, [0, 2, 3, 5, 6, 7]);
        Assert.All(new float[] { 2, 2, 3, 4, 5, 5, 5, 5 }.Zip(row), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));

        // One pixel in the middle: four sides of 1/6 and four corners of 1/12.
        float[] square = [1, 2, 3, 4, 99, 6, 7, 8, 9];
        NeighborImputation.Fill(square, 3, 3, [4]);
        Assert.Equal(((2 + 4 + 6 + 8) / 6f) + ((1 + 3 + 7 + 9) / 12f), square[4], 1e-6f);

        // In a corner: two sides and one corner, of 5/12.
        float[] corner = [99, 2, 3, 4, 5, 6, 7, 8, 9];
        NeighborImputation.Fill(corner, 3, 3, [0]);
        Assert.Equal(((2 * 2) + (2 * 4) + 5) / 5f, corner[0], 1e-6f);

        float[] flat = [.. Enumerable.Repeat(0.3f, 100)];
        NeighborImputation.Fill(flat, 10, 10, [.. Enumerable.Range(0, 100).Where(i => i != 57)]);
        Assert.All(flat, value => Assert.Equal(0.3f, value));
    }

    [Fact]
    public void Noise_is_normal_belongs_to_image_measure_and_percentile_and_is_the_same_in_both_orders()
    {
        const int Side = 100;
        (Network network, Weights weights) = Sketches.Linear(new Shape(1, 1, Side, Side), new float[Side * Side]);
        using IEngine engine = Engines.Create("cpu");
        using var images = new HostTensor(
            new Shape(2, 1, Side, Side), [.. Enumerable.Repeat(1f, Side * Side), .. Enumerable.Repeat(2f, Side * Side)]);
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
        using Explanation explanation = Sketches.Explained(pass, [0, 0]);
        var ranked = new RankedImages(explanation, Sketches.Maps(images.Shape, SmallNetworks.Values(4, 2 * Side * Side, 1)));
        ConfiguredFaithfulness measure = Sketches.With(Road.Instance, "percentiles=60 100", "noise=0.1");
        double[] all = Noise(measure, 0, 2);
        Assert.InRange(all.Average(), -0.004, 0.004);
        Assert.InRange(Math.Sqrt(all.Average(value => value * value)), 0.097, 0.103);
        Assert.InRange(all.Count(value => Math.Abs(value) < 0.1), 6700, 6950);
        Assert.Equal(all, Noise(measure, 0, 3));

        // Of the 60 % that each order removes some are the same, with the same noise; another percentile has another.
        double[] most = Noise(measure, 0, 0), least = Noise(measure, 0, 1);
        Assert.All(most.Zip(least), pair => Assert.True(pair.First == pair.Second || pair.First == 0 || pair.Second == 0));
        Assert.Equal(2000, most.Zip(least).Count(pair => pair.First != 0 && pair.Second != 0));
        Assert.Equal(0, most.Zip(all).Count(pair => pair.First != 0 && pair.First == pair.Second));
        Assert.NotEqual(all, Noise(measure, 1, 2));
        Assert.NotEqual(all, Noise(measure with { Id = "another" }, 0, 2));

        double[] Noise(ConfiguredFaithfulness of, int image, int number)
        {
            float[] input = new float[Side * Side];
            of.Measure.Of(of, ranked).Change(image, number, input);
            return [.. input.Select(value => Math.Round(value - (image + 1.0), 5))];
        }
    }

    [Fact]
    public void Calls_that_make_no_sense_are_refused_and_work_is_told_and_stopped()
    {
        (Network network, Weights weights) = Sketches.Linear(new Shape(1, 1, Height, Width), SmallNetworks.Values(3, Plane, 1));
        using IEngine engine = Engines.Create("cpu");
        using HostTensor image = SmallNetworks.Images(5, 1, Height, Width, channels: 1);
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, image);
        using Explanation explanation = Sketches.Explained(pass, [0]);
        SaliencyMap[] maps = Sketches.Maps(image.Shape, SmallNetworks.Values(4, Plane, 1));
        var small = new SaliencyMap(new Shape(2, 2), new float[4]);
        Assert.Throws<ArgumentException>(() => Of([small], 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => Of(maps, 0));
        var parts = new List<double>();
        FaithfulnessScores.Of(
            explanation, maps, Sketches.With(Deletion.Instance, "steps=3"), 2, shown: parts.Add,
            cancel: TestContext.Current.CancellationToken);
        Assert.Equal([0.5, 1], parts);
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => FaithfulnessScores.Of(
            explanation, maps, Deletion.Instance, 1, shown: _ => stop.Cancel(), cancel: stop.Token));
        SimilarityScore constant = Of(Sketches.Maps(image.Shape, new float[Plane]), 1, randomized: true).Single();
        Assert.Equal(new SimilarityScore(null, ScoreStatus.ConstantRandomized), constant);

        SimilarityScore[] Of(SaliencyMap[] of, int together, bool randomized = false) => FaithfulnessScores.Of(
            explanation, of, Deletion.Instance, together, randomized, cancel: TestContext.Current.CancellationToken);
    }
}
