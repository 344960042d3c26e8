using SanityChecks.Compute;
using SanityChecks.Images;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Localization;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Tests.Localization;

/// <summary>The measures on maps of a few pixels, and what is undefined.</summary>
public sealed class LocalizationTests
{
    private static readonly SaliencyMap Small = Finding.Map(
        "0   0   0  0  9",
        "0   4   8  0  0",
        "0   8  10  1  0",
        "0   0   0  0  0",
        "-9  0   0  0  2");

    private static readonly ImageTruth Square = Finding.Truth("...../...../..xx./..xx./.....");

    private static double Of(string measure, SaliencyMap map, ImageTruth truth) =>
        Finding.Scores(map, truth, [Finding.Measure(measure)]).Single().Value!.Value;

    /// <summary>Above 1.5 are the five of the middle; 8 and 9 touch only from the corner's corner.</summary>
    [Fact]
    public void The_region_is_the_largest_part_above_the_threshold_joined_by_corners()
    {
        MapRegion region = MapRegion.Of(Finding.Map("0 0 0 0 9", "0 4 8 0 0", "0 8 10 1 0"))!;
        Assert.Equal(new PixelBox(1, 1, 2, 2), region.Box);
        Assert.Equal(4, region.Mask.Count(inside => inside));
        Assert.Equal(new PixelBox(1, 0, 4, 3), MapRegion.Of(Finding.Map("0 0 0 0 9", "0 4 8 2 0", "0 8 10 1 0"))!.Box);

        // A pixel at the threshold is not above it.
        Assert.Equal(new PixelBox(0, 0, 2, 1), MapRegion.Of(Finding.Map("4 2 1"), 0.25)!.Box);
        Assert.Equal(new PixelBox(0, 0, 3, 1), MapRegion.Of(Finding.Map("4 2 1 0 3"), 0)!.Box);

        // Of equal parts the one that is read first.
        Assert.Equal(new PixelBox(2, 0, 2, 1), MapRegion.Of(Finding.Map("0 0 1 3", "0 0 0 0", "3 1 0 0"))!.Box);
        Assert.Null(MapRegion.Of(Finding.Map("0 0", "-1 0")));
    }

    [Fact]
    public void Measures_of_a_small_map_are_those_that_a_hand_finds()
    {
        // The region is 4, 8, 8, 10 at columns and rows 1 and 2; the object 2 to 3.
        Assert.Equal(1 / 7.0, Of("box_iou", Small, Square), 1e-15);
        Assert.Equal(0, Of("box_hit", Small, Square));
        Assert.Equal(1, Of("box_hit iou=0.14", Small, Square));
        Assert.Equal(1 / 7.0, Of("mask_iou", Small, Square), 1e-15);
        Assert.Equal(11 / 42.0, Of("energy_pointing_game", Small, Square), 1e-15);
        Assert.Equal(11 / 51.0, Of("relevance_mass", Small, Square), 1e-15);
        Assert.Equal((100 + 1) / (81 + 16 + 64 + 64 + 100 + 1 + 81 + 4.0), Of("relevance_mass pooling=l2_norm_squared", Small, Square), 1e-15);

        // The four largest magnitudes are 10, two of 9, and one of two 8.
        Assert.Equal(1 / 4.0, Of("relevance_rank", Small, Square), 1e-15);
        Assert.Equal(1, Of("pointing_game tolerance=0", Small, Square));
    }

    [Fact]
    public void A_point_hits_within_the_tolerance_and_equal_points_count_in_part()
    {
        ImageTruth corner = Finding.Truth("x..../...../...../....."); // distances from the pixel at the top left
        Assert.Equal(0, Of("pointing_game tolerance=3", Finding.Map("0 0 0 0 0", "0 0 0 0 0", "0 0 0 0 0", "1 0 0 2 0"), corner));
        Assert.Equal(1, Of("pointing_game tolerance=3", Finding.Map("0 0 0 0 0", "0 0 0 0 0", "0 0 0 0 0", "2 0 0 0 0"), corner));
        Assert.Equal(1, Of("pointing_game tolerance=5", Finding.Map("0 0 0 0 0", "0 0 0 0 0", "0 0 0 0 0", "0 0 0 0 2"), corner));
        Assert.Equal(1 / 3.0, Of("pointing_game tolerance=1", Finding.Map("0 2 0 0 2", "0 0 0 0 0", "0 0 0 0 0", "2 0 0 0 0"), corner), 1e-15);

        // By chance as the object with its surroundings fills the picture: the pixel and the two beside it.
        Assert.Equal(3 / 20.0, Finding.Chances(corner, [Finding.Measure("pointing_game tolerance=1")]).Single().Value!.Value, 1e-15);
    }

    [Fact]
    public void A_perfect_map_has_1_and_the_whole_picture_has_chance()
    {
        var perfect = new SaliencyMap(new Shape(5, 5), [.. Square.Objects[0].Mask!.Select(inside => inside ? 3f : 0)]);
        ConfiguredLocalization[] measures = [.. Finding.All.Where(one => one.Id != "grabcut_iou")];
        Assert.All(Finding.Scores(perfect, Square, measures), score => Assert.Equal(new SimilarityScore(1, "ok"), score));
        double[] share = [4 / 25.0, 0, 4 / 25.0, 1, 4 / 25.0, 4 / 25.0, 4 / 25.0];
        Assert.Equal(share, Finding.Chances(Square, measures).Select(score => score.Value!.Value));

        // A map of nearly equal values, whose region is the whole picture.
        var even = new SaliencyMap(new Shape(5, 5), [.. Enumerable.Range(0, 25).Select(i => 1000f + (i % 2))]);
        Assert.Equal(share[0], Of("box_iou", even, Square), 1e-15);
        Assert.Equal(share[2], Of("mask_iou", even, Square), 1e-15);
        Assert.Equal(share[4], Of("energy_pointing_game", even, Square), 1e-3);
    }

    [Fact]
    public void Of_several_objects_those_of_the_class_count_and_all_where_none_is()
    {
        ImageTruth two = Finding.Truth("xx.../xx.../...../...../.....", "...../...../...../...xx/...xx");
        two = two with { Objects = [two.Objects[0] with { Class = "star" }, two.Objects[1] with { Class = "gear" }] };
        Assert.Equal([new PixelBox(3, 3, 2, 2)], TruthRegion.Of(two, name => name == "gear")!.Boxes);
        Assert.Equal(2, TruthRegion.Of(two, name => name == "ring")!.Boxes.Count);
        Assert.Equal(8, TruthRegion.Of(two, _ => true)!.Mask.Count(inside => inside));

        // The best box counts, and the pixels of both.
        SaliencyMap map = Finding.Map("0 0 0 0 0", "0 0 0 0 0", "0 0 0 0 0", "0 0 0 1 1", "0 0 0 1 1");
        Assert.Equal(1, Of("box_iou", map, two));
        Assert.Equal(0.5, Of("mask_iou", map, two));
    }

    public static TheoryData<string, string, string> Nothing => new()
    {
        // Of region, pointing game, energy and pooled magnitudes.
        { "all zero", "constant", "constant" },
        { "flat", "constant", "constant" },
        { "negative", "not_positive", "ok" },
        { "NaN", "non_finite", "non_finite" },
        { "infinite", "non_finite", "non_finite" },
    };

    [Theory, MemberData(nameof(Nothing))]
    public void A_map_that_marks_nothing_says_why_and_has_no_score(string kind, string region, string pooled)
    {
        float[] values = kind switch
        {
            "all zero" => new float[25],
            "flat" => [.. Enumerable.Repeat(0.7f, 25)],
            "negative" => [.. Enumerable.Range(0, 25).Select(i => -1f - i)],
            "NaN" => [.. Enumerable.Range(0, 25).Select(i => i == 7 ? float.NaN : i)],
            _ => [.. Enumerable.Range(0, 25).Select(i => i == 7 ? float.PositiveInfinity : i)],
        };
        var map = new SaliencyMap(new Shape(5, 5), values);
        foreach ((bool randomized, string whose) in new[] { (false, "_original"), (true, "_randomized") })
        {
            Dictionary<string, SimilarityScore> scores = Finding.All.Zip(Finding.Scores(map, Square, Finding.All, randomized))
                .ToDictionary(one => one.First.Id, one => one.Second);
            Assert.All(scores.Values, score => Assert.Equal(score.Status == "ok", score.Value is not null));
            Assert.All(
                ["box_iou", "box_hit", "mask_iou", "grabcut_iou", "energy_pointing_game"], name =>
                    Assert.Equal(region + whose, scores[name].Status));
            Assert.All(
                ["pointing_game", "relevance_mass", "relevance_rank"], name =>
                    Assert.Equal(pooled == "ok" ? "ok" : pooled + whose, scores[name].Status));
        }
    }

    [Fact]
    public void One_pixel_ranks_nothing_and_one_pixel_above_all_others_is_a_region()
    {
        Assert.All(
            Finding.Scores(Finding.Map("3"), Finding.Truth("x"), Finding.All), score =>
                Assert.Equal(new SimilarityScore(null, "constant_original"), score));
        SaliencyMap point = Finding.Map("0 0 0", "0 0 1", "0 0 0");
        Assert.Equal(1 / 2.0, Of("box_iou", point, Finding.Truth(".../.xx/...")));
        Assert.Equal(new PixelBox(2, 1, 1, 1), MapRegion.Of(point)!.Box);
    }

    [Fact]
    public void Without_a_truth_there_is_no_score()
    {
        Assert.All(Finding.Scores(Small, null, Finding.All), score => Assert.Equal(new SimilarityScore(null, "no_truth"), score));
        Assert.All(Finding.Chances(null, Finding.All), score => Assert.Equal(new SimilarityScore(null, "no_truth"), score));
        Assert.All(
            Finding.Scores(Small, new ImageTruth(5, 5, []), Finding.All), score =>
                Assert.Equal(new SimilarityScore(null, "truth_outside"), score));

        // Of a box the pixels are not known; where only the place matters it stands for them.
        var box = new ImageTruth(5, 5, [new TrueObject("it", new PixelBox(2, 2, 2, 2), null)]);
        SimilarityScore[] scores = Finding.Scores(Small, box, Finding.All), masked = Finding.Scores(Small, Square, Finding.All);
        Assert.All(Finding.All.Index(), one => Assert.Equal(
            one.Item.Measure.NeedsMasks ? new SimilarityScore(null, "no_mask") : masked[one.Index], scores[one.Index]));
        Assert.Throws<ArgumentException>(() => Finding.Scores(Small, new ImageTruth(5, 4, []), Finding.All));
    }

    [Fact]
    public void Seeds_follow_the_documented_parts_of_the_largest_value()
    {
        float[] values = [100, 51, 50, 16, 15, 6, 5, 0, -3];
        Assert.Equal(
            [1, 1, 3, 3, 2, 2, 0, 0, 0],
            MapCutout.Seeds(new SaliencyMap(new Shape(1, 9), values))!.Select(seed => (int)seed));
        Assert.Equal(
            [1, 0, 0, 0, 0, 0, 0, 0, 0],
            MapCutout.Seeds(new SaliencyMap(new Shape(1, 9), values), 0.9)!.Select(seed => (int)seed is 1 ? 1 : (int)seed is 3 ? 3 : 0));
        Assert.Null(MapCutout.Seeds(new SaliencyMap(new Shape(1, 2), [-1, 0])));
    }
}
